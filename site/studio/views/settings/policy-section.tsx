// What the gate of an environment asks, and how that is changed (docs/road-to-production.md, "The policy").
import { useEffect, useState } from "preact/hooks";
import type { EnvironmentPolicy } from "../../../../schemas/api/gate.ts";
import { ENVIRONMENTS, type Environment } from "../../../../schemas/environment.ts";
import type { GatePolicy } from "../../../../schemas/gate.ts";
import { Button } from "../../../halo/button.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { useAddressQuery } from "../../data/address-query.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { CheckField } from "../../forms/check-field.tsx";
import { InputField } from "../../forms/input-field.tsx";
import { useProdAction } from "../../prod/prod-action.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { sayPolicy } from "../deploys/say-policy.ts";

export function PolicySection() {
  const { projectId } = useProject();
  const { query, change } = useAddressQuery();
  const env = ENVIRONMENTS.find((name) => name === query.env) ?? "prod";
  const stored = useResource(`policy ${projectId} ${env}`, (signal) =>
    askApi<EnvironmentPolicy>(apiPath`/api/projects/${projectId}/environments/${env}/policy`, { signal }),
  );
  useReloadOn(["policy.changed"], stored.reload);
  return (
    <>
      <SegmentedControl<Environment>
        label="Environment"
        value={env}
        segments={ENVIRONMENTS.map((one) => ({ value: one, label: one }))}
        onChange={(next) => change({ env: next }, "replace")}
      />
      <ProblemNote error={stored.error} retry={stored.reload} />
      {stored.value === undefined ? (
        stored.error === undefined ? (
          <Skeleton label="Loading the policy" />
        ) : null
      ) : (
        <PolicyForm
          key={`${env} ${stored.value.policyRevision}`}
          stored={stored.value}
          onChanged={stored.reload}
        />
      )}
    </>
  );
}

type PolicyFormProps = { readonly stored: EnvironmentPolicy; readonly onChanged: () => void };

function PolicyForm({ stored, onChanged }: PolicyFormProps) {
  const { env, policy: before, policyRevision } = stored;
  const { projectId } = useProject();
  const block = useActionBlock("deploys:write");
  const action = useProdAction();
  const [policy, setPolicy] = useState<GatePolicy>(before);
  useEffect(() => setPolicy(before), [before]);
  const hasChanged = JSON.stringify(policy) !== JSON.stringify(before);
  const save = () =>
    action.run(async () => {
      const path = apiPath`/api/projects/${projectId}/environments/${env}/policy`;
      const changed = await askApi<EnvironmentPolicy>(path, { method: "PUT", json: policy });
      showToast({ message: `The policy of ${env} is at revision ${changed.policyRevision}.`, tone: "good" });
      onChanged();
    });
  const asksPerson = before.isGuarded || env === "prod";
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class={before.isGuarded ? "note" : "note note--warn"}>
        {before.isGuarded ? sayPolicy(before) : `${env} is open: every capsule that verifies may go there.`}{" "}
        Revision {policyRevision}.
      </p>
      <PolicyFields
        policy={policy}
        problem={action.error instanceof ApiProblem ? action.error : null}
        onChange={(part) => setPolicy({ ...policy, ...part })}
      />
      <p class="muted">
        A change makes evidence for earlier revisions void, because the seeds change with it.
        {asksPerson ? " A person must confirm it." : ""}
      </p>
      <ProblemNote error={action.error} />
      <div class="form__actions">
        <Button
          type="submit"
          kind="primary"
          isBusy={action.isBusy}
          disabledReason={block ?? (hasChanged ? null : "Nothing is changed.")}
        >
          {asksPerson ? "Ask for the change" : "Change the policy"}
        </Button>
        <Button isDisabled={!hasChanged} onClick={() => setPolicy(before)}>
          Undo
        </Button>
      </div>
    </form>
  );
}

type PolicyFieldsProps = {
  readonly policy: GatePolicy;
  readonly problem: ApiProblem | null;
  readonly onChange: (part: Partial<GatePolicy>) => void;
};

function PolicyFields({ policy, problem, onChange }: PolicyFieldsProps) {
  const [least, most] = policy.latencyMs;
  const number = (
    label: string,
    path: string,
    value: number,
    range: readonly [number, number],
    set: (value: number) => void,
    step = 1,
  ) => (
    <InputField
      label={label}
      type="number"
      required
      min={range[0]}
      max={range[1]}
      step={step}
      value={value}
      error={problem?.fieldMessage(path)}
      onInput={(_text, input) => {
        if (Number.isFinite(input.valueAsNumber)) set(input.valueAsNumber);
      }}
    />
  );
  const check = (
    label: string,
    name: "isGuarded" | "chaosMode" | "acceptsExternalEvidence" | "allowsRollback",
  ) => (
    <CheckField
      label={label}
      checked={policy[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
    />
  );
  return (
    <>
      {check("Guarded: evidence and a person are asked for", "isGuarded")}
      <div class="form__row">
        {number("Oldest evidence, in days", "maxAgeDays", policy.maxAgeDays, [1, 365], (maxAgeDays) =>
          onChange({ maxAgeDays }),
        )}
        {number("Runs", "seeds", policy.seeds, [20, 200], (seeds) => onChange({ seeds }))}
        {number("Nodes", "nodes", policy.nodes, [2, 10], (nodes) => onChange({ nodes }))}
        {number("Least latency, in ms", "latencyMs", least, [0, 10_000], (value) =>
          onChange({ latencyMs: [value, most] }),
        )}
        {number("Most latency, in ms", "latencyMs", most, [0, 10_000], (value) =>
          onChange({ latencyMs: [least, value] }),
        )}
        {number(
          "Packet loss, in %",
          "packetLoss",
          policy.packetLoss,
          [0, 100],
          (packetLoss) => onChange({ packetLoss }),
          0.01,
        )}
      </div>
      {check("With chaos: nodes crash and come back", "chaosMode")}
      {check("What was observed elsewhere counts too", "acceptsExternalEvidence")}
      {check("What was live before may come back without fresh evidence", "allowsRollback")}
      <p class="muted">
        Service levels and thresholds of keys are kept as they are; <code>oursynth policy set</code> changes
        them.
      </p>
    </>
  );
}
