// /studio: the organization's projects, with what is live where.
import { useState } from "preact/hooks";
import type { ProjectSummary } from "../../../../schemas/api/projects.ts";
import { Button } from "../../../halo/button.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { askAllPages } from "../../data/pages.ts";
import { usePerson, whyNotAllowed } from "../../data/person.ts";
import { useResource } from "../../data/resource.ts";
import { useCommands } from "../../shell/commands.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { CreateProject } from "./create-project.tsx";
import { NoProjects } from "./no-projects.tsx";
import { ProjectCard } from "./project-card.tsx";
import "./projects-view.css";

/** So many cards at once; more on demand. */
const CARDS_STEP = 60;
/** Fewer can be looked through without a search. */
const SEARCH_FROM = 7;

export function ProjectsView() {
  const person = usePerson();
  const block = whyNotAllowed(person, "projects:write");
  const [isCreating, setIsCreating] = useState(false);
  const projects = useResource("projects", (signal) =>
    askAllPages<ProjectSummary>("/api/projects", { signal }),
  );
  const create = (): void => setIsCreating(true);
  useCommands(
    block === null
      ? [{ id: "create-project", title: "New project", group: "Actions", icon: "plus", run: create }]
      : [],
  );
  const { value } = projects;
  return (
    <section class="view">
      <ViewHeading title="Projects" eyebrow={person.organization.name}>
        {value === undefined || value.length === 0 ? null : (
          <Button kind="primary" icon="plus" disabledReason={block} onClick={create}>
            New project
          </Button>
        )}
      </ViewHeading>
      <ProblemNote error={projects.error} retry={projects.reload} isRetrying={projects.isLoading} />
      {value === undefined && projects.error === undefined ? (
        <Skeleton label="Loading projects" shape="card" count={3} />
      ) : null}
      {value?.length === 0 ? <NoProjects block={block} create={create} /> : null}
      {value === undefined || value.length === 0 ? null : <ProjectList projects={value} />}
      <CreateProject isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </section>
  );
}

function ProjectList({ projects }: { readonly projects: readonly ProjectSummary[] }) {
  const [search, setSearch] = useState("");
  const [shownCount, setShownCount] = useState(CARDS_STEP);
  const found = projects.filter((project) => isFound(project, search));
  return (
    <>
      {projects.length < SEARCH_FROM ? null : (
        <search class="project-search">
          <TextField
            label="Search projects"
            isLabelHidden
            isOptional
            type="search"
            placeholder="Search by name or label"
            value={search}
            onInput={setSearch}
          />
        </search>
      )}
      <p class="only-read" role="status">
        {search === "" ? "" : `${found.length} of ${projects.length} projects`}
      </p>
      {found.length === 0 ? <p class="muted">No project is called like that.</p> : null}
      <ul class="project-cards">
        {found.slice(0, shownCount).map((project) => (
          <li key={project.projectId}>
            <ProjectCard project={project} />
          </li>
        ))}
      </ul>
      {found.length <= shownCount ? null : (
        <div>
          <Button onClick={() => setShownCount(shownCount + CARDS_STEP)}>
            Show more ({found.length - shownCount})
          </Button>
        </div>
      )}
    </>
  );
}

function isFound({ name, label }: ProjectSummary, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return name.toLowerCase().includes(wanted) || label.includes(wanted);
}
