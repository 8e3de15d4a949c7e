// Merges capsules that lie on this disk into one that can be written (CAPSULE.md F2).
import { randomUUID } from "node:crypto";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { computeCapsuleDigest, digestHex } from "../../core/capsule/digest.ts";
import { type MergeFailure, mergeCapsules } from "../../core/capsule/merge-capsules.ts";
import { type AttachedSbom, attachSbom } from "../../core/capsule/sbom/attach-sbom.ts";
import { findLockfile, LOCKFILE_LIMITS } from "../../core/capsule/sbom/lockfile.ts";
import { signEnvelope } from "../../core/signing/dsse.ts";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import { BUILD_TYPE_MERGE, createProvenance, createStatement } from "../../core/signing/statement.ts";
import type { MergeConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { ok, type Result } from "../../schemas/result.ts";
import { type Envelope, PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import type { WritableCapsule } from "../pack/write-capsule.ts";
import type { CapsuleBlob, OpenCapsule } from "../push/open-capsule.ts";
import { readBlob } from "../push/read-blob.ts";
import { CLI_VERSION } from "../version.ts";

export type CapsuleMerge = {
  readonly base: OpenCapsule;
  readonly ours: OpenCapsule;
  readonly theirs: OpenCapsule;
  readonly version: string;
  readonly decisions: ReadonlyMap<string, MergeDecision>;
  /** Signs the provenance; without it there is no envelope. */
  readonly key: PrivateKey | null;
  readonly reason?: string | undefined;
};

export type MergedCapsule =
  | { readonly status: "merged"; readonly capsule: WritableCapsule; readonly capsuleDigest: string }
  | { readonly status: "conflicts"; readonly conflicts: readonly MergeConflict[] };

/** Nothing is written. */
export async function mergeCapsuleFiles(merge: CapsuleMerge): Promise<Result<MergedCapsule, MergeFailure>> {
  const startedAtMs = Date.now();
  const { base, ours, theirs, version, decisions } = merge;
  const blobs = new Map<string, CapsuleBlob>([...base.blobs, ...ours.blobs, ...theirs.blobs]);
  const merged = await mergeCapsules(base.manifest, ours.manifest, theirs.manifest, {
    version,
    decisions,
    hashing: nodeHashing,
    readFile: (sha256) => {
      const blob = blobs.get(sha256);
      return blob === undefined ? null : readBlob(blob);
    },
  });
  if (!merged.ok) return merged;
  if (merged.value.status === "conflicts") return ok(merged.value);
  for (const [sha256, bytes] of merged.value.blobs) blobs.set(sha256, { bytes });
  const sbom = await readSbomOf(merged.value.manifest, blobs);
  const manifest = sbom?.manifest ?? merged.value.manifest;
  const attestations = new Map(sbom === null ? [] : [[sbom.document.path, sbom.document.bytes]]);
  if (sbom !== null) blobs.set(sbom.document.sha256, { bytes: sbom.document.bytes });
  const capsuleDigest = await computeCapsuleDigest(manifest, nodeHashing);
  const envelopes =
    merge.key === null ? [] : [await signMerge(merge, manifest, sbom, capsuleDigest, merge.key, startedAtMs)];
  const capsule = { manifest, envelopes, blobs, attestations, crc32s: new Map() };
  return ok({ status: "merged", capsule, capsuleDigest });
}

/** Of the merged lockfile, as the platform makes it; null without one that can be read (CAPSULE.md B1). */
async function readSbomOf(
  manifest: Manifest,
  blobs: ReadonlyMap<string, CapsuleBlob>,
): Promise<AttachedSbom | null> {
  const file = findLockfile(manifest);
  const blob = file === null ? undefined : blobs.get(file.sha256);
  if (file === null || blob === undefined || file.sizeBytes > LOCKFILE_LIMITS.bytes) return null;
  const lockfile = { file, bytes: await readBlob(blob) };
  const attached = await attachSbom(manifest, { lockfile, provided: null }, nodeHashing);
  return attached.ok ? attached.value : null;
}

function signMerge(
  merge: CapsuleMerge,
  manifest: Manifest,
  sbom: AttachedSbom | null,
  capsuleDigest: string,
  key: PrivateKey,
  startedAtMs: number,
): Promise<Envelope> {
  const provenance = createProvenance({
    builderId: `urn:oursynth:cli:${CLI_VERSION}`,
    buildType: BUILD_TYPE_MERGE,
    invocationId: `urn:uuid:${randomUUID()}`,
    startedAtMs,
    finishedAtMs: Date.now(),
    externalParameters: { version: merge.version },
    resolvedDependencies: [
      ...(["base", "ours", "theirs"] as const).map((name) => ({
        name,
        digest: { sha256: digestHex(merge[name].capsuleDigest) },
      })),
      ...(sbom?.resolvedDependencies ?? []),
    ],
    byproducts: sbom === null ? [] : [{ name: sbom.document.path, digest: { sha256: sbom.document.sha256 } }],
    ...(merge.reason === undefined ? {} : { reason: merge.reason }),
  });
  const statement = createStatement(manifest.id, capsuleDigest, PREDICATE_PROVENANCE, provenance);
  return signEnvelope(statement, [key], nodeHashing);
}
