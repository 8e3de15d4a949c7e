// A capsule's names by content: of the whole manifest, of its files, of its settings (CAPSULE.md C2, C3).
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import type { Hashing } from "../hashing.ts";
import { toHex } from "./bytes.ts";
import { canonicalBytes } from "./canonical-json.ts";

const DIGEST_PREFIX = "sha256:";
const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/** `sha256:` and 64 lowercase hex digits. */
export function isDigest(text: string): boolean {
  return DIGEST_PATTERN.test(text);
}

/** The bare hex of a digest, as an in-toto subject carries it. Throws on anything that is not a digest. */
export function digestHex(digest: string): string {
  if (!isDigest(digest)) throw new TypeError("not a digest: sha256: and 64 lowercase hex digits");
  return digest.slice(DIGEST_PREFIX.length);
}

/** The digest whose raw hash is given. */
export function toDigest(sha256: Uint8Array): string {
  return DIGEST_PREFIX + toHex(sha256);
}

/** The digest of a JSON value's JCS form (RFC 8785). */
export async function computeJsonDigest(value: unknown, hashing: Hashing): Promise<string> {
  return toDigest(await hashing.sha256(canonicalBytes(value)));
}

/** A manifest as it is stored and transported, with the digest of these bytes: canonical once, used for both (C2). */
export async function sealManifest(
  manifest: Manifest,
  hashing: Hashing,
): Promise<{ readonly manifestBytes: Uint8Array; readonly capsuleDigest: string }> {
  const manifestBytes = canonicalBytes(manifest);
  return { manifestBytes, capsuleDigest: toDigest(await hashing.sha256(manifestBytes)) };
}

/** A capsule's identity: the digest of its manifest (CAPSULE.md C2). */
export function computeCapsuleDigest(manifest: Manifest, hashing: Hashing): Promise<string> {
  return computeJsonDigest(manifest, hashing);
}

/** What the capsule holds, whoever made it and whenever (CAPSULE.md C3). */
export function computeContentDigest(files: readonly ManifestFile[], hashing: Hashing): Promise<string> {
  return computeJsonDigest({ files }, hashing);
}

/** The manifest without what differs between two builds of one content: who, when, from what, and the files. */
export type CapsuleSettings = Omit<
  Manifest,
  "createdAt" | "createdBy" | "attestations" | "parents" | "files"
>;

/** The settings half of a snapshot (ARCHITECTURE.md, Words). */
export function settingsOf(manifest: Manifest): CapsuleSettings {
  const {
    createdAt: _at,
    createdBy: _by,
    attestations: _carried,
    parents: _parents,
    files: _files,
    ...settings
  } = manifest;
  return settings;
}

/** The digest of `settingsOf(manifest)`. */
export function computeSettingsDigest(manifest: Manifest, hashing: Hashing): Promise<string> {
  return computeJsonDigest(settingsOf(manifest), hashing);
}
