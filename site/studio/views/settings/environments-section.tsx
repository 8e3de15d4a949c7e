// The environments of the project: each has them all, from its beginning; nothing is made or deleted here.
import type { EnvironmentPolicy } from "../../../../schemas/api/gate.ts";
import { Badge } from "../../../halo/badge.tsx";
import { ButtonLink } from "../../../halo/button.tsx";
import { Card } from "../../../halo/card.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { sayPolicy } from "../deploys/say-policy.ts";

export function EnvironmentsSection() {
  const { detail } = useProject();
  return (
    <>
      <p class="muted">
        Every project has these three. Addresses are made from the project's label, {detail.label}, which
        never changes.
      </p>
      {detail.environments.map((environment) => (
        <EnvironmentFacts key={environment.name} environment={environment} />
      ))}
    </>
  );
}

type EnvironmentFactsProps = {
  readonly environment: ReturnType<typeof useProject>["detail"]["environments"][number];
};

function EnvironmentFacts({ environment }: EnvironmentFactsProps) {
  const { projectId, label } = useProject();
  const { name, url, revision, live } = environment;
  const stored = useResource(`policy ${projectId} ${name}`, (signal) =>
    askApi<EnvironmentPolicy>(apiPath`/api/projects/${projectId}/environments/${name}/policy`, { signal }),
  );
  useReloadOn(["policy.changed"], stored.reload);
  const policy = stored.value?.policy;
  return (
    <Card
      title={name}
      headingLevel={2}
      aside={live === null ? <Badge>nothing live</Badge> : <Badge tone="live">revision {revision}</Badge>}
      actions={
        <>
          <ButtonLink
            size="small"
            href={routes.deploys(label, { in: name })}
            aria-label={`Deploys to ${name}`}
          >
            Deploys
          </ButtonLink>
          <ButtonLink
            size="small"
            href={routes.settings(label, "secrets", { env: name })}
            aria-label={`Secrets of ${name}`}
          >
            Secrets
          </ButtonLink>
          <ButtonLink
            size="small"
            href={routes.settings(label, "policy", { env: name })}
            aria-label={`Policy of ${name}`}
          >
            Policy
          </ButtonLink>
        </>
      }
    >
      <dl class="settings__facts">
        <dt>Address</dt>
        <dd>
          <a href={url} target="_blank" rel="noreferrer">
            {url}
          </a>{" "}
          <CopyButton text={url} label={`Copy the address of ${name}`} />
        </dd>
        <dt>Gate</dt>
        <dd>
          {policy === undefined
            ? "…"
            : policy.isGuarded
              ? sayPolicy(policy)
              : "Open: every capsule that verifies."}
          {name === "prod" && policy?.isGuarded === false ? " A person must confirm all the same." : ""}
        </dd>
      </dl>
      <ProblemNote error={stored.error} retry={stored.reload} />
    </Card>
  );
}
