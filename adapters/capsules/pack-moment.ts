// Packs a capsule from a moment of a project and signs it with the project's own key (CAPSULE.md C7, S6).
import { sealManifest } from "../../core/capsule/digest.ts";
import {
  checkManifest,
  formatCapsuleId,
  type ManifestIssue,
  parseCapsuleId,
} from "../../core/capsule/manifest.ts";
import { redactVariables } from "../../core/capsule/redact-variables.ts";
import { findLockfile } from "../../core/capsule/sbom/lockfile.ts";
import { SECRET_RULES_VERSION } from "../../core/capsule/secret-rules.ts";
import { createProvenance, createStatement } from "../../core/signing/statement.ts";
import { CAPSULE_TYPE, type Manifest } from "../../schemas/manifest.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { PREDICATE_PROVENANCE, type ResourceDescriptor } from "../../schemas/statement.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { type KeyEnv, type KeyOwner, signWithProjectKey } from "../vault/project-key.ts";
import { findMomentSecrets } from "./find-moment-secrets.ts";
import type { SnapshotContent } from "./snapshots.ts";
import { attachStoredSbom } from "./stored-sbom.ts";

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

export type PackFailure =
  | { readonly code: "validation"; readonly issues: readonly ManifestIssue[] }
  /** CAPSULE.md C8; `fields` name path and rule, never the secret. */
  | { readonly code: "secret"; readonly fields: readonly FieldError[] };

/** @param version replaces the settings' version; the id follows it */
export async function packMoment(
  env: KeyEnv,
  owner: KeyOwner,
  moment: Moment,
  options: {
    readonly version?: string | undefined;
    readonly reason?: string | undefined;
    /** Paths that the secret rules let in. */
    readonly allow?: readonly string[] | undefined;
    readonly now: number;
  },
): Promise<Result<PackedMoment, PackFailure>> {
  const { files } = moment.content;
  const settings = withoutSecretValues(moment.content.settings);
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
  if (!checked.ok) return fail({ code: "validation", issues: checked.reason.issues });
  const secrets = await findMomentSecrets(env.BLOBS, checked.value, options.allow ?? []);
  if (secrets.length > 0) return fail({ code: "secret", fields: secrets });
  const attached = await attachStoredSbom(env, owner, checked.value, options.now);
  const manifest = attached?.manifest ?? checked.value;
  const { manifestBytes, capsuleDigest } = await sealManifest(manifest, workerdHashing);
  const provenance = createProvenance({
    builderId: BUILDER_ID,
    invocationId: `${owner.projectId}/${moment.branch}/${moment.seq}`,
    startedAtMs: moment.ts,
    finishedAtMs: options.now,
    internalParameters: { secretRules: SECRET_RULES_VERSION },
    externalParameters: { projectId: owner.projectId, branch: moment.branch, at: moment.seq },
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    resolvedDependencies: [...describeLockfile(manifest), ...(attached?.resolvedDependencies ?? [])],
    byproducts:
      attached === null
        ? []
        : [{ name: attached.document.path, digest: { sha256: attached.document.sha256 } }],
  });
  const statement = createStatement(manifest.id, capsuleDigest, PREDICATE_PROVENANCE, provenance);
  const { bytes } = await signWithProjectKey(env, owner, statement);
  return ok({ capsuleDigest, manifestBytes, envelope: bytes });
}

/** Whoever packs moves them, also where a capsule of another packer left them. */
function withoutSecretValues(settings: SnapshotContent["settings"]): SnapshotContent["settings"] {
  const { env, secrets } = redactVariables(settings.app.env, settings.app.secrets);
  return { ...settings, app: { ...settings.app, env: { ...env }, secrets: [...secrets] } };
}

function describeLockfile(manifest: Manifest): readonly ResourceDescriptor[] {
  const file = findLockfile(manifest);
  return file === null ? [] : [{ name: file.path, digest: { sha256: file.sha256 } }];
}
