// What the command palette can do. Views bring their own actions for as long as they are shown.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { IconName } from "../../halo/icon.tsx";

export type StudioCommand = {
  /** Unique, and the same as long as it is the same command. */
  readonly id: string;
  readonly title: string;
  /** The heading that it stands under: `Projects`, `Go to`, `This capsule`. */
  readonly group: string;
  readonly icon?: IconName;
  /** Small, beside the title: a label, a moment. */
  readonly detail?: string;
  /** Words that find it besides its title. */
  readonly keywords?: string;
  /** The keys that do the same: `g h`. */
  readonly keys?: string;
  readonly run: () => void;
};

type Source = ReadonlySignal<readonly StudioCommand[]>;

const sources = signal<readonly Source[]>([]);

/** All of them, in the order in which they came. */
export const commands = computed(() => sources.value.flatMap((source) => source.value));

/** Adds commands that may change; gives what takes them away. */
export function registerCommands(source: Source): () => void {
  sources.value = [...sources.value, source];
  return () => {
    sources.value = sources.value.filter((other) => other !== source);
  };
}

/** A component's own commands, for as long as it is shown: useCommands([{ id: "restore", … }]). */
export function useCommands(list: readonly StudioCommand[]): void {
  const source = useRef(signal(list));
  useEffect(() => {
    source.current.value = list;
  });
  useEffect(() => registerCommands(source.current), []);
}
