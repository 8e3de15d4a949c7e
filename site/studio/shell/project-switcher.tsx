// Which project is open; it leads to the others.
import { Icon } from "../../halo/icon.tsx";
import { openRoom } from "../data/project-room.ts";
import { paletteMode } from "./palette-state.ts";

export function ProjectSwitcher({ project }: { readonly project: string }) {
  const name = openRoom.value?.detail.name ?? project;
  return (
    <button
      type="button"
      class="project-switcher"
      aria-label={`${name}: switch to another project`}
      onClick={() => {
        paletteMode.value = "projects";
      }}
    >
      <span class="project-switcher__name">{name}</span>
      <Icon name="chevron-down" size="small" />
    </button>
  );
}
