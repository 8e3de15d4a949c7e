// Brings a capsule to the platform: only what it lacks travels (ARCHITECTURE.md "Ship from CI").
import { openAsBlob } from "node:fs";
import type * as z from "zod";
import type { AcceptedCapsule, missingSchema } from "../../schemas/api/capsules.ts";
import { apiPath, type PlatformClient, ProblemError } from "../http/client.ts";
import { CliError } from "../output/cli-error.ts";
import type { CapsuleBlob, OpenCapsule } from "./open-capsule.ts";

export type PushOptions = {
  readonly client: PlatformClient;
  /** Id or label. */
  readonly projectId: string;
  readonly capsule: OpenCapsule;
  /** Moves this branch to the capsule; null only stores it. */
  readonly branch: string | null;
  readonly message?: string | undefined;
  readonly onProgress?: ((doneCount: number, totalCount: number) => void) | undefined;
};

export type PushedCapsule = {
  readonly accepted: AcceptedCapsule;
  /** What travelled. */
  readonly blobCount: number;
  readonly blobBytes: number;
};

type SizedBlob = { readonly sha256: string; readonly sizeBytes: number; readonly blob: CapsuleBlob };

/** Larger blobs go alone, smaller ones together. */
const ALONE_FROM_BYTES = 262_144;
const MAX_BATCH_BYTES = 8 * 1_048_576;
const MAX_BATCH_PARTS = 500;
const PARALLEL_REQUESTS = 3;
const MIN_TIMEOUT_MS = 60_000;
/** A line slower than this is taken for a dead one. */
const SLOWEST_BYTES_PER_MS = 32;
/** A blob can be collected between the negotiation and the end; then both are done once more. */
const MAX_ROUNDS = 2;

/** Throws a ProblemError with the platform's reason; what was uploaded before stays and is not sent again. */
export async function pushCapsule(options: PushOptions): Promise<PushedCapsule> {
  let blobCount = 0;
  let blobBytes = 0;
  for (let round = 1; ; round++) {
    const missing = await findMissing(options);
    await uploadBlobs(missing, options);
    blobCount += missing.length;
    blobBytes += missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    try {
      return { accepted: await finalise(options), blobCount, blobBytes };
    } catch (error) {
      const isRaced = error instanceof ProblemError && error.code === "blobs-missing";
      if (!isRaced || round >= MAX_ROUNDS) throw error;
    }
  }
}

async function findMissing({ client, projectId, capsule }: PushOptions): Promise<readonly SizedBlob[]> {
  const answer = await client.post<z.infer<typeof missingSchema>>(
    "/api/capsules/missing",
    { projectId, manifest: capsule.manifest },
    { isRepeatable: true },
  );
  if (answer.capsuleDigest !== capsule.capsuleDigest) {
    throw new CliError(
      `The platform computes the digest ${answer.capsuleDigest}, this machine ${capsule.capsuleDigest}.`,
      { hint: "One of the two has a defect: nothing was sent. `oursynth doctor` shows both versions." },
    );
  }
  return answer.missing.map((sha256) => {
    const blob = capsule.blobs.get(sha256);
    if (blob === undefined)
      throw new CliError(`The platform asks for ${sha256}, which the capsule does not hold.`);
    return { sha256, sizeBytes: "bytes" in blob ? blob.bytes.length : blob.sizeBytes, blob };
  });
}

async function uploadBlobs(missing: readonly SizedBlob[], options: PushOptions): Promise<void> {
  const batches = planBatches(missing);
  let doneCount = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      await uploadBatch(batch, options);
      doneCount += batch.length;
      options.onProgress?.(doneCount, missing.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, work));
}

/** Each is one request. */
function planBatches(blobs: readonly SizedBlob[]): readonly (readonly SizedBlob[])[] {
  const batches: SizedBlob[][] = blobs.filter(isLarge).map((blob) => [blob]);
  let open: SizedBlob[] = [];
  let openBytes = 0;
  for (const blob of blobs) {
    if (isLarge(blob)) continue;
    if (open.length >= MAX_BATCH_PARTS || openBytes + blob.sizeBytes > MAX_BATCH_BYTES) {
      batches.push(open);
      open = [];
      openBytes = 0;
    }
    open.push(blob);
    openBytes += blob.sizeBytes;
  }
  if (open.length > 0) batches.push(open);
  return batches;
}

function isLarge({ sizeBytes }: SizedBlob): boolean {
  return sizeBytes > ALONE_FROM_BYTES;
}

async function uploadBatch(batch: readonly SizedBlob[], { client, projectId }: PushOptions): Promise<void> {
  const sizeBytes = batch.reduce((sum, blob) => sum + blob.sizeBytes, 0);
  const request = {
    query: { projectId },
    // Whole milliseconds: AbortSignal.timeout refuses a fraction.
    timeoutMs: MIN_TIMEOUT_MS + Math.ceil(sizeBytes / SLOWEST_BYTES_PER_MS),
    // Named by its digest, a blob can be put any number of times.
    isRepeatable: true,
  };
  const [first] = batch;
  if (batch.length === 1 && first !== undefined && isLarge(first)) {
    const body = await openBlob(first.blob);
    await client.requestJson(apiPath("blobs", first.sha256), { ...request, method: "PUT", body });
    return;
  }
  const body = new FormData();
  for (const { sha256, blob } of batch) body.append(sha256, await openBlob(blob));
  await client.requestJson(apiPath("blobs", "batch"), { ...request, method: "POST", body });
}

/** A blob on disk is read while it is sent, never as a whole. */
async function openBlob(blob: CapsuleBlob): Promise<Blob> {
  if ("bytes" in blob) return new Blob([new Uint8Array(blob.bytes)]);
  const file = await openAsBlob(blob.location);
  return file.slice(blob.offset, blob.offset + blob.sizeBytes);
}

function finalise({ client, projectId, capsule, branch, message }: PushOptions): Promise<AcceptedCapsule> {
  return client.post<AcceptedCapsule>("/api/capsules", {
    projectId,
    manifest: capsule.manifest,
    envelopes: capsule.envelopes,
    ...(branch === null ? {} : { branch }),
    ...(message === undefined ? {} : { message }),
  });
}
