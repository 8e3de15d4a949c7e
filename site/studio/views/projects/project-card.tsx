// One project in the list: what is live where, and what happened last. Asked for when the card comes near the window.
import { useRef } from "preact/hooks";
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import type { TimelinePage } from "../../../../schemas/api/history.ts";
import type { ProjectDetail, ProjectSummary } from "../../../../schemas/api/projects.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Card } from "../../../halo/card.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { titleOfEvent } from "../../data/event-title.ts";
import { sayError } from "../../data/problem.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { useIsNear } from "./use-is-near.ts";

export function ProjectCard({ project }: { readonly project: ProjectSummary }) {
  const { projectId, label, name } = project;
  const place = useRef<HTMLDivElement>(null);
  const isNear = useIsNear(place);
  const glance = useResource(isNear ? projectId : null, (signal) => readGlance(projectId, signal));
  const last = glance.value?.lastEvent;
  return (
    <Card title={name} headingLevel={2} href={routes.home(label)}>
      {name === label ? null : <p class="project-card__label">{label}</p>}
      <div class="project-card__where" ref={place}>
        {glance.value?.detail.environments.map(({ name: environment, live, revision }) =>
          live === null ? (
            <Badge key={environment}>{environment}: nothing</Badge>
          ) : (
            <Badge key={environment} tone="good" icon="check">
              {environment}: revision {revision}
            </Badge>
          ),
        )}
        {glance.error === undefined ? null : <span class="muted">{sayError(glance.error)}</span>}
      </div>
      <p class="project-card__last">
        {last === undefined ? null : (
          <>
            <RelativeTime ts={last.ts} />
            <span>
              {titleOfEvent(last.type)}, {describeEvent(last)}
            </span>
          </>
        )}
      </p>
    </Card>
  );
}

async function readGlance(projectId: string, signal: AbortSignal) {
  const [detail, page] = await Promise.all([
    askApi<ProjectDetail>(apiPath`/api/projects/${projectId}`, { signal }),
    askApi<TimelinePage>(apiPath`/api/projects/${projectId}/timeline`, {
      query: { order: "desc", limit: 1 },
      signal,
    }),
  ]);
  return { detail, lastEvent: page.items[0] };
}
