// One project in the list.
import type { ProjectDetail, ProjectSummary } from "../../../../schemas/api/projects.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";

export function ProjectCard({ project }: { readonly project: ProjectSummary }) {
  const { projectId, label, name } = project;
  const detail = useResource(projectId, (signal) =>
    askApi<ProjectDetail>(apiPath`/api/projects/${projectId}`, { signal }),
  );
  return (
    <article class="card">
      <h2>
        <a href={routes.home(label)}>{name}</a>
      </h2>
      <p class="muted">{label}</p>
      <ul class="live-list">
        {detail.value?.environments.map((environment) => (
          <li key={environment.name}>
            {environment.name}:{" "}
            {environment.live === null ? "nothing yet" : `revision ${environment.revision}`}
          </li>
        ))}
      </ul>
    </article>
  );
}
