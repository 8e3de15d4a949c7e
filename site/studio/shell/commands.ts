// What the command palette can do. Views bring their own actions for as long as they are shown.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { PaletteCommand } from "../../halo/filter-commands.ts";

type Source = ReadonlySignal<readonly PaletteCommand[]>;

const sources = signal<readonly Source[]>([]);

/** All of them, those of what came last first: an open dialog's before its view's. */
export const registeredCommands = computed(() =>
  sources.value.toReversed().flatMap((source) => source.value),
);

/** Adds commands that may change; gives what takes them away. */
function registerCommands(source: Source): () => void {
  sources.value = [...sources.value, source];
  return () => {
    sources.value = sources.value.filter((other) => other !== source);
  };
}

/** A component's own commands, for as long as it is shown: useCommands([{ id: "restore", title: "Restore …", … }]). */
export function useCommands(list: readonly PaletteCommand[]): void {
  const source = useRef(signal(list));
  useEffect(() => {
    source.current.value = list;
  });
  useEffect(() => registerCommands(source.current), []);
}
