// Takes a capsule in: every file possessed, every step of the verification passed, its documents stored, and only then
// visible, by one event of the project object. Repeating it gives the same answer.
import { digestHex, settingsOf, toDigest } from "../../core/capsule/digest.ts";
import { parseManifest } from "../../core/capsule/manifest.ts";
import { parseEnvelope, readStatement } from "../../core/signing/dsse.ts";
import type { ActorRef, Snapshot } from "../../schemas/event.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { type VerificationReport, verificationReportSchema } from "../../schemas/verification.ts";
import { getDocument, putDocument } from "../blobs/blob-store.ts";
import { leasePossessed } from "../database/blobs.ts";
import { type CapsuleFacts, findCapsule } from "../database/capsules.ts";
import type { CapsuleRow, StatementRow } from "../database/outbox-entry.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { findReceiptsIn, type ReceiptKeeper } from "./find-receipts.ts";
import { storeSnapshot } from "./snapshots.ts";
import { verifyParts } from "./verify-stored.ts";

/** A verified capsule as a project takes it onto its timeline. */
export type CapsuleAcceptance = {
  readonly capsule: Omit<CapsuleRow, "acceptedAt" | "eventSeq">;
  readonly statements: readonly Omit<StatementRow, "createdAt">[];
  readonly snapshot: Snapshot;
  readonly actor: ActorRef;
  /** Of the trust record that it was verified against. */
  readonly trustRevision: number;
  /** Also commit it to this branch. */
  readonly branch: string | null;
  readonly message: string;
};

/** The project object, as far as taking a capsule in needs it. */
export type CapsuleTaker = ReceiptKeeper & {
  trustRecord(): Promise<TrustRecord>;
  acceptCapsule(
    acceptance: CapsuleAcceptance,
  ): Promise<Result<unknown, { readonly code: string; readonly message: string }>>;
};

export type IncomingCapsule = {
  readonly organizationId: string;
  readonly userId: string;
  readonly actor: ActorRef;
  readonly projectId: string;
  readonly manifestBytes: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
  readonly branch: string | null;
  readonly message: string;
};

export type AcceptFailure =
  | { readonly code: "capsule-invalid"; readonly report: VerificationReport }
  | { readonly code: "blobs-missing"; readonly missing: readonly string[] }
  | { readonly code: "conflict"; readonly message: string };

export type Accepted = { readonly facts: CapsuleFacts; readonly report: VerificationReport };

/** How often a verification that raced a change of trust is done anew. */
const MAX_ATTEMPTS = 5;

/** @param project where the capsule becomes visible, in one event */
export async function acceptCapsule(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  project: CapsuleTaker,
  incoming: IncomingCapsule,
): Promise<Result<Accepted, AcceptFailure>> {
  const parsed = parseManifest(incoming.manifestBytes);
  if (parsed.ok) {
    const missing = await findMissing(env.DB, incoming, parsed.value);
    if (missing.length > 0) return fail({ code: "blobs-missing", missing });
  }
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const trust = await project.trustRecord();
    const report = await verifyParts(env, {
      ...incoming,
      trust,
      findReceipts: findReceiptsIn(env.BLOBS, project),
    });
    if (!parsed.ok || report.verdict !== "pass") return fail({ code: "capsule-invalid", report });
    const manifest = parsed.value;
    const capsuleDigest = toDigest(await workerdHashing.sha256(incoming.manifestBytes));
    const snapshot = await storeDocuments(env.BLOBS, incoming, manifest, capsuleDigest, report);
    const accepted = await project.acceptCapsule({
      capsule: {
        orgId: incoming.organizationId,
        projectId: incoming.projectId,
        digest: capsuleDigest,
        contentDigest: snapshot.contentDigest,
        urn: manifest.id,
        name: manifest.name,
        version: manifest.version,
        fileCount: manifest.files.length,
        sizeBytes: manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0),
        createdAt: manifest.createdAt,
        acceptedBy: incoming.userId,
      },
      statements: await describeStatements(incoming, capsuleDigest),
      snapshot,
      actor: incoming.actor,
      trustRevision: trust.revision,
      branch: incoming.branch,
      message: incoming.message,
    });
    if (accepted.ok) {
      const facts = await findCapsule(env.DB, incoming, capsuleDigest);
      if (facts === null)
        return fail({ code: "conflict", message: "it is accepted, but not listed yet; ask again" });
      return ok({ facts, report });
    }
    if (accepted.reason.code !== "trust-moved")
      return fail({ code: "conflict", message: accepted.reason.message });
  }
  return fail({ code: "conflict", message: "the project's trust kept changing; try again" });
}

/**
 * Digests of files and carried documents that this organization has not put, each once, in order. The others are leased:
 * what a caller is told is there stays until it can finalise (decision 0013).
 */
export async function findMissing(
  database: D1Database,
  owner: { readonly organizationId: string },
  manifest: Manifest,
): Promise<string[]> {
  const wanted = [...manifest.attestations, ...manifest.files].map((file) => file.sha256);
  const possessed = await leasePossessed(database, owner, wanted, Date.now());
  return [...new Set(wanted)].filter((sha256) => !possessed.has(sha256));
}

/** Content-addressed, so that a cut between these and the event leaves nothing that anyone can see. */
async function storeDocuments(
  bucket: R2Bucket,
  incoming: IncomingCapsule,
  manifest: Manifest,
  capsuleDigest: string,
  report: VerificationReport,
): Promise<Snapshot> {
  const snapshot = await storeSnapshot(bucket, { files: manifest.files, settings: settingsOf(manifest) });
  const envelopes = await Promise.all(
    incoming.envelopes.map(
      async (bytes) => [digestHex(toDigest(await workerdHashing.sha256(bytes))), bytes] as const,
    ),
  );
  await Promise.all([
    putDocument(bucket, "manifests", digestHex(capsuleDigest), incoming.manifestBytes),
    ...envelopes.map(([sha256, bytes]) => putDocument(bucket, "envelopes", sha256, bytes)),
    putDocument(bucket, "reports", reportName(incoming.projectId, capsuleDigest), JSON.stringify(report)),
  ]);
  return snapshot;
}

/** The report of the verification that let a capsule in; null when nobody let it in. */
export async function readReport(
  bucket: R2Bucket,
  projectId: string,
  capsuleDigest: string,
): Promise<VerificationReport | null> {
  const bytes = await getDocument(bucket, "reports", reportName(projectId, capsuleDigest));
  return bytes === null ? null : verificationReportSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

function reportName(projectId: string, capsuleDigest: string): string {
  return `${projectId}/${digestHex(capsuleDigest)}`;
}

async function describeStatements(incoming: IncomingCapsule, capsuleDigest: string) {
  const rows = incoming.envelopes.map(async (bytes) => {
    const envelope = parseEnvelope(bytes);
    const statement = envelope.ok ? readStatement(envelope.value) : envelope;
    if (!envelope.ok || !statement.ok) throw new Error("a verified envelope can be read");
    return {
      orgId: incoming.organizationId,
      projectId: incoming.projectId,
      capsuleDigest,
      envelopeSha256: digestHex(toDigest(await workerdHashing.sha256(bytes))),
      predicateType: statement.value.predicateType,
      keyIds: JSON.stringify(envelope.value.signatures.map((signature) => signature.keyId)),
    };
  });
  return await Promise.all(rows);
}
