// Starting a deploy: which capsule, where to, what the gate would say, and a dry run before it.
import { useId, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { DeployStarted, DryRun } from "../../../../schemas/api/deploys.ts";
import { ENVIRONMENTS, type Environment } from "../../../../schemas/environment.ts";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { useAction } from "../../data/action.ts";
import { useAddressQuery } from "../../data/address-query.ts";
import { askApi } from "../../data/api-client.ts";
import { usePerson } from "../../data/person.ts";
import { nameCapsule } from "../../data/project-capsules.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import type { Resource } from "../../data/resource.ts";
import { useProdAction } from "../../prod/prod-action.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { DryRunResult } from "./dry-run-result.tsx";
import { GateNote, useGate } from "./gate-note.tsx";
import { OverrideField } from "./override-field.tsx";

const QUERY = ["new", "capsule", "env"] as const;
const DIALOG_QUERY = { new: null, capsule: null, env: null };

type StartDeployDialogProps = { readonly capsules: Resource<readonly CapsuleSummary[]> };

export function StartDeployDialog({ capsules }: StartDeployDialogProps) {
  const { projectId, label } = useProject();
  const { query, change } = useAddressQuery();
  const { route } = useLocation();
  const { role } = usePerson();
  const formId = useId();
  const block = useActionBlock("deploys:write");
  const known = capsules.value ?? [];
  const env = ENVIRONMENTS.find((name) => name === query.env) ?? "dev";
  const capsuleDigest = query.capsule ?? known[0]?.capsuleDigest ?? null;
  const gate = useGate(env, capsuleDigest);
  const [override, setOverride] = useState("");
  const [dryRun, setDryRun] = useState<DryRun | null>(null);
  const rehearsal = useAction();
  const deploy = useProdAction(QUERY);
  const choose = (patch: Readonly<Record<string, string>>): void => {
    setDryRun(null);
    deploy.clear();
    change(patch, "replace");
  };
  const isRefused = gate.value !== undefined && !gate.value.decision.isAllowed;
  const wanted = { projectId, capsuleDigest, env };
  const tryIt = () =>
    rehearsal.run(async () => {
      setDryRun(await askApi<DryRun>("/api/deploys", { method: "POST", json: { ...wanted, dryRun: true } }));
    });
  const begin = () =>
    deploy.run(async () => {
      const reason = override.trim();
      const json = isRefused && reason !== "" ? { ...wanted, override: { reason } } : wanted;
      const { deployId } = await askApi<DeployStarted>("/api/deploys", { method: "POST", json });
      route(routes.deploy(label, deployId));
    });
  const nothing = capsuleDigest === null ? "There is no capsule yet; push or pack one first." : null;
  return (
    <Dialog
      isOpen
      isWide
      onClose={() => change(DIALOG_QUERY, "replace")}
      title="Deploy a capsule"
      actions={
        <>
          <Button isBusy={rehearsal.isBusy} disabledReason={block ?? nothing} onClick={() => void tryIt()}>
            Dry run
          </Button>
          <Button
            kind="primary"
            icon="rocket"
            type="submit"
            form={formId}
            isBusy={deploy.isBusy}
            disabledReason={block ?? nothing}
          >
            Deploy to {env}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <CapsuleSelect capsules={known} value={capsuleDigest} onPick={(capsule) => choose({ capsule })} />
        <SegmentedControl<Environment>
          label="Environment"
          value={env}
          segments={ENVIRONMENTS.map((name) => ({ value: name, label: name }))}
          onChange={(next) => choose({ env: next })}
        />
        <GateNote env={env} capsuleDigest={capsuleDigest} gate={gate} />
        {isRefused && role === "owner" ? <OverrideField value={override} onInput={setOverride} /> : null}
        <ProblemNote error={capsules.error} retry={capsules.reload} />
        <ProblemNote error={rehearsal.error} />
        <ProblemNote error={deploy.error} />
        {dryRun === null ? null : <DryRunResult dryRun={dryRun} />}
      </form>
    </Dialog>
  );
}

type CapsuleSelectProps = {
  readonly capsules: readonly CapsuleSummary[];
  readonly value: string | null;
  readonly onPick: (capsuleDigest: string) => void;
};

/** The newest first; one that the address names is there too, however old it is. */
function CapsuleSelect({ capsules, value, onPick }: CapsuleSelectProps) {
  const options = capsules.map(({ capsuleDigest, acceptedAt }) => ({
    value: capsuleDigest,
    label: `${nameCapsule(capsules, capsuleDigest)}, ${new Date(acceptedAt).toLocaleString()}`,
  }));
  const isListed = value === null || capsules.some(({ capsuleDigest }) => capsuleDigest === value);
  const all = isListed ? options : [{ value, label: value }, ...options];
  if (all.length === 0) return <p class="muted">There is no capsule yet; push or pack one first.</p>;
  return <SelectField label="Capsule" value={value ?? ""} options={all} onChange={onPick} />;
}
