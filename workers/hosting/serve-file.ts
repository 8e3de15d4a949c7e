// One file as an HTTP response: conditional, in part, compressed (RFC 9110 §13, §14, §8.4).
import { getBlob } from "../../adapters/blobs/blob-store.ts";
import type { ArtifactAsset } from "../../schemas/artifact.ts";
import { getCachedBody, keepBody, MAX_CACHED_BODY_BYTES } from "./byte-cache.ts";
import { cacheControlOf, kindOf } from "./file-headers.ts";
import { acceptsEncoding, matchesEtag, readRange } from "./http-fields.ts";

/** Below this a compressed file is hardly smaller. */
const MIN_COMPRESSED_BYTES = 1024;
/** Above this a file is sent as it is: compressing it costs every visit. */
const MAX_COMPRESSED_BYTES = 8 * 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/** Answers a GET or HEAD of a file. A 404 page is sent whole, whatever the request's conditions. */
export async function serveFile(
  bucket: R2Bucket,
  request: Request,
  asset: ArtifactAsset,
  status: 200 | 404,
): Promise<Response> {
  const fields = request.headers;
  const kind = kindOf(asset.path);
  const mayCompress =
    kind.isCompressible && asset.sizeBytes >= MIN_COMPRESSED_BYTES && asset.sizeBytes <= MAX_COMPRESSED_BYTES;
  const isPart = status === 200 && request.method === "GET" && fields.has("range");
  const isCompressed = mayCompress && !isPart && acceptsEncoding(acceptEncodingOf(request), "gzip");
  const etag = `"${asset.sha256}${isCompressed ? "-gzip" : ""}"`;
  const headers: Record<string, string> = {
    "content-type": kind.contentType,
    "cache-control": status === 200 ? cacheControlOf(asset.path) : "no-store",
    "x-content-type-options": "nosniff",
    etag,
  };
  if (mayCompress) headers.vary = "accept-encoding";
  if (!isCompressed) headers["accept-ranges"] = "bytes";
  if (status === 200 && matchesEtag(fields.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  const method = request.method === "HEAD" ? "HEAD" : "GET";
  if (isCompressed) return await sendCompressed(bucket, method, asset, status, headers);
  const ifRange = fields.get("if-range");
  if (isPart && (ifRange === null || ifRange === etag)) {
    const range = readRange(fields.get("range"), asset.sizeBytes);
    if (range.kind === "part") return await sendPart(bucket, asset, range.offset, range.length, headers);
    if (range.kind === "unsatisfiable") {
      const refused = { "content-range": `bytes */${asset.sizeBytes}`, "x-content-type-options": "nosniff" };
      return new Response(null, { status: 416, headers: refused });
    }
  }
  headers["content-length"] = String(asset.sizeBytes);
  const body = method === "HEAD" ? null : await openWhole(bucket, asset);
  return new Response(body, { status, headers });
}

/** What the visitor's client sent: the edge (and the local runtime) puts its own Accept-Encoding in place of it. */
function acceptEncodingOf(request: Request): string | null {
  const original = request.cf?.clientAcceptEncoding;
  return typeof original === "string" ? original : request.headers.get("accept-encoding");
}

async function sendCompressed(
  bucket: R2Bucket,
  method: "GET" | "HEAD",
  asset: ArtifactAsset,
  status: 200 | 404,
  headers: Record<string, string>,
): Promise<Response> {
  const key = `${asset.sha256}-gzip`;
  const body = getCachedBody(key) ?? (await compress(await readWhole(bucket, asset), key));
  headers["content-encoding"] = "gzip";
  headers["content-length"] = String(body.byteLength);
  return new Response(method === "HEAD" ? null : body, { status, headers, encodeBody: "manual" });
}

async function sendPart(
  bucket: R2Bucket,
  asset: ArtifactAsset,
  offset: number,
  length: number,
  headers: Record<string, string>,
): Promise<Response> {
  headers["content-range"] = `bytes ${offset}-${offset + length - 1}/${asset.sizeBytes}`;
  headers["content-length"] = String(length);
  const cached = getCachedBody(asset.sha256);
  const body =
    cached?.subarray(offset, offset + length) ?? (await openBlob(bucket, asset, { offset, length })).body;
  return new Response(body, { status: 206, headers });
}

async function openWhole(bucket: R2Bucket, asset: ArtifactAsset): Promise<Bytes | ReadableStream> {
  const cached = getCachedBody(asset.sha256);
  if (cached !== undefined) return cached;
  if (asset.sizeBytes > MAX_CACHED_BODY_BYTES) return (await openBlob(bucket, asset)).body;
  return await readWhole(bucket, asset);
}

async function readWhole(bucket: R2Bucket, asset: ArtifactAsset): Promise<Bytes> {
  const cached = getCachedBody(asset.sha256);
  if (cached !== undefined) return cached;
  const bytes = new Uint8Array(await (await openBlob(bucket, asset)).arrayBuffer());
  keepBody(asset.sha256, bytes);
  return bytes;
}

async function openBlob(
  bucket: R2Bucket,
  asset: ArtifactAsset,
  range?: { readonly offset: number; readonly length: number },
): Promise<R2ObjectBody> {
  const blob = await getBlob(bucket, asset.sha256, range);
  if (blob === null)
    throw new Error(`the artifact names ${asset.path} (${asset.sha256}), whose bytes are missing`);
  return blob;
}

async function compress(bytes: Bytes, key: string): Promise<Bytes> {
  const packed = new Response(bytes).body?.pipeThrough(new CompressionStream("gzip"));
  const body = new Uint8Array(await new Response(packed ?? null).arrayBuffer());
  keepBody(key, body);
  return body;
}
