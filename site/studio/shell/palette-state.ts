// What is open over the page: asked for by keys, by buttons, and by each other.
import { signal } from "@preact/signals";

/** The command palette: closed, with everything, or with the projects alone. */
export const paletteMode = signal<"closed" | "all" | "projects">("closed");

export const isKeyHelpOpen = signal(false);
