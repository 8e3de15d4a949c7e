// Capsules made in memory with the product's own core, as `oursynth pack` would make them.
import { webcrypto } from "node:crypto";
import { nodeHashing } from "../../../adapters/hashing/node-hashing.ts";
import { checkAuthoredManifest, completeManifest } from "../../../core/capsule/authored-manifest.ts";
import { canonicalBytes } from "../../../core/capsule/canonical-json.ts";
import { describeFile } from "../../../core/capsule/capsule-files.ts";
import { writeContainer } from "../../../core/capsule/container-writer.ts";
import { computeCapsuleDigest } from "../../../core/capsule/digest.ts";
import { envelopeBytes, signEnvelope } from "../../../core/signing/dsse.ts";
import { generateKeyPair, type PrivateKey } from "../../../core/signing/ed25519.ts";
import { createProvenance, createStatement } from "../../../core/signing/statement.ts";
import type { AuthoredManifestInput, Manifest } from "../../../schemas/manifest.ts";
import { type Envelope, PREDICATE_PROVENANCE } from "../../../schemas/statement.ts";

export type MadeCapsule = {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly capsuleDigest: string;
  readonly envelopes: readonly Envelope[];
  /** By SHA-256. */
  readonly blobs: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
};

/** A fixed time: the same files then make the same capsule. */
export const CREATED_AT = 1_790_000_000_000;

export function newKey(): Promise<PrivateKey> {
  return generateKeyPair((bytes) => webcrypto.getRandomValues(bytes));
}

/** @param files text by path */
export async function makeCapsule(
  key: PrivateKey,
  files: Readonly<Record<string, string | Uint8Array>>,
  authored: AuthoredManifestInput = {},
): Promise<MadeCapsule> {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  const lines: Manifest["files"] = [];
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content.slice();
    const { file } = await describeFile(path, "file", bytes, nodeHashing);
    blobs.set(file.sha256, new Uint8Array(bytes));
    lines.push(file);
  }
  const checked = checkAuthoredManifest(authored);
  if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
  const completed = completeManifest(checked.value, {
    files: lines,
    folderName: "fair-share",
    createdAt: CREATED_AT,
  });
  if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
  return { ...(await signManifest(key, completed.value)), blobs };
}

/** The manifest with its digest and one provenance envelope, whatever it says: also for manifests that are wrong. */
export async function signManifest(key: PrivateKey, manifest: Manifest): Promise<Omit<MadeCapsule, "blobs">> {
  const capsuleDigest = await computeCapsuleDigest(manifest, nodeHashing);
  const envelope = await signAbout(key, manifest.id, capsuleDigest);
  return { manifest, manifestBytes: canonicalBytes(manifest), capsuleDigest, envelopes: [envelope] };
}

/** A provenance envelope about a capsule. */
export async function signAbout(
  key: PrivateKey,
  id: string,
  capsuleDigest: string,
  invocationId = "1",
): Promise<Envelope> {
  const provenance = createProvenance({
    builderId: "urn:oursynth:builder:e2e",
    invocationId,
    startedAtMs: CREATED_AT,
    finishedAtMs: CREATED_AT,
  });
  return signEnvelope(
    createStatement(id, capsuleDigest, PREDICATE_PROVENANCE, provenance),
    [key],
    nodeHashing,
  );
}

/** The `.caps` of a capsule. */
export async function packContainer(capsule: MadeCapsule): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const container = writeContainer({
    manifest: capsule.manifest,
    attestations: new Map(),
    envelopes: capsule.envelopes.map(envelopeBytes),
    hashing: nodeHashing,
    openFile: (file) => capsule.blobs.get(file.sha256) ?? new Uint8Array(),
  });
  for await (const chunk of container) chunks.push(chunk.slice());
  return new Uint8Array(Buffer.concat(chunks));
}

/** A worker app of one module. */
export function makeWorkerApp(
  key: PrivateKey,
  source: string,
  version = "1.0.0",
  app: NonNullable<AuthoredManifestInput["app"]> = {},
): Promise<MadeCapsule> {
  return makeCapsule(key, { "src/index.js": source }, { version, app: { entry: "src/index.js", ...app } });
}

/** A worker app that answers with this text. */
export function makeGreeter(key: PrivateKey, text: string, version = "1.0.0"): Promise<MadeCapsule> {
  return makeWorkerApp(
    key,
    `export default { fetch: () => new Response(${JSON.stringify(text)}) };\n`,
    version,
  );
}
