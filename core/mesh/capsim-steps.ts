// The steps of checking an evidence file while they are being filled in, and the verdict they add up to (MESH.md M17).
import { CAPSIM_STEPS, type CapsimReport, type CapsimStep, type CapsimStepId } from "../../schemas/capsim.ts";

export type CapsimStepDetails = Pick<CapsimStep, "code" | "message" | "expected" | "actual">;

const TITLES: Readonly<Record<CapsimStepId, string>> = {
  limits: "Within the limits",
  canonical: "Canonical bytes",
  schema: "Shape as the schema says",
  keys: "Every signature valid under its key in the file",
  signatures: "Signed by a simulator that you trust",
  statement: "Result is what was signed",
  capsule: "Result is about this capsule",
  "capsule-signatures": "Capsule signed by a builder that you trust",
  health: "Health verdicts",
  rerun: "Simulated again with the same trace",
};

export class CapsimSteps {
  readonly #steps = new Map<CapsimStepId, CapsimStep>();

  get hasFailed(): boolean {
    return [...this.#steps.values()].some(({ status }) => status === "fail");
  }

  pass(id: CapsimStepId, details: CapsimStepDetails = {}): void {
    this.record(id, { status: "pass", ...details });
  }

  fail(id: CapsimStepId, details: CapsimStepDetails): void {
    this.record(id, { status: "fail", ...details });
  }

  skip(id: CapsimStepId, details: CapsimStepDetails): void {
    this.record(id, { status: "skip", ...details });
  }

  record(
    id: CapsimStepId,
    { status, code, message, expected, actual }: Omit<CapsimStep, "id" | "title">,
  ): void {
    this.#steps.set(id, {
      id,
      title: TITLES[id],
      status,
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    });
  }

  /** Fail where a step failed; undecidable where one is open. Health never is decided here; a rerun only when asked for. */
  report(claims: CapsimReport["claims"], isRerunAsked: boolean): CapsimReport {
    const steps = CAPSIM_STEPS.map((id) => this.#steps.get(id) ?? this.#open(id, isRerunAsked));
    const isOpen = steps.some(
      ({ id, status }) => status === "skip" && id !== "health" && (id !== "rerun" || isRerunAsked),
    );
    return { verdict: this.hasFailed ? "fail" : isOpen ? "undecidable" : "pass", claims, steps };
  }

  #open(id: CapsimStepId, isRerunAsked: boolean): CapsimStep {
    const isUnasked = id === "rerun" && !isRerunAsked;
    const code = isUnasked ? "not-asked" : "not-reached";
    const message = isUnasked ? "nobody asked to simulate again" : "an earlier step failed";
    return { id, title: TITLES[id], status: "skip", code, message };
  }
}
