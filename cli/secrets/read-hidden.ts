// Asks a person for something that must not stand on the screen.
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** One line from the terminal, without echo. The question goes to stderr. Rejects when it is interrupted. */
export async function readHidden(question: string, signal: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  // A terminal in raw mode hands Ctrl-C to the reader instead of the process.
  reader.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  // Only now: the terminal has stopped to echo, so that who types at once is not seen either.
  process.stderr.write(question);
  try {
    return await reader.question("", { signal });
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
