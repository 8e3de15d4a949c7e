// Secrets of one environment: names, never values; what the app declares and nobody has set.
import { useState } from "preact/hooks";
import { neededSecrets } from "../../../../core/deploy/runnable.ts";
import type { CapsuleDetail } from "../../../../schemas/api/capsules.ts";
import type { Secret } from "../../../../schemas/api/secrets.ts";
import { SECRET_ENVIRONMENTS, type SecretEnvironment } from "../../../../schemas/environment.ts";
import type { Manifest } from "../../../../schemas/manifest.ts";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { useAddressQuery } from "../../data/address-query.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { type NameActor, useActorName } from "../../data/people.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { CheckField } from "../../forms/check-field.tsx";
import { useProdAction } from "../../prod/prod-action.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { AskOnceMore } from "./ask-once-more.tsx";
import { missingSecrets } from "./missing-secrets.ts";
import { SetSecretForm } from "./set-secret-form.tsx";

export function SecretsSection() {
  const { projectId } = useProject();
  const { query, change } = useAddressQuery();
  const env = SECRET_ENVIRONMENTS.find((name) => name === query.env) ?? "dev";
  const nameActor = useActorName();
  const secrets = useResource(`secrets ${projectId} ${env}`, async (signal) => {
    const path = apiPath`/api/projects/${projectId}/secrets`;
    return (await askApi<{ readonly items: readonly Secret[] }>(path, { query: { env }, signal })).items;
  });
  useReloadOn(["secret.set", "secret.removed"], secrets.reload);
  const [name, setName] = useState("");
  const missing = missingSecrets(useDeclared(env), secrets.value);
  return (
    <>
      <p class="muted">
        A value only ever goes in: it is sealed before it is stored, and no page and no answer shows it.
      </p>
      <SegmentedControl<SecretEnvironment>
        label="Environment"
        value={env}
        segments={SECRET_ENVIRONMENTS.map((one) => ({ value: one, label: one }))}
        onChange={(next) => change({ env: next }, "replace")}
      />
      <Missing names={missing} env={env} onPick={setName} />
      <ProblemNote error={secrets.error} retry={secrets.reload} />
      {secrets.value === undefined && secrets.error === undefined ? (
        <Skeleton label="Loading the names" shape="row" />
      ) : null}
      {secrets.value?.length === 0 ? (
        <EmptyState icon="key" headingLevel={2} title={`No secret is set in ${env}`}>
          <p>What the manifest names in app.secrets reaches the app's code, and nobody else.</p>
        </EmptyState>
      ) : null}
      <ul class="settings__rows" aria-label={`Secrets of ${env}`}>
        {secrets.value?.map((secret) => (
          <SecretRow key={secret.name} secret={secret} nameActor={nameActor} onPick={setName} />
        ))}
      </ul>
      <h2>Set a secret</h2>
      <SetSecretForm key={env} env={env} name={name} onName={setName} />
    </>
  );
}

type MissingProps = {
  readonly names: readonly string[];
  readonly env: SecretEnvironment;
  readonly onPick: (name: string) => void;
};

function Missing({ names, env, onPick }: MissingProps) {
  if (names.length === 0) return null;
  return (
    <div class="note note--warn">
      <p>The app declares these, and nobody has set them in {env}; a deploy there is refused without them.</p>
      <div class="form__actions">
        {names.map((name) => (
          <Button key={name} size="small" icon="plus" onClick={() => onPick(name)}>
            {name}
          </Button>
        ))}
      </div>
    </div>
  );
}

type SecretRowProps = {
  readonly secret: Secret;
  readonly nameActor: NameActor;
  readonly onPick: (name: string) => void;
};

function SecretRow({ secret, nameActor, onPick }: SecretRowProps) {
  const { projectId } = useProject();
  const block = useActionBlock("secrets:write");
  const action = useProdAction();
  const [isAsking, setIsAsking] = useState(false);
  const [isForced, setIsForced] = useState(false);
  const { name, env, revision, updatedAt, updatedBy } = secret;
  const isNeeded = action.error instanceof ApiProblem && action.error.status === 409;
  const remove = async () => {
    await action.run(async () => {
      const query = { env, name, force: isForced };
      await askApi<null>(apiPath`/api/projects/${projectId}/secrets`, { method: "DELETE", query });
      showToast({ message: `${name} is removed from ${env}.` });
      setIsAsking(false);
    });
  };
  return (
    <li class="settings__row">
      <div class="settings__row-main">
        <p>
          <code>{name}</code>
        </p>
        <p class="muted">
          Changed <RelativeTime ts={updatedAt} />, by {nameActor(updatedBy)}, at revision {revision}
        </p>
      </div>
      <Button
        size="small"
        icon="edit"
        disabledReason={block}
        aria-label={`Change ${name}`}
        onClick={() => onPick(name)}
      >
        Change
      </Button>
      <Button
        size="small"
        icon="trash"
        disabledReason={block}
        aria-label={`Remove ${name}`}
        onClick={() => setIsAsking(true)}
      >
        Remove
      </Button>
      {isAsking ? (
        <AskOnceMore
          title={`Remove ${name} from ${env}?`}
          verb="Remove"
          action={action}
          onConfirm={() => void remove()}
          onClose={() => setIsAsking(false)}
        >
          <p>The value is gone for good. It is refused while what is live there declares it.</p>
          {isNeeded || isForced ? (
            <CheckField
              label="Remove it all the same"
              hint="What is live then starts without it."
              checked={isForced}
              onChange={(event) => setIsForced(event.currentTarget.checked)}
            />
          ) : null}
        </AskOnceMore>
      ) : null}
    </li>
  );
}

/** What the app names: as it is live there, else as it stands on the first branch. */
function useDeclared(env: SecretEnvironment): readonly string[] {
  const { detail, projectId } = useProject();
  const live = detail.environments.find(({ name }) => name === env)?.live?.capsuleDigest;
  const capsuleDigest =
    live ?? detail.branches.find(({ capsuleDigest }) => capsuleDigest !== null)?.capsuleDigest ?? null;
  const capsule = useResource(capsuleDigest === null ? null : `manifest ${capsuleDigest}`, (signal) =>
    askApi<CapsuleDetail>(apiPath`/api/capsules/${capsuleDigest ?? ""}`, { query: { projectId }, signal }),
  );
  if (capsule.value === undefined) return [];
  return neededSecrets((capsule.value.manifest as Manifest).app);
}
