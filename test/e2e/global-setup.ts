// One built platform for all end-to-end tests: a fresh state folder, a free port, real wrangler and workerd.
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
    };
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const statePath = await mkdtemp(join(tmpdir(), "oursynth-e2e-"));
  const port = await findFreePort();
  const state = locateState({ PORT: String(port), OURSYNTH_STATE: statePath });
  const output: string[] = [];
  const platform = await startPlatform({
    state,
    say: () => undefined,
    onOutput: (text) => output.push(text),
  });
  project.provide("platform", { url: platform.url, port, token: platform.token, statePath });
  return async () => {
    await platform.stop();
    await rm(statePath, { recursive: true, force: true });
    if (process.env.OURSYNTH_TEST_OUTPUT === "1") console.log(output.join(""));
  };
}
