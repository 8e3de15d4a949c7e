// How a capsule, and the refusal of one, is told over HTTP.
import type { Accepted, AcceptFailure } from "../../adapters/capsules/accept-capsule.ts";
import { MAX_UPLOAD_BYTES, type TakeFailure } from "../../adapters/capsules/take-container.ts";
import type { CapsuleFacts } from "../../adapters/database/capsules.ts";
import { findDecidingStep } from "../../core/capsule/deciding-step.ts";
import type { CapsuleSummary } from "../../schemas/api/capsules.ts";
import type { Result } from "../../schemas/result.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { AppError } from "./app-error.ts";

export function summarizeCapsule(facts: CapsuleFacts): CapsuleSummary {
  const { digest, contentDigest, projectId, urn, name, version } = facts;
  const { fileCount, sizeBytes, createdAt, acceptedAt, acceptedBy, eventSeq } = facts;
  return {
    capsuleDigest: digest,
    contentDigest,
    projectId,
    id: urn,
    name,
    version,
    fileCount,
    sizeBytes,
    createdAt,
    acceptedAt,
    acceptedBy,
    eventSeq,
  };
}

/** What was accepted, or why not: nothing is stored that anyone can see. */
export function acceptedOrThrow(result: Result<Accepted, AcceptFailure>): Accepted {
  if (result.ok) return result.value;
  const { reason } = result;
  switch (reason.code) {
    case "blobs-missing":
      throw new AppError(
        "blobs-missing",
        `Upload these files first, then finalise again: ${reason.missing.length} are missing.`,
        {
          members: { missing: reason.missing },
        },
      );
    case "capsule-invalid":
      throw invalidCapsule(reason.report);
    case "conflict":
      throw new AppError("conflict", `${reason.message}.`);
  }
}

/** 400 with the report, and the step that decided it in words. */
export function invalidCapsule(report: VerificationReport): AppError {
  const step = findDecidingStep(report);
  const detail = `The capsule does not verify. ${step?.title ?? "It"}: ${step?.message ?? step?.code ?? "failed"}.`;
  return new AppError("capsule-invalid", detail, { members: { report } });
}

/** 503: the collector is removing these very bytes, and was cut off in it. */
export function busyBlobs(): AppError {
  const detail = "Some of these bytes are being tidied away at this moment; send them again in a minute.";
  return new AppError("unavailable", detail, { headers: { "retry-after": "60" } });
}

/** 413, with the way that a larger capsule takes. */
export function tooLargeUpload(): AppError {
  const detail = `A .caps in one request has at most ${MAX_UPLOAD_BYTES} bytes. A larger one goes file by file, which \`oursynth push FILE.caps\` does: POST /api/capsules/missing, then PUT /api/blobs, then POST /api/capsules.`;
  return new AppError("too-large", detail);
}

/** Why an upload was not taken. */
export function toTakeProblem(failure: TakeFailure): AppError {
  switch (failure.code) {
    case "busy":
      return busyBlobs();
    case "too-large":
      return tooLargeUpload();
    case "capsule-invalid":
      return invalidCapsule(failure.report);
  }
}
