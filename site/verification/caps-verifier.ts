// The page's side of the verifying worker: one file at a time, with progress, until its verdict or a cancel.
import type { CapsCheck, CapsTrust } from "./verify-caps.ts";
import type { VerifyReply, VerifyRequest } from "./verify-messages.ts";

type Task = {
  readonly id: number;
  readonly onProgress: (readBytes: number) => void;
  readonly resolve: (check: CapsCheck | null) => void;
  readonly reject: (error: Error) => void;
};

/** Starts its worker when it is made, so that later no network is needed. */
export class CapsVerifier {
  readonly #worker: Worker;
  #task: Task | null = null;
  #lastId = 0;
  #failure: Error | null = null;

  constructor() {
    this.#worker = new Worker(new URL("./verify-worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<VerifyReply>) => this.#take(data));
    this.#worker.addEventListener("error", () => this.#fail());
  }

  /** Gives the check, or null when it was cancelled or another file came; throws when the file cannot be read. */
  verify(file: Blob, given: CapsTrust, onProgress: (readBytes: number) => void): Promise<CapsCheck | null> {
    this.cancel();
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#task = { id, onProgress, resolve, reject };
      this.#send({ kind: "verify", id, file, given });
    });
  }

  /** Stops what is under way; its promise gives null. */
  cancel(): void {
    if (this.#task === null) return;
    this.#send({ kind: "cancel", id: this.#task.id });
    this.#task.resolve(null);
    this.#task = null;
  }

  close(): void {
    this.cancel();
    this.#worker.terminate();
  }

  #take(reply: VerifyReply): void {
    if (reply.kind === "ready" || reply.id !== this.#task?.id) return;
    const task = this.#task;
    switch (reply.kind) {
      case "progress":
        task.onProgress(reply.readBytes);
        return;
      case "done":
        task.resolve(reply.check);
        break;
      case "cancelled":
        task.resolve(null);
        break;
      case "failed":
        task.reject(new Error(`The file could not be read to its end: ${reply.message}`));
        break;
    }
    this.#task = null;
  }

  /** Without its script the worker is of no use, now and later. */
  #fail(): void {
    this.#failure = new Error(
      "The verifier did not load: you may be offline, or the platform was updated since you opened this page. Load the page again.",
    );
    this.#task?.reject(this.#failure);
    this.#task = null;
  }

  #send(request: VerifyRequest): void {
    this.#worker.postMessage(request);
  }
}
