// The rail: which project, its views, the platform's, how live the page is, and who is here.
import { useLocation } from "preact-iso/router";
import { openRoom } from "../data/project-room.ts";
import { projectOf } from "../routes.ts";
import { PLATFORM_VIEWS, PROJECT_VIEWS, type View } from "../views.ts";
import { ConnectionState } from "./connection-state.tsx";
import { Icon } from "./icon.tsx";
import { PersonPanel } from "./person-panel.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

export function Rail() {
  const { path } = useLocation();
  const room = openRoom.value;
  const project = room?.label ?? projectOf(path);
  return (
    <div class="rail">
      <a class="brand" href="/studio">
        OurSynth Studio
      </a>
      {project === null ? null : (
        <nav aria-label="Project">
          <p class="rail-title">{room?.detail.name ?? project}</p>
          <ul>
            {PROJECT_VIEWS.map((view) => {
              const href = view.href(project);
              return (
                <NavEntry key={href} view={view} href={href} isCurrent={isBelow(path, href, view.paths)} />
              );
            })}
          </ul>
        </nav>
      )}
      <nav aria-label="Platform">
        <ul>
          {PLATFORM_VIEWS.map((view) => (
            <NavEntry key={view.path} view={view} href={view.path} isCurrent={path === view.path} />
          ))}
        </ul>
      </nav>
      <div class="rail-foot">
        <ConnectionState />
        <ThemeSwitch />
        <PersonPanel />
      </div>
    </div>
  );
}

/** A view that has addresses of its own below its first one stays marked in them. */
function isBelow(path: string, href: string, paths: readonly string[]): boolean {
  return path === href || (paths[0] !== "/" && path.startsWith(`${href}/`));
}

type NavEntryProps = { readonly view: View; readonly href: string; readonly isCurrent: boolean };

function NavEntry({ view, href, isCurrent }: NavEntryProps) {
  const preload = (): void => void view.component.preload();
  return (
    <li>
      <a
        class="nav-entry"
        href={href}
        aria-current={isCurrent ? "page" : undefined}
        onPointerEnter={preload}
        onFocus={preload}
      >
        <Icon name={view.icon} />
        <span>{view.name}</span>
      </a>
    </li>
  );
}
