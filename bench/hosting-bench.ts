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
import { type DevServer, startBenchServer, startBenchWorker } from "./dev-server.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";
import { measureInTurns } from "./load.ts";

const STATIC_GOAL = 0.9;
const ISOLATE_GOAL = 0.8;
const STATIC_BYTES = 10_240;

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
    const code = await compileFolder(appFolder);
    const bare = await startLoader(join(folder, "bare"), code);
    stops.push(bare.stop);
    const fronted = await startLoader(join(folder, "fronted"), code, join(staticFolder, "public"));
    stops.push(fronted.stop);
    const size = { rounds: isQuick ? 15 : 40, requestsPerRound: 250 };
    const page = { path: "/page.txt" };
    const hello = { path: "/hello" };
    const staticRates = await measureInTurns(
      [
        { port: platform.port, host: files.host, ...page },
        { port: assets.port, host: "127.0.0.1", ...page },
      ],
      size,
    );
    const isolateRates = await measureInTurns(
      [
        { port: platform.port, host: app.host, ...hello },
        { port: bare.port, host: "127.0.0.1", ...hello },
        { port: fronted.port, host: "127.0.0.1", ...hello },
      ],
      size,
    );
    return [
      compare(
        "a static file of 10 KB, of the runner's own static assets",
        STATIC_GOAL,
        staticRates[0],
        staticRates[1],
      ),
      compare(
        "an app in its isolate, of a bare Worker Loader call behind the same static front",
        ISOLATE_GOAL,
        isolateRates[0],
        isolateRates[2],
      ),
      compare("the same, of a bare call without that front", null, isolateRates[0], isolateRates[1]),
    ];
  } finally {
    for (const stop of stops) await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The median of the rounds' own ratios, and each side's median rate. */
function compare(
  name: string,
  goal: number | null,
  ours: readonly number[] = [],
  peer: readonly number[] = [],
): Figure {
  const ratio = median(ours.map((rate, round) => rate / (peer[round] ?? Number.NaN)));
  return {
    name,
    value: ratio * 100,
    unit: "%",
    beside: [
      { name: "ours", value: median(ours), unit: "requests/s" },
      { name: "peer", value: median(peer), unit: "requests/s" },
    ],
    goal: goal === null ? null : { text: `≥ ${goal * 100} %`, isMet: ratio >= goal },
  };
}

type BareCode = { readonly entry: string | null; readonly modules: Readonly<Record<string, { js: string }>> };

/** The same app, compiled the same way. */
async function compileFolder(folder: string): Promise<BareCode> {
  const { manifest } = await packFolder({ folder });
  const paths = new Map(manifest.files.map((file) => [file.sha256, file.path]));
  const compiled = await compileApp({
    manifest,
    readFile: (sha256) => readFile(join(folder, paths.get(sha256) ?? sha256)),
    hashing: nodeHashing,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.reason));
  const { artifact, modulePack } = compiled.value;
  const modules = modulePack.modules.map(({ name, content }) => [name, { js: content }]);
  return { entry: artifact.entry, modules: Object.fromEntries(modules) };
}

/** A Worker that does nothing but call the loader; with `assets`, behind static assets as the platform's own is. */
async function startLoader(folder: string, code: BareCode, assets?: string): Promise<DevServer> {
  const front = `\n[assets]\ndirectory = "${assets}"\nbinding = "ASSETS"\nrun_worker_first = true\n`;
  const server = await startBenchWorker(
    folder,
    join(ROOT, "bench", "bare-loader"),
    assets === undefined ? "" : front,
  );
  const response = await fetch(`http://127.0.0.1:${server.port}/bare/code`, {
    method: "POST",
    body: JSON.stringify(code),
  });
  const hello = response.ok ? await (await fetch(`http://127.0.0.1:${server.port}/hello`)).text() : "";
  if (hello.includes("world")) return server;
  await server.stop();
  throw new Error(`the bare loader does not run the app: ${response.status} ${hello}`);
}
