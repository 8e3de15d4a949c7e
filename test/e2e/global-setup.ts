// One built platform for all end-to-end tests: a fresh state folder, a free port, real wrangler and workerd.
import { appendFileSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findFreePort } from "../../scripts/platform/free-port.ts";
import { startPlatform } from "../../scripts/platform/platform.ts";
import { locateState } from "../../scripts/platform/state-folder.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the platform answers, its first owner's token, and its state folder. */
    platform: {
      readonly url: string;
      readonly port: number;
      readonly token: string;
      readonly statePath: string;
      /** A file with all that the platform's process has printed so far. */
      readonly outputFile: string;
    };
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const statePath = await mkdtemp(join(tmpdir(), "oursynth-e2e-"));
  const port = await findFreePort();
  const state = locateState({ PORT: String(port), OURSYNTH_STATE: statePath });
  const outputFile = join(statePath, "output.txt");
  appendFileSync(outputFile, "");
  const platform = await startPlatform({
    state,
    say: () => undefined,
    onOutput: (text) => appendFileSync(outputFile, text),
  });
  project.provide("platform", { url: platform.url, port, token: platform.token, statePath, outputFile });
  return async () => {
    await platform.stop();
    if (process.env.OURSYNTH_TEST_OUTPUT === "1") console.log(readFileSync(outputFile, "utf8"));
    await rm(statePath, { recursive: true, force: true });
  };
}
