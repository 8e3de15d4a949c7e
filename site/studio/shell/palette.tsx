// The command palette: every view, every project, what the view that is shown can do, and the last moments.
import { useLocation } from "preact-iso/router";
import { describeEvent } from "../../../core/timeline/describe-event.ts";
import type { ProjectSummary } from "../../../schemas/api/projects.ts";
import { CommandPalette } from "../../halo/command-palette.tsx";
import type { PaletteCommand } from "../../halo/filter-commands.ts";
import { titleOfEvent } from "../data/event-title.ts";
import { askAllPages } from "../data/pages.ts";
import { openRoom } from "../data/project-room.ts";
import { useResource } from "../data/resource.ts";
import { routes } from "../routes.ts";
import { hasView } from "../view-ids.ts";
import { PLATFORM_VIEWS, PROJECT_VIEWS } from "../views.ts";
import { registeredCommands } from "./commands.ts";
import { isKeyHelpOpen, paletteMode } from "./palette-state.ts";

const SHOWN_MOMENTS = 8;

export function Palette() {
  const { route } = useLocation();
  const mode = paletteMode.value;
  const isOpen = mode !== "closed";
  // Asked for when it opens: whoever made a project elsewhere finds it here.
  const projects = useResource(isOpen ? "palette" : null, (signal) =>
    askAllPages<ProjectSummary>("/api/projects", { signal }),
  );
  const close = (): void => {
    paletteMode.value = "closed";
  };
  const projectCommands = (projects.value ?? []).map((project) => projectCommand(project, route));
  const everything = (): PaletteCommand[] => [
    ...registeredCommands.value,
    ...viewCommands(route),
    ...momentCommands(route),
    ...projectCommands,
    ...generalCommands(),
  ];
  return (
    <CommandPalette
      isOpen={isOpen}
      onClose={close}
      isBusy={projects.isLoading && projects.value === undefined}
      placeholder={mode === "projects" ? "Which project?" : "Where to, or what to do?"}
      commands={mode === "all" ? everything() : projectCommands}
    />
  );
}

type GoTo = (href: string) => void;

function viewCommands(goTo: GoTo): PaletteCommand[] {
  const label = openRoom.value?.label;
  const ofProject = label === undefined ? [] : PROJECT_VIEWS;
  return [
    ...ofProject.map((view) => ({ ...view, href: view.href(label ?? "") })),
    ...PLATFORM_VIEWS.map((view) => ({ ...view, href: view.path })),
  ].map(({ id, name, icon, goKey, href }) => ({
    id: `view-${id}`,
    title: name,
    group: "Go to",
    icon,
    shortcut: `g ${goKey}`,
    run: () => goTo(href),
  }));
}

/** The last moments of the project that is open; only where the Time Machine can show them. */
function momentCommands(goTo: GoTo): PaletteCommand[] {
  const room = openRoom.value;
  if (room === null || !hasView("time")) return [];
  return room.timeline.events.value
    .slice(-SHOWN_MOMENTS)
    .toReversed()
    .map((event) => ({
      id: `moment-${event.seq}`,
      title: `${titleOfEvent(event.type)}: ${describeEvent(event)}`,
      group: "Recent moments",
      icon: "clock",
      hint: `event ${event.seq}`,
      run: () => goTo(routes.time(room.label, { at: event.seq })),
    }));
}

function projectCommand({ projectId, label, name }: ProjectSummary, goTo: GoTo): PaletteCommand {
  return {
    id: projectId,
    title: name,
    group: "Projects",
    icon: "capsule",
    ...(name === label ? {} : { hint: label }),
    run: () => goTo(routes.home(label)),
  };
}

function generalCommands(): PaletteCommand[] {
  return [
    {
      id: "keys",
      title: "Keys",
      group: "Help",
      icon: "info",
      keywords: "keyboard shortcuts help",
      shortcut: "?",
      run: () => {
        isKeyHelpOpen.value = true;
      },
    },
    {
      id: "account",
      title: "Your account",
      group: "Help",
      icon: "users",
      keywords: "members tokens keys sessions password",
      run: () => location.assign("/account"),
    },
  ];
}
