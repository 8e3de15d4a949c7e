// A node takes a capsule in (MESH.md M1, M5): every blob by its digest from the store, every byte hashed, every signature
// checked by the verifier that also lets capsules in. It needs nothing but a store that can be read.
import { digestHex } from "../../core/capsule/digest.ts";
import { parseManifest } from "../../core/capsule/manifest.ts";
import { SIGNATURE_STEPS } from "../../core/capsule/verification-steps.ts";
import { type CapsuleSource, type SourceFile, verifyCapsule } from "../../core/capsule/verify-capsule.ts";
import { digestServices } from "../../core/mesh/mesh-capsule-of.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport, VerificationStepId } from "../../schemas/verification.ts";
import { type BlobReader, getBlob, requireDocument } from "../blobs/blob-store.ts";
import { ReadAhead } from "../blobs/read-ahead.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type ReceiveInput = {
  readonly capsuleDigest: string;
  /** Names (SHA-256) of the statements about it. */
  readonly envelopes: readonly string[];
  /** And of the receipts for them, which decide about keys that are retired (CAPSULE.md S9). */
  readonly receipts: readonly string[];
  readonly trust: TrustRecord;
  /** What the node was told that each service's digest is. */
  readonly services: readonly { readonly name: string; readonly digest: string }[];
};

export type ServiceCheck = {
  readonly service: string;
  readonly digestOk: boolean;
  readonly signatureOk: boolean;
  /** Why not; null when both are right. */
  readonly reason: string | null;
};

export type ReceivedCapsule = {
  readonly services: readonly ServiceCheck[];
  readonly bytesReceived: number;
  readonly fileCount: number;
};

const CONTENT_STEPS: readonly VerificationStepId[] = [
  "limits",
  "manifest",
  "type",
  "paths",
  "files",
  "digest",
];
/** After so many files others have their turn: several nodes read at once, and somebody watches them. */
const FILES_PER_TURN = 8;
const MAX_REASON_CHARACTERS = 400;

/** Rejects only when the store does not answer. */
export async function receiveCapsule(bucket: BlobReader, input: ReceiveInput): Promise<ReceivedCapsule> {
  const [manifestBytes, ...envelopes] = await Promise.all([
    requireDocument(bucket, "manifests", digestHex(input.capsuleDigest)),
    ...input.envelopes.map((sha256) => requireDocument(bucket, "envelopes", sha256)),
  ]);
  const parsed = parseManifest(manifestBytes);
  const manifest = parsed.ok ? parsed.value : null;
  const tally = { bytesReceived: manifestBytes.byteLength };
  const source: CapsuleSource = {
    manifestBytes,
    envelopes,
    attestations: manifest === null ? null : readAttestations(bucket, manifest),
    files: manifest === null ? null : readFiles(bucket, manifest, tally),
  };
  const report = await verifyCapsule(source, {
    trust: input.trust,
    hashing: workerdHashing,
    expectedDigest: input.capsuleDigest,
    findReceipts: () =>
      Promise.all(input.receipts.map((sha256) => requireDocument(bucket, "envelopes", sha256))),
  });
  return {
    services: await checkServices(manifest, report, input.services),
    bytesReceived: tally.bytesReceived,
    fileCount: manifest?.files.length ?? 0,
  };
}

/** A service is what the capsule's own bytes make it; what the node was told has to be the same. */
async function checkServices(
  manifest: Manifest | null,
  report: VerificationReport,
  told: ReceiveInput["services"],
): Promise<ServiceCheck[]> {
  const wrongContent = findUnmet(report, CONTENT_STEPS);
  const wrongSignature = findUnmet(report, SIGNATURE_STEPS);
  const signature = wrongSignature === null ? null : `signature-mismatch: ${wrongSignature}`;
  // The files have just been hashed: they are what the manifest lists, or the content is wrong.
  const found =
    manifest === null || wrongContent !== null
      ? []
      : await digestServices(manifest, manifest.files, workerdHashing);
  const digests = new Map(found.map(({ name, digest }) => [name, digest]));
  return told.map(({ name, digest }) => {
    const actual = digests.get(name);
    const mismatch =
      wrongContent ??
      (actual === digest ? null : `was told ${digest}, and what was received is ${actual ?? "not there"}`);
    const reason = mismatch === null ? signature : `digest-mismatch: ${mismatch}`;
    return {
      service: name,
      digestOk: mismatch === null,
      signatureOk: signature === null,
      reason: reason === null ? null : reason.slice(0, MAX_REASON_CHARACTERS),
    };
  });
}

function findUnmet({ steps }: VerificationReport, wanted: readonly VerificationStepId[]): string | null {
  const unmet = steps.find(({ id, status }) => wanted.includes(id) && status !== "pass");
  return unmet === undefined ? null : (unmet.message ?? unmet.title);
}

async function* readFiles(
  bucket: BlobReader,
  { files }: Manifest,
  tally: { bytesReceived: number },
): AsyncGenerator<SourceFile> {
  const reader = new ReadAhead(bucket, files);
  for (const [index, { path, sizeBytes }] of files.entries()) {
    const content = await reader.open(index);
    if (content === null) continue;
    tally.bytesReceived += sizeBytes;
    yield { path, content };
    if ((index + 1) % FILES_PER_TURN === 0) await scheduler.wait(1);
  }
}

async function* readAttestations(
  bucket: BlobReader,
  { attestations }: Manifest,
): AsyncGenerator<{ path: string; bytes: Uint8Array }> {
  for (const { path, sha256 } of attestations) {
    const blob = await getBlob(bucket, sha256);
    if (blob !== null) yield { path, bytes: new Uint8Array(await blob.arrayBuffer()) };
  }
}
