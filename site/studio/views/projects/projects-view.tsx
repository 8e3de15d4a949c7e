// /studio: the organization's projects, with what is live where.
import { useState } from "preact/hooks";
import type { ProjectSummary } from "../../../../schemas/api/projects.ts";
import { askAllPages } from "../../data/pages.ts";
import { usePerson } from "../../data/person.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { ProjectCard } from "./project-card.tsx";

export function ProjectsView() {
  const { organization } = usePerson();
  const [search, setSearch] = useState("");
  const projects = useResource("projects", (signal) =>
    askAllPages<ProjectSummary>("/api/projects", { signal }),
  );
  const found = (projects.value ?? []).filter((project) => isFound(project, search));
  return (
    <section class="view">
      <ViewHeading title="Projects" eyebrow={organization.name} />
      <label class="search">
        <span class="only-read">Search projects</span>
        <input
          type="search"
          placeholder="Search projects"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      <ProblemNote error={projects.error} retry={projects.reload} />
      <ul class="cards">
        {found.map((project) => (
          <li key={project.projectId}>
            <ProjectCard project={project} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function isFound({ name, label }: ProjectSummary, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return name.toLowerCase().includes(wanted) || label.includes(wanted);
}
