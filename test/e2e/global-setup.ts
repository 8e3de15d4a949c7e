// One built platform for all end-to-end tests: a fresh state folder, a free port, real wrangler and workerd. At the end
// of the run everything that came out of it is searched for the secrets that went in.
import { appendFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findFreePort } from "../../scripts/platform/free-port.ts";
import { startPlatform } from "../../scripts/platform/platform.ts";
import { locateState, type StateFolder } from "../../scripts/platform/state-folder.ts";
import { readVaultKeyFiles } from "../../scripts/platform/vault-key-files.ts";
import type { Canary } from "../canary/needles.ts";
import { openProjectKeySeeds } from "../canary/project-key-seeds.ts";
import { searchOutputs } from "../canary/search-outputs.ts";
import { ANSWERS_FOLDER, PLANTED_FILE } from "./support/canary.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the platform answers, its first owner's token, its state folder, and where the canary is kept. */
    platform: {
      readonly url: string;
      readonly port: number;
      readonly token: string;
      readonly statePath: string;
      /** A file with all that the platform's process has printed so far. */
      readonly outputFile: string;
      readonly canaryPath: string;
    };
  }
}

/** Files of the state folder that keep a secret on purpose, for their owner alone. */
const KEPT_IN = new Set(["vault-key", "vault-keys-other", "variables.env", "token", "second-tenant.json"]);
const MAX_TOLD = 20;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const statePath = await mkdtemp(join(tmpdir(), "oursynth-e2e-"));
  const canaryPath = await mkdtemp(join(tmpdir(), "oursynth-canary-"));
  await mkdir(join(canaryPath, ANSWERS_FOLDER));
  const port = await findFreePort();
  const state = locateState({ PORT: String(port), OURSYNTH_STATE: statePath });
  const outputFile = join(statePath, "output.txt");
  appendFileSync(outputFile, "");
  const platform = await startPlatform({
    state,
    say: (line) => appendFileSync(outputFile, `${line}\n`),
    onOutput: (text) => appendFileSync(outputFile, text),
  });
  project.provide("platform", {
    url: platform.url,
    port,
    token: platform.token,
    statePath,
    canaryPath,
    outputFile,
  });
  return async () => {
    await platform.stop();
    try {
      await expectNoCanary(state, canaryPath, platform.token, await readFile(outputFile, "utf8"));
    } finally {
      if (process.env.OURSYNTH_TEST_OUTPUT === "1") console.log(await readFile(outputFile, "utf8"));
      await rm(statePath, { recursive: true, force: true });
      await rm(canaryPath, { recursive: true, force: true });
    }
  };
}

/** Fails the run with each place at which a secret came out. */
async function expectNoCanary(
  state: StateFolder,
  canaryPath: string,
  token: string,
  output: string,
): Promise<void> {
  const keys = await readVaultKeyFiles(state);
  if (keys === null) throw new Error("the platform has no vault key");
  const vaultKeys = [keys.current, ...keys.others];
  const canaries: Canary[] = [
    { name: "the first owner's token", value: token },
    ...vaultKeys.map((text) => ({ name: "a vault key", value: new Uint8Array(Buffer.from(text, "base64")) })),
    ...(await openProjectKeySeeds(state.path, vaultKeys)),
    ...(await readPlanted(join(canaryPath, PLANTED_FILE))),
  ];
  const finds = await searchOutputs(canaries, {
    folders: [state.path, join(canaryPath, ANSWERS_FOLDER)],
    texts: { "what the platform printed": output },
    keptIn: KEPT_IN,
  });
  if (finds.length === 0) return;
  const told = finds.slice(0, MAX_TOLD).map(({ canary, place }) => `  ${canary}: in ${place}`);
  throw new Error(`Secrets came out, ${finds.length} times:\n${told.join("\n")}`);
}

async function readPlanted(path: string): Promise<Canary[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}
