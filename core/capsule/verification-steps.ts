// The twelve steps of a verification while they are being filled in, and the verdict they add up to (CAPSULE.md §5).
import {
  type VerificationReport,
  type VerificationStep,
  type VerificationStepId,
  verificationStepIdSchema,
} from "../../schemas/verification.ts";
import type { ManifestIssue } from "./manifest.ts";

/** What a step may say beside its status. */
export type StepDetails = Pick<VerificationStep, "expected" | "actual" | "code" | "message">;

/** The steps that say whether trusted keys vouch for a capsule. */
export const SIGNATURE_STEPS: readonly VerificationStepId[] = ["envelopes", "thresholds", "predicates"];

const TITLES: Readonly<Record<VerificationStepId, string>> = {
  limits: "Within the limits",
  container: "Container bytes as dictated",
  manifest: "Manifest strict and canonical",
  type: "Type and version known",
  paths: "Paths safe everywhere",
  files: "Every file as the manifest says",
  digest: "Digest as expected",
  envelopes: "Envelopes well formed and signatures valid",
  thresholds: "Enough authorised signatures",
  predicates: "Predicates match their schemas",
  attestations: "Carried documents as listed",
  parents: "Parents at hand",
};

export class VerificationSteps {
  readonly #steps = new Map<VerificationStepId, VerificationStep>();

  pass(id: VerificationStepId, details: StepDetails = {}): void {
    this.#record(id, "pass", details);
  }

  fail(id: VerificationStepId, details: StepDetails): void {
    this.#record(id, "fail", details);
  }

  skip(id: VerificationStepId, details: StepDetails): void {
    this.#record(id, "skip", details);
  }

  isOpen(id: VerificationStepId): boolean {
    return !this.#steps.has(id);
  }

  /** Each issue fails the step that it belongs to; the first of a step speaks for it. */
  failManifest(issues: readonly ManifestIssue[]): void {
    for (const { code, path, message } of issues) {
      if (this.isOpen(code))
        this.fail(code, { code: "invalid-manifest", message: path === "" ? message : `${path}: ${message}` });
    }
  }

  /** Passes all of the given steps that nothing was said about. */
  passOpen(ids: readonly VerificationStepId[]): void {
    for (const id of ids) if (this.isOpen(id)) this.pass(id);
  }

  /** Whatever is still open could not be checked: it is skipped with this message. */
  report(
    capsuleDigest: string | null,
    needed: readonly VerificationStepId[],
    openMessage: string,
  ): VerificationReport {
    const steps = verificationStepIdSchema.options.map(
      (id): VerificationStep =>
        this.#steps.get(id) ?? {
          id,
          title: TITLES[id],
          status: "skip",
          code: "not-reached",
          message: openMessage,
        },
    );
    const hasFailed = steps.some((step) => step.status === "fail");
    const lacksNeeded = steps.some((step) => step.status === "skip" && needed.includes(step.id));
    return { capsuleDigest, verdict: hasFailed ? "fail" : lacksNeeded ? "undecidable" : "pass", steps };
  }

  /** A step that failed once stays failed. */
  #record(id: VerificationStepId, status: VerificationStep["status"], details: StepDetails): void {
    if (this.#steps.get(id)?.status === "fail") return;
    this.#steps.set(id, { id, title: TITLES[id], status, ...details });
  }
}
