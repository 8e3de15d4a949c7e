// Whether the command palette or the help on keys is open: asked for by keys, buttons, and each other.
import { signal } from "@preact/signals";

export const isPaletteOpen = signal(false);
export const isKeyHelpOpen = signal(false);
