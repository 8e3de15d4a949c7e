// Whether a build answers, asked before it goes live (ARCHITECTURE.md "Deploy": checking).
import type { Artifact, Configuration } from "../../schemas/artifact.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { type AppFailure, readAppFailure } from "./app-failure.ts";
import { type AppIdentity, type LoaderEnv, maskOf, openApp } from "./app-isolate.ts";
import { readArtifact, readConfiguration } from "./build-store.ts";
import { decodeAssetPath, indexAssets, resolveAsset } from "./resolve-asset.ts";

const HEALTH_TIMEOUT_MS = 10_000;
const ABORT_MARGIN_MS = 1_000;
/** How long the line that says why a request failed may take to reach the log. */
const STACK_WAIT_MS = 1_500;
/** From here on a status is the app's own failure. */
const FIRST_UNHEALTHY_STATUS = 500;

export type HealthEnv = LoaderEnv & {
  readonly APP_LOGS: Pick<Cloudflare.Env["APP_LOGS"], "getByName">;
};

export type Health = { readonly status: number; readonly elapsedMs: number };

/** Why it is not healthy; `requestId` finds the lines in the app's log. */
export type HealthFailure = Pick<AppFailure, "code" | "message" | "stack"> & { readonly requestId: string };

/** From then on no further ask is begun. */
const REPEATED_ASKS_MS = 5_000;

const HEALTH_ORIGIN = "https://health-check.invalid";

/**
 * Asks a build for its health path, within 10 s. For code: its isolate must start and answer below 500.
 * For a static app: the path must lead to a file.
 * @param exports `ctx.exports`
 * @param origin what the app sees as its own address
 */
export async function checkHealth(
  env: HealthEnv,
  exports: object,
  identity: AppIdentity,
  origin = HEALTH_ORIGIN,
): Promise<Result<Health, HealthFailure>> {
  return await askHealth(env, identity, {
    ...(await readBuild(env, identity)),
    open: () => openApp(env, exports, identity),
    origin,
    wantsStack: true,
  });
}

/**
 * The same several times one after another, until one ask finds no answer at all (then no other will) or they have taken
 * 5 s together.
 */
export async function checkHealthRepeatedly(
  env: HealthEnv,
  exports: object,
  identity: AppIdentity,
  count: number,
): Promise<Result<Health, HealthFailure>[]> {
  const build = await readBuild(env, identity);
  let opened: Promise<Fetcher> | null = null;
  const open = () => {
    opened ??= openApp(env, exports, identity);
    return opened;
  };
  const answers: Result<Health, HealthFailure>[] = [];
  const deadline = Date.now() + REPEATED_ASKS_MS;
  while (answers.length < count && (answers.length === 0 || Date.now() < deadline)) {
    // One stack tells why; it takes a while to reach the log.
    const wantsStack = answers.every(({ ok }) => ok);
    const answer = await askHealth(env, identity, { ...build, open, origin: HEALTH_ORIGIN, wantsStack });
    answers.push(answer);
    if (!answer.ok && answer.reason.code !== "unhealthy-status" && answer.reason.code !== "throws") break;
  }
  return answers;
}

type Build = { readonly artifact: Artifact; readonly configuration: Configuration };

type Ask = Build & {
  readonly open: () => Promise<Fetcher>;
  readonly origin: string;
  readonly wantsStack: boolean;
};

async function readBuild(env: HealthEnv, identity: AppIdentity): Promise<Build> {
  const [artifact, configuration] = await Promise.all([
    readArtifact(env.BLOBS, identity.artifactDigest),
    readConfiguration(env.BLOBS, identity.configurationDigest),
  ]);
  return { artifact, configuration };
}

async function askHealth(
  env: HealthEnv,
  identity: AppIdentity,
  { artifact, configuration, open, origin, wantsStack }: Ask,
): Promise<Result<Health, HealthFailure>> {
  const requestId = crypto.randomUUID();
  if (artifact.entry !== null) {
    const health = await askApp(env, identity, {
      open,
      url: origin + configuration.health,
      requestId,
      wantsStack,
    });
    // It is told in the run's log and on the timeline, which forgets nothing.
    return health.ok ? health : fail(await maskFailure(env, identity, health.reason));
  }
  const { pathname } = new URL(origin + configuration.health);
  const answer = resolveAsset(indexAssets(artifact), decodeAssetPath(pathname) ?? pathname, configuration);
  if (answer.kind !== "none") return ok({ status: answer.kind === "file" ? 200 : 307, elapsedMs: 0 });
  const message = `the health path ${configuration.health} leads to no file; add the file or correct app.health`;
  return fail({ code: "unhealthy-status", message, requestId });
}

async function askApp(
  env: HealthEnv,
  identity: AppIdentity,
  ask: Pick<Ask, "open" | "wantsStack"> & { readonly url: string; readonly requestId: string },
): Promise<Result<Health, HealthFailure>> {
  const { open, url, requestId, wantsStack } = ask;
  const startedAt = Date.now();
  const headers = { "x-request-id": requestId, "user-agent": "oursynth-health-check" };
  try {
    const app = await open();
    const request = new Request(url, {
      headers,
      redirect: "manual",
      // A little later than the answer that says so, or the abort would be told as the app's failure.
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS + ABORT_MARGIN_MS),
    });
    const response = await Promise.race([app.fetch(request), timeOut()]);
    if (response === null) {
      const message = `no answer to GET ${new URL(url).pathname} within ${HEALTH_TIMEOUT_MS / 1_000} s`;
      return fail({ code: "never-answers", message, requestId });
    }
    const elapsedMs = Date.now() - startedAt;
    await response.body?.cancel();
    if (response.status < FIRST_UNHEALTHY_STATUS) return ok({ status: response.status, elapsedMs });
    const message = `GET ${new URL(url).pathname} answered ${response.status}`;
    const failure = { code: "unhealthy-status", message, requestId } as const;
    return fail(wantsStack ? await withLoggedStack(env, identity, failure) : failure);
  } catch (error) {
    const { code, message, stack, isLogged } = readAppFailure(error);
    const failure = { code, message, requestId, ...(stack === undefined ? {} : { stack }) };
    return fail(isLogged && wantsStack ? await withLoggedStack(env, identity, failure) : failure);
  }
}

async function maskFailure(
  env: HealthEnv,
  identity: AppIdentity,
  failure: HealthFailure,
): Promise<HealthFailure> {
  // Then its secrets could not be opened, either, and nothing of the app's own is told.
  if (failure.code === "not-loaded") return failure;
  const mask = await maskOf(env, identity);
  const { message, stack } = failure;
  return { ...failure, message: mask(message), ...(stack === undefined ? {} : { stack: mask(stack) }) };
}

async function timeOut(): Promise<null> {
  await scheduler.wait(HEALTH_TIMEOUT_MS);
  return null;
}

/** What was thrown inside the isolate crosses over without its stack; the app's log has it. */
async function withLoggedStack(
  env: HealthEnv,
  identity: AppIdentity,
  failure: HealthFailure,
): Promise<HealthFailure> {
  const log = env.APP_LOGS.getByName(`${identity.projectId}/${identity.environment}`);
  const { requestId } = failure;
  const page = await log.read({ since: 0, limit: 10, requestId, waitMs: STACK_WAIT_MS });
  const line = page.items.find((item) => item.stack !== undefined);
  if (line?.stack === undefined) return failure;
  const message =
    failure.code === "unhealthy-status" ? `${failure.message}: ${line.message}` : failure.message;
  return { ...failure, message, stack: line.stack };
}
