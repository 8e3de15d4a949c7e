// Which step of a verification a refusal should name.
import type { VerificationReport, VerificationStep, VerificationStepId } from "../../schemas/verification.ts";

/** Steps that no verdict hangs on while they are only skipped. */
const NEVER_NEEDED: readonly VerificationStepId[] = ["container", "digest", "parents"];

/** The first step that failed; else the first that could not be checked and that a policy may need; null after a pass. */
export function findDecidingStep({ verdict, steps }: VerificationReport): VerificationStep | null {
  if (verdict === "pass") return null;
  const failed = steps.find(({ status }) => status === "fail");
  const open = steps.find(({ id, status }) => status === "skip" && !NEVER_NEEDED.includes(id));
  return failed ?? open ?? null;
}
