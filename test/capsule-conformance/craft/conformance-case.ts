// What a case of the conformance suite says: which bytes, why, and what a verifier must answer.
import type { VerificationReport, VerificationStepId } from "../../../schemas/verification.ts";
import type { CraftedZip } from "./zip-writer.ts";

/** The step that fails first in importance, and how. Null for a capsule that passes. */
export type Refusal = {
  readonly step: VerificationStepId;
  readonly code: string;
  /** A part of the message that this reason alone gives. */
  readonly says: string;
};

export type ConformanceCase = {
  /** Also the name of its file. */
  readonly name: string;
  readonly rule: string;
  readonly why: string;
  readonly verdict: VerificationReport["verdict"];
  readonly refusal: Refusal | null;
  readonly bytes: Uint8Array;
};

/** How a case is written down: its bytes are crafted, and its reason may depend on where they lie. */
export type CaseDraft = {
  readonly name: string;
  readonly rule: string;
  readonly why: string;
  readonly verdict?: VerificationReport["verdict"];
  readonly refusal: ((zip: CraftedZip) => Refusal) | null;
  craft(): Promise<CraftedZip>;
};

export async function finishCase(draft: CaseDraft): Promise<ConformanceCase> {
  const crafted = await draft.craft();
  return {
    name: draft.name,
    rule: draft.rule,
    why: draft.why,
    verdict: draft.verdict ?? (draft.refusal === null ? "pass" : "fail"),
    refusal: draft.refusal?.(crafted) ?? null,
    bytes: crafted.bytes,
  };
}

/** A reason that names the byte at which the wrong entry or record begins. */
export function refusedAt(
  code: string,
  place: (zip: CraftedZip) => number | undefined,
  says = "",
  step: VerificationStepId = "container",
): (zip: CraftedZip) => Refusal {
  return (zip) => {
    const offset = place(zip);
    if (offset === undefined) throw new RangeError("there is no such entry");
    return { step, code, says: `${says}(at byte ${offset})` };
  };
}

export function refused(step: VerificationStepId, code: string, says: string): () => Refusal {
  return () => ({ step, code, says });
}
