// An app in a workerd that this process starts: no outbound network, nothing kept. For observing without a platform.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { CompiledApp } from "../../adapters/build/compile-app.ts";
import { decodeAssetPath, indexAssets, resolveAsset } from "../../adapters/loader/resolve-asset.ts";
import { fromBase64 } from "../../core/capsule/bytes.ts";
import { CliError, messageOf } from "../output/cli-error.ts";

export type HealthAnswers = {
  readonly healthy: boolean;
  readonly reason: string | null;
  readonly latenciesMs: readonly number[];
  readonly errorCount: number;
};

type MiniflareInstance = {
  readonly ready: Promise<URL>;
  dispatchFetch(url: string, options: object): Promise<Response>;
  dispose(): Promise<void>;
};
type MiniflareModule = {
  readonly Miniflare: new (options: object) => MiniflareInstance;
  /** What its handlers answer with. */
  readonly Response: typeof Response;
};

/** As the platform's nodes ask (adapters/loader/health-check.ts). */
const HEALTH_ASKS = 5;
const REPEATED_ASKS_MS = 5_000;
const HEALTH_TIMEOUT_MS = 10_000;
const FIRST_UNHEALTHY_STATUS = 500;
const HEALTH_ORIGIN = "http://health-check.invalid";
const MAX_REASON_CHARACTERS = 400;
const MODULE_TYPES = { js: "esm", text: "text", json: "json", data: "data" } as const;

/** Starts one life of the app, asks its health path five times, and ends it. */
export async function askInWorkerd(
  app: CompiledApp,
  secrets: Readonly<Record<string, string>>,
): Promise<HealthAnswers> {
  const { artifact, configuration } = app;
  if (artifact.entry === null) return askStatic(app);
  const runtime = await loadMiniflare();
  // Wrong options would be our mistake, and throw here; what fails from now on is the app's.
  const started = new runtime.Miniflare(optionsOf(app, artifact.entry, secrets, runtime));
  try {
    await started.ready;
    return await askRepeatedly(started, configuration.health);
  } catch (error) {
    return ill(`not-started: ${messageOf(error)}`, []);
  } finally {
    await started.dispose();
  }
}

/** One worker without a network: whatever it asks of others is refused. */
function optionsOf(
  { artifact, configuration, modulePack }: CompiledApp,
  entry: string,
  secrets: Readonly<Record<string, string>>,
  { Response: RuntimeResponse }: MiniflareModule,
): object {
  const modules = modulePack.modules.map(({ name, type, content }) => {
    const contents = type === "data" ? fromBase64(content) : content;
    return [name, { type: MODULE_TYPES[type], contents }] as const;
  });
  const variables = Object.entries({ ...configuration.env, ...secrets });
  const config = {
    name: "app",
    compatibilityDate: artifact.runtime.compatibilityDate,
    compatibilityFlags: [...artifact.runtime.compatibilityFlags],
    manifest: { mainModule: entry, modules: Object.fromEntries(modules) },
    env: Object.fromEntries(variables.map(([name, value]) => [name, { type: "text", value }])),
  };
  const handler = () => new RuntimeResponse("a rehearsal has no network", { status: 403 });
  return { workers: [{ config, dev: { outboundService: { type: "fetcher", handler } } }] };
}

async function askRepeatedly(app: MiniflareInstance, path: string): Promise<HealthAnswers> {
  const latenciesMs: number[] = [];
  let reason: string | null = null;
  let errorCount = 0;
  const deadline = performance.now() + REPEATED_ASKS_MS;
  for (let asked = 0; asked < HEALTH_ASKS && (asked === 0 || performance.now() < deadline); asked += 1) {
    const startedAt = performance.now();
    const failure = await askOnce(app, path);
    if (failure === null) latenciesMs.push(Math.round(performance.now() - startedAt));
    else errorCount += 1;
    reason ??= failure;
  }
  return reason === null
    ? { healthy: true, reason, latenciesMs, errorCount }
    : { ...ill(reason, latenciesMs), errorCount };
}

async function askOnce(app: MiniflareInstance, path: string): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
    const headers = { "user-agent": "oursynth-health-check" };
    const response = await app.dispatchFetch(HEALTH_ORIGIN + path, { headers, signal, redirect: "manual" });
    await response.arrayBuffer();
    if (response.status < FIRST_UNHEALTHY_STATUS) return null;
    return `unhealthy-status: GET ${path} answered ${response.status}`;
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    return isLate ? `never-answers: no answer to GET ${path} within 10 s` : `throws: ${messageOf(error)}`;
  }
}

/** A static app answers when its health path leads to a file; it needs no runtime. */
function askStatic({ artifact, configuration }: CompiledApp): HealthAnswers {
  const { pathname } = new URL(HEALTH_ORIGIN + configuration.health);
  const answer = resolveAsset(indexAssets(artifact), decodeAssetPath(pathname) ?? pathname, configuration);
  if (answer.kind !== "none") return { healthy: true, reason: null, latenciesMs: [0], errorCount: 0 };
  return ill(`unhealthy-status: the health path ${configuration.health} leads to no file`, []);
}

function ill(reason: string, latenciesMs: readonly number[]): HealthAnswers {
  return { healthy: false, reason: reason.slice(0, MAX_REASON_CHARACTERS), latenciesMs, errorCount: 1 };
}

/** It comes with wrangler, which brings the one that belongs to its workerd. */
async function loadMiniflare(): Promise<MiniflareModule> {
  try {
    const wrangler = createRequire(import.meta.url).resolve("wrangler/package.json");
    const path = createRequire(wrangler).resolve("miniflare");
    const loaded: MiniflareModule & { readonly default?: MiniflareModule } = await import(
      pathToFileURL(path).href
    );
    return loaded.default ?? loaded;
  } catch (error) {
    throw new CliError(`workerd cannot be started: ${messageOf(error)}`, {
      code: "no-runtime",
      hint: "Run npm ci in the checkout: --local starts the workerd that it brings.",
      exitCode: 2,
      cause: error,
    });
  }
}
