// The files of an app: which one answers, or why none does.
import { decodeAssetPath, resolveAsset, resolveNotFound } from "../../adapters/loader/resolve-asset.ts";
import type { Configuration } from "../../schemas/artifact.ts";
import type { HostedBuild } from "./build-cache.ts";
import { serveFile } from "./serve-file.ts";

const READING_METHODS = "GET, HEAD";

/** Answers from a static app's files; there is always an answer. */
export async function serveStatic(
  bucket: R2Bucket,
  request: Request,
  url: URL,
  build: HostedBuild,
  configuration: Configuration,
): Promise<Response> {
  if (!isReading(request))
    return refuse(405, "This app takes GET and HEAD only.", { allow: READING_METHODS });
  const path = decodeAssetPath(url.pathname);
  if (path === null) return refuse(400, "The path holds a broken percent escape.");
  const found = await serveFound(bucket, request, url, path, build, configuration);
  if (found !== null) return found;
  const isExcused =
    configuration.notFoundHandling === "single-page-application" && !isNavigation(request, true);
  const answer = isExcused ? null : resolveNotFound(build.assets, path, configuration);
  if (answer?.kind === "file") return await serveFile(bucket, request, answer.asset, answer.status);
  return refuse(404, "Nothing is here.");
}

/** Answers from the files of an app that also has code; null leaves the request to the code. */
export async function serveBeforeCode(
  bucket: R2Bucket,
  request: Request,
  url: URL,
  build: HostedBuild,
  configuration: Configuration,
): Promise<Response | null> {
  if (build.assets.size === 0 || !isReading(request)) return null;
  const path = decodeAssetPath(url.pathname);
  if (path === null) return null;
  const found = await serveFound(bucket, request, url, path, build, configuration);
  if (found !== null) return found;
  if (configuration.notFoundHandling !== "single-page-application" || !isNavigation(request, false))
    return null;
  const answer = resolveNotFound(build.assets, path, configuration);
  return answer.kind === "file" ? await serveFile(bucket, request, answer.asset, answer.status) : null;
}

async function serveFound(
  bucket: R2Bucket,
  request: Request,
  url: URL,
  path: string,
  build: HostedBuild,
  configuration: Configuration,
): Promise<Response | null> {
  const answer = resolveAsset(build.assets, path, configuration);
  switch (answer.kind) {
    case "none":
      return null;
    case "redirect":
      return redirect(answer.path, url.search);
    case "file":
      // Doubled slashes would break the page's relative links.
      if (url.pathname.includes("//")) return redirect(path, url.search);
      return await serveFile(bucket, request, answer.asset, answer.status);
  }
}

function isReading(request: Request): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/** Browsers say what they load a thing for; who does not say gets the benefit of the doubt only where no code waits. */
function isNavigation(request: Request, otherwise: boolean): boolean {
  const mode = request.headers.get("sec-fetch-mode");
  return mode === null ? otherwise : mode === "navigate";
}

/** As Workers static assets do: 307, so that the method stays and nothing is remembered. */
function redirect(path: string, search: string): Response {
  const encoded = encodeURI(path).replace(/[?#]/g, encodeURIComponent);
  return new Response(null, { status: 307, headers: { location: encoded + search } });
}

function refuse(status: 400 | 404 | 405, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}
