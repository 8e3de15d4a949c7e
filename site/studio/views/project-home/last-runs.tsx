// The last deploys of a project, and how each ended.
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import { apiPath } from "../../data/api-client.ts";
import { askPage } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

const SHOWN_DEPLOYS = 5;

export function LastRuns() {
  const { projectId } = useProject();
  const deploys = useResource(`deploys ${projectId}`, (signal) =>
    askPage<Deploy>(apiPath`/api/projects/${projectId}/deploys`, { limit: SHOWN_DEPLOYS, signal }),
  );
  useReloadOn(
    ["capsule.deploy.started", "run.updated", "capsule.deploy.completed", "capsule.deploy.failed"],
    deploys.reload,
  );
  return (
    <>
      <ProblemNote error={deploys.error} retry={deploys.reload} />
      <ul class="runs">
        {deploys.value?.items.map((deploy) => (
          <li key={deploy.deployId}>
            {deploy.env}: {deploy.status}
            {deploy.failure === null ? null : <span class="muted"> {deploy.failure.message}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
