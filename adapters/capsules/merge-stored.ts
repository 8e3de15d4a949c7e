// Merges capsules that the platform holds and signs the result with the project's own key (CAPSULE.md F2, S6).
import { digestHex, sealManifest } from "../../core/capsule/digest.ts";
import { type MergeFailure, mergeCapsules } from "../../core/capsule/merge-capsules.ts";
import { BUILD_TYPE_MERGE, createProvenance, createStatement } from "../../core/signing/statement.ts";
import type { MergeConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import { ok, type Result } from "../../schemas/result.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import { putBlob } from "../blobs/blob-store.ts";
import { fileReader } from "../blobs/file-reader.ts";
import { readStoredManifest } from "../build/compile-stored.ts";
import { type PossessedBlob, recordPossession } from "../database/blobs.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { type KeyEnv, type KeyOwner, signWithProjectKey } from "../vault/project-key.ts";
import { attachStoredSbom } from "./stored-sbom.ts";

export type StoredMerge = {
  /** Digests of capsules that the owner's organization has. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly version: string;
  readonly decisions: ReadonlyMap<string, MergeDecision>;
  readonly reason?: string | undefined;
  readonly now: number;
};

export type StoredMergeOutcome =
  | { readonly status: "merged"; readonly manifestBytes: Uint8Array; readonly envelope: Uint8Array }
  | { readonly status: "conflicts"; readonly conflicts: readonly MergeConflict[] };

/** Stores the contents that the merge made, once nothing is in conflict; accepting the capsule is the caller's. */
export async function mergeStored(
  env: KeyEnv,
  owner: KeyOwner,
  merge: StoredMerge,
): Promise<Result<StoredMergeOutcome, MergeFailure>> {
  const [base, ours, theirs] = await Promise.all([
    readStoredManifest(env.BLOBS, merge.base),
    readStoredManifest(env.BLOBS, merge.ours),
    readStoredManifest(env.BLOBS, merge.theirs),
  ]);
  const merged = await mergeCapsules(base, ours, theirs, {
    version: merge.version,
    decisions: merge.decisions,
    hashing: workerdHashing,
    readFile: fileReader(env.BLOBS),
  });
  if (!merged.ok) return merged;
  if (merged.value.status === "conflicts") return ok(merged.value);
  await storeBlobs(env, owner, merged.value.blobs, merge.now);
  // What the sides carried told of their own states; of the merged one its lockfile tells.
  const attached = await attachStoredSbom(env, owner, merged.value.manifest, merge.now);
  const manifest = attached?.manifest ?? merged.value.manifest;
  const { manifestBytes, capsuleDigest } = await sealManifest(manifest, workerdHashing);
  const provenance = createProvenance({
    builderId: "urn:oursynth:platform",
    buildType: BUILD_TYPE_MERGE,
    invocationId: `${owner.projectId}/merge/${digestHex(capsuleDigest)}`,
    startedAtMs: merge.now,
    finishedAtMs: merge.now,
    externalParameters: { projectId: owner.projectId, version: merge.version },
    resolvedDependencies: [
      ...(["base", "ours", "theirs"] as const).map((name) => ({
        name,
        digest: { sha256: digestHex(merge[name]) },
      })),
      ...(attached?.resolvedDependencies ?? []),
    ],
    byproducts:
      attached === null
        ? []
        : [{ name: attached.document.path, digest: { sha256: attached.document.sha256 } }],
    ...(merge.reason === undefined ? {} : { reason: merge.reason }),
  });
  const statement = createStatement(manifest.id, capsuleDigest, PREDICATE_PROVENANCE, provenance);
  const { bytes } = await signWithProjectKey(env, owner, statement);
  return ok({ status: "merged", manifestBytes, envelope: bytes });
}

async function storeBlobs(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  owner: KeyOwner,
  blobs: ReadonlyMap<string, Uint8Array>,
  now: number,
): Promise<void> {
  const stored: PossessedBlob[] = [];
  for (const [sha256, bytes] of blobs) {
    const put = await putBlob(env.BLOBS, sha256, bytes.byteLength, bytes, workerdHashing);
    if (!put.ok) throw new Error(`the merged file ${sha256} could not be stored: ${put.reason.code}`);
    stored.push({ sha256, sizeBytes: bytes.byteLength, crc32: put.value.crc32 });
  }
  await recordPossession(env.DB, owner, stored, now);
}
