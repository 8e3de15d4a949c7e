// A visit to an app's code: its isolate is asked, and what goes wrong there goes to its owner's log, not to the visitor.
import { type AppFailure, readAppFailure } from "../../adapters/loader/app-failure.ts";
import { maskOf, openApp } from "../../adapters/loader/app-isolate.ts";
import type { HostPointer } from "../../schemas/artifact.ts";
import { passOn, readUncaughtError, withoutPlatformCookies } from "./app-response.ts";
import { answerFailure } from "./failure-page.ts";
import { queueLines } from "./log-queue.ts";

const ANSWER_TIMEOUT_MS = 30_000;

/** Gives the app's answer, or a page that names the request when the app fails or does not answer within 30 s. */
export async function serveApp(
  request: Request,
  env: Cloudflare.Env,
  ctx: ExecutionContext,
  pointer: HostPointer,
  requestId: string,
): Promise<Response> {
  const answered = await askApp(request, env, ctx, pointer, requestId);
  if ("response" in answered) {
    const read = await readUncaughtError(answered.response);
    // What the app threw there is in its log already: Hono prints it.
    return read.isUncaught ? answerFailure(request, "internal", requestId) : passOn(read.response, requestId);
  }
  const { failure } = answered;
  if (!failure.isLogged) ctx.waitUntil(writeFailure(request, env, pointer, requestId, failure));
  return answerFailure(request, problemOf(failure), requestId);
}

function problemOf(failure: AppFailure): "internal" | "unavailable" | "upstream-timeout" {
  switch (failure.code) {
    case "never-answers":
      return "upstream-timeout";
    case "not-loaded":
      return "unavailable";
    case "throws-at-start":
    case "module-not-found":
    case "no-handler":
    case "unhealthy-status":
    case "throws":
      return "internal";
  }
}

type Answered = { readonly response: Response } | { readonly failure: AppFailure };

async function askApp(
  request: Request,
  env: Cloudflare.Env,
  ctx: ExecutionContext,
  pointer: HostPointer,
  requestId: string,
): Promise<Answered> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const outOfTime = new Promise<Answered>((resolve) => {
    timer = setTimeout(() => resolve({ failure: neverAnswers() }), ANSWER_TIMEOUT_MS);
  });
  try {
    const app = await openApp(env, ctx.exports, pointer);
    const asked = app.fetch(forward(request, requestId));
    // The runtime ends what is still running once the visitor has an answer.
    return await Promise.race([asked.then((response) => ({ response })), outOfTime]);
  } catch (error) {
    const failure = readAppFailure(error);
    if (failure.code === "not-loaded") console.error({ requestId, projectId: pointer.projectId }, error);
    return { failure };
  } finally {
    clearTimeout(timer);
  }
}

/** The visitor's request under its own address, with the id by which its log lines are found. */
function forward(request: Request, requestId: string): Request {
  const forwarded = new Request(request, { redirect: "manual" });
  forwarded.headers.set("x-request-id", requestId);
  withoutPlatformCookies(forwarded.headers);
  return forwarded;
}

function neverAnswers(): AppFailure {
  return {
    code: "never-answers",
    message: `no answer within ${ANSWER_TIMEOUT_MS / 1_000} s; the visitor was told so`,
    isLogged: false,
  };
}

async function writeFailure(
  request: Request,
  env: Cloudflare.Env,
  pointer: HostPointer,
  requestId: string,
  failure: AppFailure,
): Promise<void> {
  // An app that could not be loaded has said nothing.
  const mask = failure.code === "not-loaded" ? (text: string) => text : await maskOf(env, pointer);
  const line = {
    ts: Date.now(),
    level: "error" as const,
    message: mask(failure.message),
    ...(failure.stack === undefined ? {} : { stack: mask(failure.stack) }),
    requestId,
    artifactDigest: pointer.artifactDigest,
    path: mask(new URL(request.url).pathname),
  };
  await queueLines(env.APP_LOGS, `${pointer.projectId}/${pointer.environment}`, [line]);
}
