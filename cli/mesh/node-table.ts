// The nodes while they are at work: on a terminal a table that is drawn over itself, elsewhere one line for each change.
import type { Reporter } from "../output/reporter.ts";

const MARKS: Readonly<Record<string, string>> = {
  boot: "○",
  receive: "◔",
  verify: "◑",
  start: "◕",
  healthy: "●",
  halted: "✗",
  down: "↓",
};

export class NodeTable {
  readonly #reporter: Reporter;
  readonly #stream: NodeJS.WriteStream;
  readonly #nodes = new Map<string, string>();
  #drawnLines = 0;

  constructor(reporter: Reporter, stream: NodeJS.WriteStream = process.stderr) {
    this.#reporter = reporter;
    this.#stream = stream;
  }

  set(node: string, phase: string): void {
    if (this.#nodes.get(node) === phase) return;
    this.#nodes.set(node, phase);
    if (this.#stream.isTTY) this.#draw();
    else this.#reporter.note(`${node} ${phase}`);
  }

  /** Leaves the table as it stands; what is written next comes below it. */
  end(): void {
    this.#drawnLines = 0;
  }

  #draw(): void {
    const lines = [...this.#nodes].map(([node, phase]) => {
      const style = phase === "healthy" ? "green" : phase === "halted" || phase === "down" ? "red" : "yellow";
      return `${this.#reporter.styleWords(style, MARKS[phase] ?? "·")} ${node.padEnd(8)} ${phase}`;
    });
    const up = this.#drawnLines === 0 ? "" : `\u001b[${this.#drawnLines}A`;
    this.#stream.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join("")}`);
    this.#drawnLines = lines.length;
  }
}
