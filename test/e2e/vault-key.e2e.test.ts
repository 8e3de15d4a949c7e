// The vault key of a platform of its own: replaced while requests run, and refused at the start when it is another one.
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { secretSchema } from "../../schemas/api/secrets.ts";
import { findFreePort } from "../../scripts/platform/free-port.ts";
import { SCHEDULED_PATH } from "../../scripts/platform/local-schedule.ts";
import { type Platform, startPlatform } from "../../scripts/platform/platform.ts";
import { forgetOldVaultKeys, rotateVaultKey } from "../../scripts/platform/rotate-vault-key.ts";
import { locateState, type StateFolder } from "../../scripts/platform/state-folder.ts";
import { readVaultKeyFiles, writeVaultKeyFiles } from "../../scripts/platform/vault-key-files.ts";
import { searchOutputs } from "../canary/search-outputs.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeWorkerApp } from "./support/capsule-maker.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const VALUE = `canary-of-the-rotation ${randomBytes(18).toString("base64url")}`;
const DIGEST = createHash("sha256").update(VALUE).digest("hex");
const APP = `
export default { async fetch(request, env) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(env.API_KEY));
  return new Response([...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
} };
`;
const REQUESTS = 50;

const output: string[] = [];
const vaultKeys = new Set<string>();
let state: StateFolder;
let platform: Platform;
let project: TestProject;

async function start(): Promise<Platform> {
  const say = (text: string) => void output.push(text);
  return await startPlatform({ state, say, onOutput: say });
}

async function keys() {
  const found = await readVaultKeyFiles(state);
  if (found === null) throw new Error("no vault key");
  for (const key of [found.current, ...found.others]) vaultKeys.add(key);
  return found;
}

beforeAll(async () => {
  const path = await mkdtemp(join(tmpdir(), "oursynth-vault-"));
  state = locateState({ PORT: String(await findFreePort()), OURSYNTH_STATE: path });
  platform = await start();
  project = await makeProject(new ApiClient(platform.url, platform.token));
  const secret = { env: "dev", name: "API_KEY", value: VALUE };
  (await project.api.post(project.path("/secrets"), secret)).expect(201, secretSchema);
  await project.ship(await makeWorkerApp(project.key, APP, "1.0.0", { secrets: ["API_KEY"] }));
});

afterAll(async () => {
  await platform.stop();
  await rm(state.path, { recursive: true, force: true });
});

test("is replaced by one command: 50 requests while it is re-wrapped all succeed, and so does what comes after", async () => {
  const before = await keys();
  const told: string[] = [];
  await rotateVaultKey(state, (line) => told.push(line));
  const after = await keys();
  expect(after.current).not.toBe(before.current);
  expect(after.others).toEqual([before.current]);
  expect(told.join("\n")).toMatch(
    /Made a new vault key[\s\S]*Everything is wrapped by the new key\.\nNothing is sealed/,
  );

  // A second one, straight away: the key that is the newest now is replaced while clients are at work.
  const rewrap = () => fetch(`http://127.0.0.1:${state.port}${SCHEDULED_PATH}?cron=rewrap`);
  const secret = { env: "dev", name: "API_KEY", value: VALUE };
  const requests = Array.from({ length: REQUESTS }, async (_, index) => {
    if (index % 10 === 0) {
      // A new revision: the isolate starts anew and opens what was sealed a moment ago.
      return (await project.api.post(project.path("/secrets"), secret)).status;
    }
    const visit = await project.visit("dev");
    expect(visit.text).toBe(DIGEST);
    return visit.status;
  });
  const [statuses, runs] = await Promise.all([
    Promise.all(requests),
    Promise.all([rewrap(), rewrap(), rewrap()]),
  ]);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(runs.map(({ status }) => status)).toEqual([200, 200, 200]);

  // The project's own key signs what is activated from now on, under the new vault key.
  await project.ship(await makeWorkerApp(project.key, APP, "2.0.0", { secrets: ["API_KEY"] }));
  expect((await project.visit("dev")).text).toBe(DIGEST);
});

test("is gone on with when it is asked for again, and the old one is not given up too early", async () => {
  const told: string[] = [];
  const before = await keys();
  await rotateVaultKey(state, (line) => told.push(line));
  expect(await keys()).toEqual(before);
  expect(told.at(-1)).toMatch(/Nothing is sealed with [0-9a-f]{16} any more/);
  await expect(forgetOldVaultKeys(state, () => undefined)).rejects.toThrow(/may be removed/);
  expect(await keys()).toEqual(before);
});

test("that is another one, or is missing, stops the start with one clear line; with the right one all is there", async () => {
  const right = await keys();
  await platform.stop();
  await writeVaultKeyFiles(state, { current: randomBytes(32).toString("base64"), others: [] });
  const refusal = await start().then(
    () => "it started",
    (error: unknown) => String(error),
  );
  expect(refusal).toMatch(
    /OURSYNTH_VAULT_KEY is another key \([0-9a-f]{16}\) than the one .* restore that key/,
  );
  expect(refusal).not.toContain("\n");

  await writeVaultKeyFiles(state, { current: right.current, others: [] });
  await expect(start()).rejects.toThrow(
    /may still be sealed with the vault key [0-9a-f]{16}.*OURSYNTH_VAULT_KEYS_OTHER/,
  );

  await rm(join(state.path, "vault-key"));
  await expect(start()).rejects.toThrow(/vault-key is missing.*restore it/);
  await writeFile(join(state.path, "vault-key"), "c2hvcnQ=\n");
  await expect(start()).rejects.toThrow(/not base64 of 32 bytes/);

  await writeVaultKeyFiles(state, right);
  platform = await start();
  expect((await project.visit("dev")).text).toBe(DIGEST);
});

test("and the secret under it are in no file and no line that the platform wrote", async () => {
  await platform.stop();
  const canaries = [
    { name: "the secret", value: VALUE },
    ...[...vaultKeys].map((key) => ({
      name: "a vault key",
      value: new Uint8Array(Buffer.from(key, "base64")),
    })),
  ];
  const keptIn = new Set(["vault-key", "vault-keys-other", "variables.env"]);
  const texts = { output: output.join("") };
  expect(await searchOutputs(canaries, { folders: [state.path], texts, keptIn })).toEqual([]);
  expect(vaultKeys.size).toBeGreaterThan(1);
  expect(await readFile(state.variablesFile, "utf8")).toContain("OURSYNTH_VAULT_KEYS_OTHER=");
  platform = await start();
});
