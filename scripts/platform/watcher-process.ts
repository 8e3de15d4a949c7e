// A second process that follows a timeline: the command line itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TimelineEvent } from "../../schemas/event.ts";
import { ROOT } from "./state-folder.ts";

const WAIT_TIMEOUT_MS = 60_000;

export type Watcher = {
  /** As they came, repeats and all. */
  readonly events: readonly TimelineEvent[];
  /** Resolves when an event that has come, or comes, fits. */
  waitFor(fits: (event: TimelineEvent) => boolean): Promise<void>;
  stop(): Promise<void>;
};

export function startWatcher(options: {
  readonly url: string;
  readonly token: string;
  readonly project: string;
}): Watcher {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "cli", "bin", "oursynth.mjs"),
      "timeline",
      "--follow",
      "--since",
      "0",
      "--json",
      "--project",
      options.project,
    ],
    {
      env: { ...process.env, OURSYNTH_URL: options.url, OURSYNTH_TOKEN: options.token },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const closed = once(child, "close");
  const events: TimelineEvent[] = [];
  const waiting = new Set<() => void>();
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    events.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  return {
    events,
    async waitFor(fits) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`the watcher did not see it; it said: ${complaints}`));
        }, WAIT_TIMEOUT_MS);
        const look = (): void => {
          if (!events.some(fits)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    async stop() {
      child.kill("SIGINT");
      await closed;
    },
  };
}
