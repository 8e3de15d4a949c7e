// The rail: search, which project, its views, the platform's, how live the page is, and who is here.
import { useLocation } from "preact-iso/router";
import { openRoom } from "../data/project-room.ts";
import { projectOf } from "../routes.ts";
import { PLATFORM_VIEWS, PROJECT_VIEWS } from "../views.ts";
import { ConnectionState } from "./connection-state.tsx";
import { NavEntry } from "./nav-entry.tsx";
import { PaletteButton } from "./palette-button.tsx";
import { PersonPanel } from "./person-panel.tsx";
import { ProjectSwitcher } from "./project-switcher.tsx";
import "./rail.css";

export function Rail() {
  const { path } = useLocation();
  const project = openRoom.value?.label ?? projectOf(path);
  return (
    <div class="rail">
      <PaletteButton />
      {project === null ? null : (
        <nav class="rail__group" aria-label="Project">
          <ProjectSwitcher project={project} />
          <ul>
            {PROJECT_VIEWS.map((view) => {
              const href = view.href(project);
              return (
                <NavEntry
                  key={view.id}
                  view={view}
                  href={href}
                  isCurrent={isBelow(path, href, view.paths[0])}
                />
              );
            })}
          </ul>
        </nav>
      )}
      <nav class="rail__group" aria-label="Platform">
        <ul>
          {PLATFORM_VIEWS.map((view) => (
            <NavEntry key={view.id} view={view} href={view.path} isCurrent={path === view.path} />
          ))}
        </ul>
      </nav>
      <div class="rail__foot">
        <ConnectionState />
        <PersonPanel />
      </div>
    </div>
  );
}

/** A view that has addresses of its own below its first one stays marked in them. */
function isBelow(path: string, href: string, firstPath: string): boolean {
  return path === href || (firstPath !== "/" && path.startsWith(`${href}/`));
}
