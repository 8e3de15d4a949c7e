// What the gate of an environment asks for this capsule, and what it would say now. Nothing of it can be set here.
import { Fragment } from "preact";
import type { GateAnswer } from "../../../../schemas/api/gate.ts";
import type { Environment } from "../../../../schemas/environment.ts";
import { Badge } from "../../../halo/badge.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { PARAMETER_DEFAULTS } from "./parameter-fields.ts";

type GatePaneProps = {
  readonly capsuleHash: string;
  readonly environments: readonly Environment[];
  readonly env: Environment;
  readonly onEnv: (env: Environment) => void;
};

export function GatePane({ capsuleHash, environments, env, onEnv }: GatePaneProps) {
  const { projectId } = useProject();
  const gate = useResource(`gate ${env} ${capsuleHash}`, (signal) =>
    askApi<GateAnswer>(apiPath`/api/projects/${projectId}/environments/${env}/gate`, {
      query: { capsuleHash },
      signal,
    }),
  );
  useReloadOn(["mesh.sealed", "policy.changed", "trust.changed"], gate.reload);
  return (
    <div class="gate-pane">
      <SegmentedControl
        label="Environment"
        segments={environments.map((name) => ({ value: name, label: name }))}
        value={env}
        onChange={onEnv}
      />
      <ProblemNote error={gate.error} retry={gate.reload} />
      {gate.value === undefined ? null : <Asked gate={gate.value} />}
    </div>
  );
}

function Asked({ gate }: { readonly gate: GateAnswer }) {
  const { params, seeds, policyRevision, decision } = gate;
  const asked = Object.entries(params).filter(
    ([name, value]) =>
      name !== "seeds" &&
      JSON.stringify(value) !== JSON.stringify((PARAMETER_DEFAULTS as Record<string, unknown>)[name]),
  );
  return (
    <>
      <p>
        <Badge tone={decision.isAllowed ? "good" : "warn"}>
          {decision.isAllowed ? "would let it through" : "asks for evidence"}
        </Badge>{" "}
        {decision.message}
      </p>
      <p class="muted">Start runs exactly this; nothing of it can be changed here.</p>
      <dl>
        <dt>Seeds</dt>
        <dd>
          {seeds.length}, drawn by the platform from capsule, artifact and policy revision {policyRevision}:
          asking again draws the same
        </dd>
        {asked.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{JSON.stringify(value)}</code>
            </dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}
