// Requests in a second to a hosted app, against the runner's own static files and a bare Worker Loader call.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileApp } from "../adapters/build/compile-app.ts";
import { nodeHashing } from "../adapters/hashing/node-hashing.ts";
import { packFolder } from "../cli/pack/pack-folder.ts";
import { ROOT } from "../scripts/platform/state-folder.ts";
import { writeAppFolder, writeStaticFolder } from "./app-folder.ts";
import { makeProject, ship, startBenchPlatform } from "./bench-platform.ts";
import { startBenchServer } from "./dev-server.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";
import { measureInTurns, type Target } from "./load.ts";

const STATIC_GOAL = 0.9;
const ISOLATE_GOAL = 0.8;
const STATIC_BYTES = 10_240;

/** Rates of each pair in turn; ratios are medians of the rounds' own ratios. */
export async function benchHosting({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-hosting-"));
  const stops: (() => Promise<void>)[] = [];
  try {
    const appFolder = join(folder, "app");
    const staticFolder = join(folder, "static");
    await writeAppFolder(appFolder, 0, 1);
    await writeStaticFolder(staticFolder, STATIC_BYTES);
    const platform = await startBenchPlatform(say);
    stops.push(platform.stop);
    const app = await makeProject(platform, "bench-app");
    const files = await makeProject(platform, "bench-files");
    await ship(platform, app, appFolder);
    await ship(platform, files, staticFolder);
    const assets = await startBenchServer(join(folder, "assets-server"), [
      `--assets=${join(staticFolder, "public")}`,
      "--name=bench-assets",
      "--compatibility-date=2026-10-01",
    ]);
    stops.push(assets.stop);
    const bare = await startBenchServer(join(folder, "bare-server"), [
      `--config=${join(ROOT, "bench", "bare-loader", "wrangler.toml")}`,
    ]);
    stops.push(bare.stop);
    await loadBareCode(bare.port, appFolder);
    const size = { rounds: isQuick ? 5 : 15, requestsPerRound: isQuick ? 500 : 1_500 };
    const page = { path: "/page.txt" };
    const hello = { path: "/hello" };
    const staticRates = await measurePair(size, [
      { port: platform.port, host: files.host, ...page },
      { port: assets.port, host: "127.0.0.1", ...page },
    ]);
    const isolateRates = await measurePair(size, [
      { port: platform.port, host: app.host, ...hello },
      { port: bare.port, host: "127.0.0.1", ...hello },
    ]);
    return [
      toFigure("a static file of 10 KB, of the runner's own static assets", staticRates, STATIC_GOAL),
      toFigure("an app in its isolate, of a bare Worker Loader call", isolateRates, ISOLATE_GOAL),
    ];
  } finally {
    for (const stop of stops) await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type PairRates = { readonly ours: number; readonly peer: number; readonly ratio: number };

async function measurePair(
  size: { readonly rounds: number; readonly requestsPerRound: number },
  pair: readonly [Target, Target],
): Promise<PairRates> {
  const [ours = [], peer = []] = await measureInTurns(pair, size);
  const ratios = ours.map((rate, round) => rate / (peer[round] ?? Number.NaN));
  return { ours: median(ours), peer: median(peer), ratio: median(ratios) };
}

function toFigure(name: string, { ours, peer, ratio }: PairRates, goal: number): Figure {
  return {
    name,
    value: ratio * 100,
    unit: "%",
    beside: [
      { name: "ours", value: ours, unit: "requests/s" },
      { name: "peer", value: peer, unit: "requests/s" },
    ],
    goal: { text: `≥ ${goal * 100} %`, isMet: ratio >= goal },
  };
}

/** The same app, compiled the same way, handed to the bench's own Worker. */
async function loadBareCode(port: number, folder: string): Promise<void> {
  const { manifest } = await packFolder({ folder });
  const paths = new Map(manifest.files.map((file) => [file.sha256, file.path]));
  const compiled = await compileApp({
    manifest,
    readFile: (sha256) => readFile(join(folder, paths.get(sha256) ?? sha256)),
    hashing: nodeHashing,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.reason));
  const { artifact, modulePack } = compiled.value;
  const modules = Object.fromEntries(modulePack.modules.map(({ name, content }) => [name, { js: content }]));
  const response = await fetch(`http://127.0.0.1:${port}/bare/code`, {
    method: "POST",
    body: JSON.stringify({ entry: artifact.entry, modules }),
  });
  if (!response.ok) throw new Error(`the bench's own Worker answered ${response.status}`);
  const hello = await (await fetch(`http://127.0.0.1:${port}/hello`)).text();
  if (!hello.includes("world")) throw new Error(`the bench's own Worker does not run the app: ${hello}`);
}
