// Each environment: what is live there, since when and by whom, and what can be done with it.
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { EnvironmentPolicy } from "../../../../schemas/api/gate.ts";
import type { EnvironmentState } from "../../../../schemas/api/projects.ts";
import { ENVIRONMENTS, type Environment } from "../../../../schemas/environment.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { Card } from "../../../halo/card.tsx";
import { Icon } from "../../../halo/icon.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { useAddressQuery } from "../../data/address-query.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import type { NameActor } from "../../data/people.ts";
import { nameCapsule } from "../../data/project-capsules.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { SimulateLink } from "../../shell/simulate-link.tsx";
import { ViewLink } from "../../shell/view-link.tsx";
import { findActivation, type PastActivation, rollbackChoices } from "./activation-history.ts";

type EnvironmentCardsProps = {
  readonly capsules: readonly CapsuleSummary[];
  readonly past: readonly PastActivation[];
  readonly nameActor: NameActor;
};

export function EnvironmentCards(props: EnvironmentCardsProps) {
  const { detail } = useProject();
  const guarded = useGuarded();
  return (
    <div class="deploys__environments">
      {detail.environments.map((environment) => (
        <EnvironmentCard
          key={environment.name}
          {...props}
          environment={environment}
          isGuarded={guarded.has(environment.name)}
        />
      ))}
    </div>
  );
}

type EnvironmentCardProps = EnvironmentCardsProps & {
  readonly environment: EnvironmentState;
  readonly isGuarded: boolean;
};

function EnvironmentCard({ environment, isGuarded, capsules, past, nameActor }: EnvironmentCardProps) {
  const { name, revision, live, url } = environment;
  const badges = (
    <span class="deploys__badges">
      {isGuarded ? (
        <Badge tone="warn" icon="shield">
          guarded
        </Badge>
      ) : null}
      {live === null ? <Badge>nothing live</Badge> : <Badge tone="live">live</Badge>}
    </span>
  );
  return (
    <Card
      title={name}
      headingLevel={2}
      aside={badges}
      actions={<EnvironmentActions environment={environment} past={past} />}
    >
      {live === null ? (
        <p class="muted">Nothing was deployed here yet. It will answer at {hostOf(url)}.</p>
      ) : (
        <dl class="deploys__facts">
          <dt>Capsule</dt>
          <dd>
            <CapsuleName capsules={capsules} capsuleDigest={live.capsuleDigest} />
          </dd>
          <dt>Revision</dt>
          <dd>{revision}</dd>
          <dt>Since</dt>
          <dd>
            <RelativeTime ts={live.activatedAt} />
            <ByWhom name={name} revision={revision} past={past} nameActor={nameActor} />
          </dd>
          <dt>Address</dt>
          <dd>
            <a class="deploys__address" href={url} target="_blank" rel="noreferrer">
              {hostOf(url)} <Icon name="external" size="small" label="opens in a new tab" />
            </a>
          </dd>
        </dl>
      )}
    </Card>
  );
}

type EnvironmentActionsProps = {
  readonly environment: EnvironmentState;
  readonly past: readonly PastActivation[];
};

function EnvironmentActions({ environment, past }: EnvironmentActionsProps) {
  const { name, live } = environment;
  const { change } = useAddressQuery();
  const block = useActionBlock("deploys:write");
  const target = nextEnvironment(name);
  const canGoBack = rollbackChoices(past, name, live?.capsuleDigest ?? null).length > 0;
  return (
    <>
      <Button
        size="small"
        icon="rocket"
        disabledReason={block}
        aria-label={`Deploy here: ${name}`}
        onClick={() => change({ new: "1", env: name })}
      >
        Deploy here
      </Button>
      {live === null || target === null ? null : (
        <Button
          size="small"
          icon="arrow-right"
          disabledReason={block}
          onClick={() => change({ promote: name, to: target })}
        >
          Promote to {target}
        </Button>
      )}
      {live === null ? null : (
        <>
          <Button
            size="small"
            icon="restore"
            disabledReason={block ?? (canGoBack ? null : `Nothing else was live in ${name} before.`)}
            aria-label={`Roll back ${name}`}
            onClick={() => change({ rollback: name })}
          >
            Roll back
          </Button>
          <Button
            size="small"
            kind="quiet"
            icon="eye"
            aria-label={`Log of the app in ${name}`}
            onClick={() => change({ logs: name })}
          >
            Log
          </Button>
          <SimulateLink capsuleDigest={live.capsuleDigest} of={`what is live in ${name}`} />
        </>
      )}
    </>
  );
}

type ByWhomProps = {
  readonly name: Environment;
  readonly revision: number;
  readonly past: readonly PastActivation[];
  readonly nameActor: NameActor;
};

function ByWhom({ name, revision, past, nameActor }: ByWhomProps) {
  const activation = findActivation(past, name, revision);
  return activation === undefined ? null : <>, by {nameActor(activation.actor)}</>;
}

type CapsuleNameProps = { readonly capsules: readonly CapsuleSummary[]; readonly capsuleDigest: string };

export function CapsuleName({ capsules, capsuleDigest }: CapsuleNameProps) {
  const { label } = useProject();
  return (
    <ViewLink view="capsules" href={routes.capsule(label, capsuleDigest)}>
      <span title={capsuleDigest}>{nameCapsule(capsules, capsuleDigest)}</span>
    </ViewLink>
  );
}

/** Which environments ask for evidence and a person. */
function useGuarded(): ReadonlySet<string> {
  const { projectId } = useProject();
  const policies = useResource(`policies ${projectId}`, (signal) =>
    Promise.all(
      ENVIRONMENTS.map((env) =>
        askApi<EnvironmentPolicy>(apiPath`/api/projects/${projectId}/environments/${env}/policy`, { signal }),
      ),
    ),
  );
  useReloadOn(["policy.changed"], policies.reload);
  return new Set((policies.value ?? []).filter(({ policy }) => policy.isGuarded).map(({ env }) => env));
}

function nextEnvironment(name: Environment): Environment | null {
  return ENVIRONMENTS[ENVIRONMENTS.indexOf(name) + 1] ?? null;
}

function hostOf(url: string): string {
  return new URL(url).host;
}
