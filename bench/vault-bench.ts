// What secrets cost: sealing and opening one, and a deploy and a visit of an app that has some beside the same without.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSecret, rewrapSecret, sealSecret } from "../adapters/vault/vault.ts";
import { apiPath } from "../cli/http/client.ts";
import { createMask } from "../core/secrets/mask.ts";
import {
  type BenchPlatform,
  type BenchProject,
  makeProject,
  ship,
  startBenchPlatform,
} from "./bench-platform.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";
import { measureInTurns } from "./load.ts";

const GOAL_MS = 1;
const SEALS = 2_000;
const VALUE_BYTES = 1_024;
const MASKED_LINES = 100;
const SECRETS = ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH"];
const LINE = `GET /things/42 answered 200 in 3 ms ${"and said so ".repeat(12)}`;

export async function benchVault({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const inMemory = await measureVault(isQuick ? SEALS / 10 : SEALS);
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-vault-"));
  const platform = await startBenchPlatform(say);
  try {
    return [...inMemory, ...(await measurePlatform(platform, folder, isQuick))];
  } finally {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureVault(rounds: number): Promise<readonly Figure[]> {
  const [first, second] = [newKey(), newKey()];
  const env = { OURSYNTH_VAULT_KEY: first };
  const both = { OURSYNTH_VAULT_KEY: second, OURSYNTH_VAULT_KEYS_OTHER: first };
  const name = { organizationId: "org_bench", name: "secret/prj_bench/dev/KEY" };
  const secret = new Uint8Array(randomBytes(VALUE_BYTES));
  const mask = createMask(SECRETS.map(() => randomBytes(24).toString("base64url")));
  const times: Record<"seal" | "open" | "rewrap" | "mask", number[]> = {
    seal: [],
    open: [],
    rewrap: [],
    mask: [],
  };
  for (let round = -100; round < rounds; round += 1) {
    const startMs = performance.now();
    const sealed = await sealSecret(env, name, secret);
    const sealedMs = performance.now();
    await openSecret(env, name, sealed);
    const openedMs = performance.now();
    await rewrapSecret(both, name, sealed);
    const rewrappedMs = performance.now();
    for (let line = 0; line < MASKED_LINES; line += 1) mask(LINE);
    const maskedMs = performance.now();
    // The first rounds warm up.
    if (round < 0) continue;
    times.seal.push(sealedMs - startMs);
    times.open.push(openedMs - sealedMs);
    times.rewrap.push(rewrappedMs - openedMs);
    times.mask.push(maskedMs - rewrappedMs);
  }
  const together = times.seal.map((time, index) => time + (times.open[index] ?? 0));
  const sealAndOpen = median(together);
  return [
    {
      name: "sealing and opening a secret of 1 KiB",
      value: sealAndOpen,
      unit: "ms",
      beside: [
        { name: "sealing", value: median(times.seal), unit: "ms" },
        { name: "opening", value: median(times.open), unit: "ms" },
        { name: "re-wrapping", value: median(times.rewrap), unit: "ms" },
      ],
      goal: { text: `< ${GOAL_MS} ms`, isMet: sealAndOpen < GOAL_MS },
    },
    {
      name: `masking five secrets in ${MASKED_LINES} log lines`,
      value: median(times.mask),
      unit: "ms",
      beside: [],
      goal: null,
    },
  ];
}

async function measurePlatform(
  platform: BenchPlatform,
  folder: string,
  isQuick: boolean,
): Promise<readonly Figure[]> {
  const plain = await makeProject(platform, "bench-plain");
  const holding = await makeProject(platform, "bench-secrets");
  for (const name of SECRETS) {
    const value = randomBytes(48).toString("base64");
    await platform.client.post(apiPath("projects", holding.projectId, "secrets"), {
      env: "dev",
      name,
      value,
    });
  }
  const deploys: { plain: number[]; holding: number[] } = { plain: [], holding: [] };
  const rounds = isQuick ? 3 : 11;
  for (let round = 0; round <= rounds; round += 1) {
    const plainMs = await shipVersion(platform, plain, folder, round, []);
    const holdingMs = await shipVersion(platform, holding, folder, round, SECRETS);
    // The first of all compiles what later ones find compiled.
    if (round === 0) continue;
    deploys.plain.push(plainMs);
    deploys.holding.push(holdingMs);
  }
  const rates = await measureInTurns(
    [holding, plain].map(({ host }) => ({ port: platform.port, host, path: "/" })),
    { rounds: isQuick ? 8 : 30, requestsPerRound: 250 },
  );
  const ratio = median((rates[0] ?? []).map((rate, round) => rate / (rates[1]?.[round] ?? Number.NaN)));
  return [
    {
      name: "pushing and deploying an app with five secrets",
      value: median(deploys.holding),
      unit: "ms",
      beside: [{ name: "without", value: median(deploys.plain), unit: "ms" }],
      goal: null,
    },
    {
      name: "visits of an app with five secrets, of the same without",
      value: ratio * 100,
      unit: "%",
      beside: [
        { name: "with", value: median(rates[0] ?? []), unit: "requests/s" },
        { name: "without", value: median(rates[1] ?? []), unit: "requests/s" },
      ],
      goal: null,
    },
  ];
}

/** Gives how long it took, in ms. */
async function shipVersion(
  platform: BenchPlatform,
  project: BenchProject,
  folder: string,
  version: number,
  secrets: readonly string[],
): Promise<number> {
  const app = join(folder, project.label);
  await mkdir(join(app, "src"), { recursive: true });
  const manifest = {
    id: `urn:oursynth:app:bench@1.0.${version}`,
    name: "Bench",
    version: `1.0.${version}`,
    app: { framework: "worker", entry: "src/index.js", secrets },
  };
  await writeFile(join(app, "capsule.json"), JSON.stringify(manifest));
  const source = `export default { fetch: (request, env) => new Response("v${version} " + Object.keys(env).length) };\n`;
  await writeFile(join(app, "src", "index.js"), source);
  const startMs = performance.now();
  await ship(platform, project, app);
  return performance.now() - startMs;
}

function newKey(): string {
  return randomBytes(32).toString("base64");
}
