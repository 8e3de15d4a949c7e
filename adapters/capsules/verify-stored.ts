// Verifies what the store holds. A file's bytes were proven against its digest when the store took them (R2 checks
// sha256 at PUT), so the report rests on that; `isReread` hashes every byte again.
import { digestHex } from "../../core/capsule/digest.ts";
import { parseManifest } from "../../core/capsule/manifest.ts";
import { type CapsuleSource, type SourceFile, verifyCapsule } from "../../core/capsule/verify-capsule.ts";
import type { FindReceipts } from "../../core/signing/receipt.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { getBlob, requireDocument } from "../blobs/blob-store.ts";
import { ReadAhead } from "../blobs/read-ahead.ts";
import { findPossessed, type PossessedBlob } from "../database/blobs.ts";
import { findCapsuleAnywhere, listBroughtStatements } from "../database/capsules.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

type StoreEnv = Pick<Cloudflare.Env, "DB" | "BLOBS">;

export type StoredCapsule = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly capsuleDigest: string;
};

/** Verifies an accepted capsule against a trust record. */
export async function verifyStoredCapsule(
  env: StoreEnv,
  input: StoredCapsule & {
    readonly trust: TrustRecord;
    readonly findReceipts: FindReceipts;
    readonly isReread?: boolean;
  },
): Promise<VerificationReport> {
  const manifestBytes = await requireDocument(env.BLOBS, "manifests", digestHex(input.capsuleDigest));
  return await verifyParts(env, {
    ...input,
    manifestBytes,
    envelopes: await readEnvelopes(env, input),
    expectedDigest: input.capsuleDigest,
  });
}

export type CapsuleParts = {
  readonly organizationId: string;
  readonly trust: TrustRecord;
  readonly findReceipts: FindReceipts;
  readonly manifestBytes: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
  readonly expectedDigest?: string;
  readonly isReread?: boolean;
};

/** Verifies a capsule whose manifest and envelopes are at hand and whose files the organization has put. */
export async function verifyParts(env: StoreEnv, parts: CapsuleParts): Promise<VerificationReport> {
  const parsed = parseManifest(parts.manifestBytes);
  const manifest = parsed.ok ? parsed.value : null;
  const digests = [...(manifest?.files ?? []), ...(manifest?.attestations ?? [])].map((file) => file.sha256);
  const possessed = await findPossessed(env.DB, parts, digests);
  const source: CapsuleSource = {
    manifestBytes: parts.manifestBytes,
    envelopes: parts.envelopes,
    attestations: manifest === null ? null : readAttestations(env.BLOBS, manifest, possessed),
    files: manifest === null ? null : listFiles(env.BLOBS, manifest, possessed, parts.isReread === true),
    hasParent: async (digest) => (await findCapsuleAnywhere(env.DB, parts.organizationId, digest)) !== null,
  };
  return await verifyCapsule(source, {
    trust: parts.trust,
    findReceipts: parts.findReceipts,
    hashing: workerdHashing,
    ...(parts.expectedDigest === undefined ? {} : { expectedDigest: parts.expectedDigest }),
  });
}

/** The names of what others said about a capsule. */
export async function listEnvelopes(database: D1Database, capsule: StoredCapsule): Promise<string[]> {
  const rows = await listBroughtStatements(database, capsule, capsule.capsuleDigest);
  return rows.map(({ envelopeSha256 }) => envelopeSha256);
}

/** What others said about a capsule. What the platform adds itself has no limit, and is brought when it is asked for. */
async function readEnvelopes(env: StoreEnv, capsule: StoredCapsule): Promise<Uint8Array[]> {
  const names = await listEnvelopes(env.DB, capsule);
  return await Promise.all(names.map((sha256) => requireDocument(env.BLOBS, "envelopes", sha256)));
}

async function* listFiles(
  bucket: R2Bucket,
  manifest: Manifest,
  possessed: ReadonlyMap<string, PossessedBlob>,
  isReread: boolean,
): AsyncGenerator<SourceFile> {
  const files = manifest.files.filter((file) => possessed.has(file.sha256));
  const reader = new ReadAhead(bucket, files);
  for (const [index, { path, sha256 }] of files.entries()) {
    const sizeBytes = possessed.get(sha256)?.sizeBytes ?? 0;
    // Bytes that are not there any more are as good as none: the file is not what the manifest says.
    yield isReread
      ? { path, content: (await reader.open(index)) ?? new Uint8Array() }
      : { path, stored: true, sha256, sizeBytes };
  }
}

async function* readAttestations(
  bucket: R2Bucket,
  manifest: Manifest,
  possessed: ReadonlyMap<string, PossessedBlob>,
): AsyncGenerator<{ path: string; bytes: Uint8Array }> {
  for (const { path, sha256 } of manifest.attestations) {
    const blob = possessed.has(sha256) ? await getBlob(bucket, sha256) : null;
    if (blob !== null) yield { path, bytes: new Uint8Array(await blob.arrayBuffer()) };
  }
}
