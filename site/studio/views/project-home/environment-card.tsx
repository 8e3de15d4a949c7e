// One environment: what it runs, since when, by whom, and where it answers.
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { EnvironmentState } from "../../../../schemas/api/projects.ts";
import { Badge } from "../../../halo/badge.tsx";
import { ButtonLink } from "../../../halo/button.tsx";
import { Card } from "../../../halo/card.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { useActorName } from "../../data/people.ts";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { ViewLink } from "../../shell/view-link.tsx";

type EnvironmentCardProps = {
  readonly environment: EnvironmentState;
  readonly capsules: readonly CapsuleSummary[];
};

export function EnvironmentCard({ environment, capsules }: EnvironmentCardProps) {
  const { label } = useProject();
  const { name, url, revision, live } = environment;
  if (live === null) {
    return (
      <Card title={name} aside={<Badge>nothing yet</Badge>}>
        <p class="muted">What is deployed here will answer at {new URL(url).host}.</p>
      </Card>
    );
  }
  const capsule = capsules.find(({ capsuleDigest }) => capsuleDigest === live.capsuleDigest);
  return (
    <Card
      title={name}
      aside={<Badge tone="good">live</Badge>}
      actions={
        <ButtonLink size="small" icon="external" href={url} target="_blank" rel="noopener">
          Open {name}
        </ButtonLink>
      }
    >
      <p class="environment__version">
        <ViewLink view="capsules" href={routes.capsule(label, live.capsuleDigest)}>
          {capsule === undefined ? "An earlier capsule" : `${capsule.name} ${capsule.version}`}
        </ViewLink>
      </p>
      <dl class="facts">
        <div>
          <dt>Capsule</dt>
          <dd>
            <Digest value={live.capsuleDigest} of={`the capsule in ${name}`} />
          </dd>
        </div>
        <div>
          <dt>Revision</dt>
          <dd>{revision}</dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>
            <RelativeTime ts={live.activatedAt} />
            <ByWhom environment={environment} />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

/** Who activated it, as far as the events that are here tell. */
function ByWhom({ environment }: { readonly environment: EnvironmentState }) {
  const { timeline } = useProject();
  const actorName = useActorName();
  const activation = timeline.events.value.findLast(
    ({ type, data }) =>
      type === "environment.activated" &&
      data?.env === environment.name &&
      data.revision === environment.revision,
  );
  return activation === undefined ? null : <>, by {actorName(activation.actor)}</>;
}
