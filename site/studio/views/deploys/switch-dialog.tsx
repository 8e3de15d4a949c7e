// Promote and roll back: the environment's pointer goes to what is built already, from the revision that was seen.
import { useState } from "preact/hooks";
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { ActivationFacts } from "../../../../schemas/api/deploys.ts";
import type { EnvironmentState, ProjectDetail } from "../../../../schemas/api/projects.ts";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { useAddressQuery } from "../../data/address-query.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import type { NameActor } from "../../data/people.ts";
import { usePerson } from "../../data/person.ts";
import { ApiProblem, sayError } from "../../data/problem.ts";
import { nameCapsule } from "../../data/project-capsules.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import type { Resource } from "../../data/resource.ts";
import { useProdAction } from "../../prod/prod-action.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { type PastActivation, rollbackChoices } from "./activation-history.ts";
import { GateNote, useGate } from "./gate-note.tsx";
import { OverrideField } from "./override-field.tsx";

const QUERY = ["promote", "to", "rollback", "capsule"] as const;
const CLOSED = { promote: null, to: null, rollback: null, capsule: null };

type SwitchDialogProps = {
  readonly capsules: readonly CapsuleSummary[];
  readonly past: Resource<readonly PastActivation[]>;
  readonly nameActor: NameActor;
};

/** What the address asks for: nothing, a promotion, or a rollback. */
export function SwitchDialog({ capsules, past, nameActor }: SwitchDialogProps) {
  const { detail } = useProject();
  const { query, change } = useAddressQuery();
  const source = findEnvironment(detail, query.promote);
  const target = findEnvironment(detail, query.to);
  if (source !== null && source.live !== null && target !== null) {
    const choice = {
      value: source.live.capsuleDigest,
      label: nameCapsule(capsules, source.live.capsuleDigest),
    };
    return (
      <SwitchForm
        key={`promote ${target.name}`}
        title={`Promote from ${source.name} to ${target.name}`}
        verb={`Promote to ${target.name}`}
        capsules={capsules}
        target={target}
        choices={[choice]}
      />
    );
  }
  const back = findEnvironment(detail, query.rollback);
  if (back === null) return null;
  const choices = rollbackChoices(past.value ?? [], back.name, back.live?.capsuleDigest ?? null).map(
    (earlier) => ({
      value: earlier.capsuleDigest,
      label: `${nameCapsule(capsules, earlier.capsuleDigest)}, revision ${earlier.revision}, ${new Date(earlier.activatedAt).toLocaleString()}, by ${nameActor(earlier.actor)}`,
    }),
  );
  if (choices.length === 0) {
    return (
      <Dialog isOpen onClose={() => change(CLOSED, "replace")} title={`Roll back ${back.name}`}>
        <ProblemNote error={past.error} retry={past.reload} />
        <p>
          {past.value === undefined
            ? "Looking what was live before …"
            : `Nothing else was live in ${back.name} before.`}
        </p>
      </Dialog>
    );
  }
  return (
    <SwitchForm
      key={`rollback ${back.name}`}
      title={`Roll back ${back.name}`}
      verb={`Roll back ${back.name}`}
      capsules={capsules}
      target={back}
      choices={choices}
    />
  );
}

type SwitchFormProps = {
  readonly title: string;
  readonly verb: string;
  readonly capsules: readonly CapsuleSummary[];
  readonly target: EnvironmentState;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
};

function SwitchForm({ title, verb, capsules, target, choices }: SwitchFormProps) {
  const { projectId, reloadDetail } = useProject();
  const { query, change } = useAddressQuery();
  const { role } = usePerson();
  const block = useActionBlock("deploys:write");
  const [override, setOverride] = useState("");
  // The revision that was seen when the dialog opened: a switch that came between is told, not run over.
  const [seenRevision, setSeenRevision] = useState(target.revision);
  const capsuleDigest =
    choices.find(({ value }) => value === query.capsule)?.value ?? choices[0]?.value ?? null;
  const gate = useGate(target.name, capsuleDigest);
  const isRefused = gate.value !== undefined && !gate.value.decision.isAllowed;
  const action = useProdAction(QUERY);
  const hasMoved = target.revision !== seenRevision;
  const close = (): void => change(CLOSED, "replace");
  const act = () =>
    action.run(async () => {
      const reason = override.trim();
      const wanted = { capsuleDigest, expectedRevision: seenRevision };
      const json = isRefused && reason !== "" ? { ...wanted, override: { reason } } : wanted;
      const path = apiPath`/api/projects/${projectId}/environments/${target.name}/activate`;
      const before = target.live?.capsuleDigest ?? null;
      const { revision } = await askApi<ActivationFacts>(path, { method: "POST", json });
      const undo = { label: "Undo", run: () => void switchBack(path, before, revision).then(reloadDetail) };
      showToast({
        message: `Live in ${target.name}, revision ${revision}.`,
        tone: "good",
        ...(before === null ? {} : { action: undo }),
      });
      reloadDetail();
      close();
    });
  const look = (): void => {
    setSeenRevision(target.revision);
    action.clear();
    reloadDetail();
  };
  const isMovedAway = action.error instanceof ApiProblem && action.error.code === "revision-moved";
  return (
    <Dialog
      isOpen
      isWide
      onClose={close}
      title={title}
      actions={
        <Button
          kind="primary"
          isBusy={action.isBusy}
          disabledReason={block ?? (hasMoved ? `${target.name} has changed; look again first.` : null)}
          onClick={() => void act()}
        >
          {verb}
        </Button>
      }
    >
      <div class="form">
        <p>
          {target.live === null
            ? `Nothing is live in ${target.name} yet.`
            : `Live in ${target.name} now: ${nameCapsule(capsules, target.live.capsuleDigest)}, revision ${target.revision}.`}{" "}
          Nothing is built: what comes is live within five seconds.
        </p>
        <SelectField
          label="Capsule"
          value={capsuleDigest ?? ""}
          options={choices}
          onChange={(capsule) => change({ capsule }, "replace")}
        />
        <GateNote env={target.name} capsuleDigest={capsuleDigest} gate={gate} />
        {isRefused && role === "owner" ? <OverrideField value={override} onInput={setOverride} /> : null}
        {hasMoved || isMovedAway ? (
          <div class="note note--warn" role="alert">
            <p>
              Somebody changed {target.name} meanwhile: you saw revision {seenRevision}, and it is at{" "}
              {target.revision}. Look at what is live now, then decide again.
            </p>
            <Button size="small" icon="retry" onClick={look}>
              Look again
            </Button>
          </div>
        ) : (
          <ProblemNote error={action.error} />
        )}
      </div>
    </Dialog>
  );
}

/** To what was live before, if nobody has switched again since; where a person must confirm, nobody gets here. */
async function switchBack(
  path: string,
  capsuleDigest: string | null,
  expectedRevision: number,
): Promise<void> {
  try {
    const json = { capsuleDigest, expectedRevision };
    const { env, revision } = await askApi<ActivationFacts>(path, { method: "POST", json });
    showToast({ message: `As before: live in ${env}, revision ${revision}.`, tone: "good" });
  } catch (error) {
    showToast({ message: sayError(error), tone: "bad" });
  }
}

function findEnvironment(detail: ProjectDetail, name: string | undefined): EnvironmentState | null {
  return detail.environments.find((environment) => environment.name === name) ?? null;
}
