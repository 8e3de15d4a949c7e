// A client of the live timeline that keeps every frame, for tests to wait on.
import { clearTimeout, setTimeout } from "node:timers";
import type { ServerFrame, TimelineEvent } from "../../../schemas/event.ts";
import type { ApiClient } from "./api-client.ts";
import { keepFrame } from "./canary.ts";

export type Closing = { readonly code: number; readonly reason: string };

/** Long past anything the platform may take; a test that waits this long has failed. */
const PATIENCE_MS = 30_000;

export class LiveSocket {
  readonly frames: ServerFrame[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #closing: Closing | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", (message) => {
      keepFrame(String(message.data));
      this.frames.push(JSON.parse(String(message.data)));
      this.#wake();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#closing ??= { code, reason };
      this.#wake();
    });
    socket.addEventListener("open", () => this.#wake());
  }

  static open(api: ApiClient, projectId: string, headers: Record<string, string> = {}): LiveSocket {
    const url = `${api.url.replace(/^http/, "ws")}/api/projects/${projectId}/timeline/live`;
    const authorization = api.token === null ? {} : { authorization: `Bearer ${api.token}` };
    // Node's WebSocket takes headers; its types come from the browser's, which does not.
    const options = { headers: { ...authorization, ...headers } } as unknown as string[];
    return new LiveSocket(new WebSocket(url, options));
  }

  /** Events in the order in which they came. */
  get events(): TimelineEvent[] {
    return this.frames.flatMap((frame) => (frame.type === "events" ? frame.events : []));
  }

  get lastSeq(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  async resume(since: number, epoch: string | null): Promise<void> {
    await this.#until(() => this.#socket.readyState !== WebSocket.CONNECTING);
    this.send({ type: "resume", since, epoch });
  }

  ack(seq: number): void {
    this.send({ type: "ack", seq });
  }

  send(frame: unknown): void {
    this.sendRaw(JSON.stringify(frame));
  }

  sendRaw(text: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(text);
  }

  async frame<Type extends ServerFrame["type"]>(type: Type): Promise<Extract<ServerFrame, { type: Type }>> {
    const isWanted = (frame: ServerFrame): frame is Extract<ServerFrame, { type: Type }> =>
      frame.type === type;
    await this.#until(() => this.frames.some(isWanted));
    const found = this.frames.find(isWanted);
    if (found === undefined) throw new Error(`no frame ${type}`);
    return found;
  }

  /** Waits until the event of this seq has come. */
  async reach(seq: number): Promise<void> {
    await this.#until(() => this.lastSeq >= seq);
  }

  async closed(): Promise<Closing> {
    await this.#until(() => this.#closing !== null);
    return this.#closing ?? { code: 0, reason: "" };
  }

  async opened(): Promise<void> {
    await this.#until(() => this.#socket.readyState !== WebSocket.CONNECTING);
  }

  close(): void {
    this.#socket.close();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  async #until(isTrue: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isTrue()) {
      if (Date.now() > deadline) {
        const got = this.frames.map((frame) => frame.type).join(", ");
        throw new Error(`waited in vain; closed ${JSON.stringify(this.#closing)}; frames: ${got}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 1_000);
        this.#waiting.add(wake);
      });
    }
  }
}
