// Packs a capsule from a moment of a project and signs it with the project's own key (CAPSULE.md C7, S6).
import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import { toDigest } from "../../core/capsule/digest.ts";
import {
  checkManifest,
  formatCapsuleId,
  type ManifestIssue,
  parseCapsuleId,
} from "../../core/capsule/manifest.ts";
import { createProvenance, createStatement } from "../../core/signing/statement.ts";
import { CAPSULE_TYPE } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { type KeyOwner, signWithProjectKey } from "../vault/project-key.ts";
import type { SnapshotContent } from "./snapshots.ts";

const BUILDER_ID = "urn:oursynth:platform";

export type Moment = {
  readonly content: SnapshotContent;
  readonly branch: string;
  readonly seq: number;
  /** The event's time; two packs of one moment are the same capsule. */
  readonly ts: number;
  /** The capsule that stands at the moment already, if any: it becomes the parent. */
  readonly capsuleDigest: string | null;
};

export type PackedMoment = {
  readonly capsuleDigest: string;
  readonly manifestBytes: Uint8Array;
  readonly envelope: Uint8Array;
};

/** @param version replaces the settings' version; the id follows it */
export async function packMoment(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS" | "OURSYNTH_VAULT_KEY">,
  owner: KeyOwner,
  moment: Moment,
  options: {
    readonly version?: string | undefined;
    readonly reason?: string | undefined;
    readonly now: number;
  },
): Promise<Result<PackedMoment, readonly ManifestIssue[]>> {
  const { settings, files } = moment.content;
  const version = options.version ?? settings.version;
  const slug = parseCapsuleId(settings.id)?.slug ?? "app";
  const checked = checkManifest({
    ...settings,
    _type: CAPSULE_TYPE,
    id: formatCapsuleId({ slug, version }),
    version,
    createdAt: moment.ts,
    createdBy: null,
    attestations: [],
    parents: moment.capsuleDigest === null ? [] : [moment.capsuleDigest],
    files,
  });
  if (!checked.ok) return fail(checked.reason.issues);
  const manifestBytes = canonicalBytes(checked.value);
  const capsuleDigest = toDigest(await workerdHashing.sha256(manifestBytes));
  const provenance = createProvenance({
    builderId: BUILDER_ID,
    invocationId: `${owner.projectId}/${moment.branch}/${moment.seq}`,
    startedAtMs: moment.ts,
    finishedAtMs: options.now,
    externalParameters: { projectId: owner.projectId, branch: moment.branch, at: moment.seq },
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  });
  const statement = createStatement(checked.value.id, capsuleDigest, PREDICATE_PROVENANCE, provenance);
  const { bytes } = await signWithProjectKey(env, owner, statement);
  return ok({ capsuleDigest, manifestBytes, envelope: bytes });
}
