// A visit (ARCHITECTURE.md "Visit"): hostname to pointer, then files, then code. Never through the project object.
import { findHostPointer } from "../../adapters/database/hostnames.ts";
import { cachedPointer } from "../../adapters/loader/pointer-cache.ts";
import { newId } from "../../adapters/random/new-id.ts";
import type { HostPointer } from "../../schemas/artifact.ts";
import { loadBuild, peekBuild } from "./build-cache.ts";
import { answerFailure } from "./failure-page.ts";
import { serveApp } from "./serve-app.ts";
import { serveBeforeCode, serveStatic } from "./serve-assets.ts";

const ARTIFACT_FIELD = "x-oursynth-artifact";

/** Answers for the app that lives at this hostname; null when none does. */
export async function serveHost(
  request: Request,
  env: Cloudflare.Env,
  ctx: ExecutionContext,
  hostname: string,
): Promise<Response | null> {
  const pointer = await cachedPointer(env.DB, hostname, findHostPointer);
  if (pointer === null) return null;
  const response = await serveBuild(request, env, ctx, pointer);
  response.headers.set(ARTIFACT_FIELD, pointer.artifactDigest);
  return response;
}

async function serveBuild(
  request: Request,
  env: Cloudflare.Env,
  ctx: ExecutionContext,
  pointer: HostPointer,
): Promise<Response> {
  try {
    const { build, configuration } = peekBuild(pointer) ?? (await loadBuild(env.BLOBS, pointer));
    const url = new URL(request.url);
    if (build.entry === null) return await serveStatic(env.BLOBS, request, url, build, configuration);
    const file = await serveBeforeCode(env.BLOBS, request, url, build, configuration);
    return file ?? (await serveApp(request, env, ctx, pointer, newId("request")));
  } catch (error) {
    // The platform's own failure, not the app's: the operator's log has it, with the id that the visitor sees.
    const requestId = newId("request");
    console.error({ requestId, hostname: pointer.hostname, artifactDigest: pointer.artifactDigest }, error);
    return answerFailure(request, "unavailable", requestId);
  }
}
