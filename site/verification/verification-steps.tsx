// The twelve steps of a verification as a list: what each found, and of what did not pass the code, expected and actual.

import type { VerificationStep } from "../../schemas/verification.ts";
import { type Step, Stepper } from "../halo/stepper.tsx";
import "./verification-steps.css";

type VerificationStepsProps = {
  readonly steps: readonly VerificationStep[];
  /** Only the first ones are shown yet. */
  readonly shownCount?: number;
};

const STATES = { pass: "done", fail: "failed", skip: "skipped" } as const;

export function VerificationSteps({ steps, shownCount = steps.length }: VerificationStepsProps) {
  return <Stepper label="Steps of the verification" steps={steps.slice(0, shownCount).map(toStep)} />;
}

function toStep(step: VerificationStep): Step {
  return { id: step.id, title: step.title, state: STATES[step.status], detail: <StepDetail step={step} /> };
}

function StepDetail({
  step: { status, message, code, expected, actual },
}: {
  readonly step: VerificationStep;
}) {
  const facts = [
    ["Code", code],
    ["Expected", status === "pass" ? undefined : expected],
    [status === "pass" ? "Found" : "Actual", actual],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  if (message === undefined && facts.length === 0) return null;
  return (
    <div class="verification-step">
      {message === undefined ? null : <p>{message}</p>}
      {facts.length === 0 ? null : (
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
