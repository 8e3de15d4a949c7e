// What a deploy would meet, phase by phase; nothing was changed by asking.
import type { DryRun } from "../../../../schemas/api/deploys.ts";
import { Stepper, type StepState } from "../../../halo/stepper.tsx";

const STATES: Readonly<Record<DryRun["phases"][number]["status"], StepState>> = {
  pass: "done",
  fail: "failed",
  skip: "skipped",
};

export function DryRunResult({ dryRun }: { readonly dryRun: DryRun }) {
  const steps = dryRun.phases.map(({ phase, status, message }) => ({
    id: phase,
    title: phase,
    state: STATES[status],
    detail: message,
  }));
  return (
    <div role="status">
      <p>
        <strong>{dryRun.wouldDeploy ? "It would deploy." : "It would not deploy."}</strong> Nothing was
        changed.
      </p>
      <Stepper label="Phases of the dry run" steps={steps} />
    </div>
  );
}
