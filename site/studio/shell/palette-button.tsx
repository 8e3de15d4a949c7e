// What opens the command palette, for who does not know its key yet.
import { Icon } from "../../halo/icon.tsx";
import { Kbd } from "../../halo/kbd.tsx";
import { paletteMode } from "./palette-state.ts";

export function PaletteButton() {
  return (
    <button
      type="button"
      class="palette-button"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => {
        paletteMode.value = "all";
      }}
    >
      <Icon name="search" size="small" />
      <span class="palette-button__word">Search</span>
      <Kbd keys="Mod K" />
    </button>
  );
}
