// The processes of a fan-out bench: watchers in one, each server in its own, so that all peers stand alike.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Dialect, WatcherOrder, WatcherReport } from "./watchers.ts";

export type Finished = Extract<WatcherReport, { kind: "finished" }>;

const ANSWER_TIMEOUT_MS = 90_000;

/** Watchers of several dialects in one process. */
export class WatcherProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, "watchers.ts"));

  async connect(dialect: Dialect, url: string, count: number): Promise<void> {
    this.#send({ kind: "connect", dialect, url, count });
    await this.#wait((report) => report.kind === "connected" && report.dialect === dialect);
  }

  /** Resolves when every watcher has been given so many events, or patience has run out. */
  async expect(dialect: Dialect, count: number): Promise<Finished> {
    this.#send({ kind: "expect", dialect, count });
    const report = await this.#wait((given) => given.kind === "finished" && given.dialect === dialect);
    if (report.kind !== "finished") throw new Error("the watchers answered something else");
    return report;
  }

  async stop(): Promise<void> {
    await stopChild(this.#child);
  }

  #send(order: WatcherOrder): void {
    this.#child.send(order);
  }

  async #wait(isWanted: (report: WatcherReport) => boolean): Promise<WatcherReport> {
    return await new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.#child.off("message", listen).off("exit", fail);
        act();
      };
      const listen = (report: WatcherReport): void => {
        if (isWanted(report)) finish(() => resolve(report));
      };
      const fail = (): void => finish(() => reject(new Error("the watchers' process ended")));
      const timer = setTimeout(
        () => finish(() => reject(new Error("the watchers did not answer"))),
        ANSWER_TIMEOUT_MS,
      );
      this.#child.on("message", listen).on("exit", fail);
    });
  }
}

/** Starts the Socket.IO peer; gives its address. */
export async function startSocketIo(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = fork(join(import.meta.dirname, "socket-io-server.ts"));
  const [message] = await once(child, "message");
  return { url: `http://127.0.0.1:${message.port}`, stop: () => stopChild(child) };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}
