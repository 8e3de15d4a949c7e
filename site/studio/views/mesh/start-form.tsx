// Starting a rehearsal: of which capsule, freely or as a gate asks for it.
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type * as z from "zod";
import { webHashing } from "../../../../core/capsule/web-hashing.ts";
import { meshCapsuleOf } from "../../../../core/mesh/mesh-capsule-of.ts";
import type { CapsuleSummary, capsuleDetailSchema } from "../../../../schemas/api/capsules.ts";
import type { simulationStartedSchema } from "../../../../schemas/api/simulations.ts";
import { ENVIRONMENTS } from "../../../../schemas/environment.ts";
import type { Manifest } from "../../../../schemas/manifest.ts";
import { Button } from "../../../halo/button.tsx";
import { Card } from "../../../halo/card.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { GatePane } from "./gate-pane.tsx";
import { checkDraft, type Draft } from "./parameter-draft.ts";
import { ParameterForm } from "./parameter-form.tsx";
import { useQueryState } from "./use-query-state.ts";
import "./start-form.css";

type Started = z.infer<typeof simulationStartedSchema>;
type CapsuleDetail = z.infer<typeof capsuleDetailSchema>;

export function StartForm() {
  const { projectId } = useProject();
  const [chosen, choose] = useQueryState("capsule");
  const capsules = useResource(`capsules ${projectId}`, (signal) =>
    askAllPages<CapsuleSummary>(apiPath`/api/projects/${projectId}/capsules`, { signal }),
  );
  useReloadOn(["capsule.accepted"], capsules.reload);
  const { value } = capsules;
  if (value === undefined) return <ProblemNote error={capsules.error} retry={capsules.reload} />;
  const first = value[0];
  if (first === undefined) {
    return (
      <EmptyState icon="capsule" title="No capsule to rehearse yet">
        <p>
          Push one: <code>oursynth push DIR --project {projectId}</code>, or pack a moment of the timeline.
        </p>
      </EmptyState>
    );
  }
  const capsule = value.find(({ capsuleDigest }) => capsuleDigest === chosen) ?? first;
  return (
    <Card title="Start a rehearsal" headingLevel={2}>
      <SelectField
        label="Capsule"
        options={value.map(({ capsuleDigest, name, version, acceptedAt }) => ({
          value: capsuleDigest,
          label: `${name} ${version}, ${new Date(acceptedAt).toLocaleString()}, ${capsuleDigest.slice(7, 15)}`,
        }))}
        value={capsule.capsuleDigest}
        onChange={choose}
      />
      <StartOf key={capsule.capsuleDigest} capsuleHash={capsule.capsuleDigest} />
    </Card>
  );
}

function StartOf({ capsuleHash }: { readonly capsuleHash: string }) {
  const { projectId, label, detail } = useProject();
  const { route } = useLocation();
  const block = useActionBlock("simulations:write");
  const services = useServices(projectId, capsuleHash);
  // With an environment in the address one came for its gate.
  const [asked, ask] = useQueryState("env");
  const env = ENVIRONMENTS.find((name) => name === asked) ?? "prod";
  const kind = asked === undefined ? "explore" : "gate";
  const [draft, setDraft] = useState<Draft>({});
  const [isTextValid, setIsTextValid] = useState(true);
  const [isStarting, setIsStarting] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  // One key for one question: pressing again after a lost answer starts nothing twice.
  const question = JSON.stringify({ capsuleHash, kind, env, draft });
  const idempotencyKey = useMemo(() => crypto.randomUUID(), [question]);
  const own = kind === "explore" ? checkDraft(draft, services) : [];
  const refused = error instanceof ApiProblem && error.fields.length > 0 ? error.fields : [];
  useEffect(() => setError(undefined), [question]);
  const start = async (): Promise<void> => {
    setIsStarting(true);
    setError(undefined);
    const how = kind === "explore" ? { kind, params: draft } : { kind, env };
    try {
      const { simId } = await askApi<Started>("/api/mesh-sim/start", {
        method: "POST",
        json: { projectId, capsuleHash, ...how },
        idempotencyKey,
      });
      route(routes.simulation(label, simId));
    } catch (thrown) {
      setError(thrown);
      setIsStarting(false);
    }
  };
  const blocked = block ?? (own.length > 0 || !isTextValid ? "Something above is not valid yet." : null);
  return (
    <div class="start-form">
      <SegmentedControl
        label="Kind"
        segments={[
          { value: "explore", label: "Explore freely" },
          { value: "gate", label: "As a gate asks" },
        ]}
        value={kind}
        onChange={(chosen) => ask(chosen === "gate" ? env : undefined)}
      />
      {kind === "gate" ? (
        <GatePane
          capsuleHash={capsuleHash}
          environments={detail.environments.map(({ name }) => name)}
          env={env}
          onEnv={ask}
        />
      ) : (
        <ParameterForm
          draft={draft}
          errors={[...own, ...refused]}
          onChange={setDraft}
          onTextValid={setIsTextValid}
        />
      )}
      <ProblemNote error={error} />
      <div class="start-form__actions">
        <Button
          kind="primary"
          size="large"
          icon="play"
          isBusy={isStarting}
          disabledReason={blocked}
          onClick={start}
        >
          Start
        </Button>
        {blocked === null ? null : <span class="muted">{blocked}</span>}
      </div>
    </div>
  );
}

/** The capsule's services by name and digest, which drift must name; none until they are known. */
function useServices(projectId: string, capsuleHash: string) {
  const detail = useResource(`services ${capsuleHash}`, async (signal) => {
    const { manifest } = await askApi<CapsuleDetail>(apiPath`/api/capsules/${capsuleHash}`, {
      query: { projectId },
      signal,
    });
    // The platform has checked it when it was accepted.
    return (await meshCapsuleOf(manifest as unknown as Manifest, capsuleHash, webHashing)).services;
  });
  return detail.value ?? [];
}
