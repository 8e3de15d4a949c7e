// A capsule without its files: `<slug>.capsule.json`, the manifest with its envelopes (CAPSULE.md K4).
import * as z from "zod";
import type { Manifest } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { Hashing } from "../hashing.ts";
import { toHex } from "./bytes.ts";
import { canonicalBytes, parseCanonicalJson } from "./canonical-json.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import { type ManifestIssue, parseManifest } from "./manifest.ts";

export type DetachedCapsule = {
  readonly manifest: Manifest;
  /** The canonical form of the manifest: its SHA-256 is the capsule's digest. */
  readonly manifestBytes: Uint8Array;
  /** The canonical bytes of each envelope, as a container would carry it; their form is not yet checked. */
  readonly envelopes: readonly Uint8Array[];
};

export type DetachedReason = {
  readonly code:
    | "not-json"
    | "not-canonical"
    | "not-detached"
    | "limit"
    | "unsorted-envelopes"
    | "invalid-manifest";
  readonly message: string;
  /** With `invalid-manifest`. */
  readonly issues?: readonly ManifestIssue[];
};

const detachedSchema = z.strictObject({
  envelopes: z.array(z.record(z.string(), z.unknown())),
  manifest: z.record(z.string(), z.unknown()),
});

/**
 * The bytes of the detached form: one JCS document (RFC 8785), its envelopes sorted by the hash of their bytes and each
 * once, as in a container (K1). Same parts, same bytes. Throws a RangeError when they break the limits of C6, and a
 * TypeError when an envelope is not canonical JSON: both are the caller's mistake.
 */
export async function writeDetached(
  manifest: Manifest,
  envelopes: readonly Uint8Array[],
  hashing: Hashing,
): Promise<Uint8Array> {
  const byHash = new Map<string, unknown>();
  for (const bytes of envelopes) {
    const parsed = parseCanonicalJson(bytes, { maxBytes: CAPSULE_LIMITS.documentBytes });
    if (!parsed.ok) throw new TypeError(`an envelope is not canonical JSON: ${parsed.reason.message}`);
    byHash.set(toHex(await hashing.sha256(bytes)), parsed.value);
  }
  if (byHash.size > CAPSULE_LIMITS.envelopeCount)
    throw new RangeError(`more than ${CAPSULE_LIMITS.envelopeCount} envelopes`);
  const sorted = [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, envelope]) => envelope);
  const bytes = canonicalBytes({ envelopes: sorted, manifest });
  if (bytes.length > CAPSULE_LIMITS.detachedBytes)
    throw new RangeError(`larger than ${CAPSULE_LIMITS.detachedBytes} bytes`);
  return bytes;
}

/**
 * Reads a detached capsule: canonical as a whole, a valid manifest, envelopes in order. What the envelopes say is for
 * `verifyCapsule` to judge.
 */
export async function parseDetached(
  bytes: Uint8Array,
  hashing: Hashing,
): Promise<Result<DetachedCapsule, DetachedReason>> {
  // The manifest may be as deep as anywhere (C1), and lies one level further down here.
  const limits = { maxBytes: CAPSULE_LIMITS.detachedBytes, maxDepth: CAPSULE_LIMITS.jsonDepth + 1 };
  const json = parseCanonicalJson(bytes, limits);
  if (!json.ok) {
    const { code, message } = json.reason;
    if (code === "too-large" || code === "too-deep") return fail({ code: "limit", message });
    return fail({ code: code === "not-canonical" ? code : "not-json", message });
  }
  const shaped = detachedSchema.safeParse(json.value);
  if (!shaped.success)
    return fail({ code: "not-detached", message: "is not {manifest, envelopes} and nothing else" });
  const manifestBytes = canonicalBytes(shaped.data.manifest);
  const manifest = parseManifest(manifestBytes);
  if (!manifest.ok) {
    const { issues } = manifest.reason;
    const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ");
    return fail({ code: "invalid-manifest", message, issues });
  }
  const envelopes = await readEnvelopes(shaped.data.envelopes, hashing);
  return envelopes.ok
    ? ok({ manifest: manifest.value, manifestBytes, envelopes: envelopes.value })
    : envelopes;
}

async function readEnvelopes(
  listed: readonly Readonly<Record<string, unknown>>[],
  hashing: Hashing,
): Promise<Result<readonly Uint8Array[], DetachedReason>> {
  const { envelopeCount, documentBytes } = CAPSULE_LIMITS;
  if (listed.length > envelopeCount)
    return fail({ code: "limit", message: `more than ${envelopeCount} envelopes` });
  const envelopes: Uint8Array[] = [];
  let previous = "";
  for (const envelope of listed) {
    const bytes = canonicalBytes(envelope);
    if (bytes.length > documentBytes)
      return fail({ code: "limit", message: `an envelope is larger than ${documentBytes} bytes` });
    const hash = toHex(await hashing.sha256(bytes));
    if (hash <= previous) {
      const message = "envelopes are not sorted by the hash of their bytes, or repeat one";
      return fail({ code: "unsorted-envelopes", message });
    }
    previous = hash;
    envelopes.push(bytes);
  }
  return ok(envelopes);
}
