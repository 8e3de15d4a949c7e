// Edits that are not committed yet, kept in this browser: a reload, a crash or a lost sign-in loses nothing.

export type Draft = {
  readonly text: string;
  readonly message: string;
  /** What was edited: the text then, and the head that it was read at. */
  readonly baseText: string;
  readonly baseHead: number;
};

export type DraftPlace = { readonly projectId: string; readonly branch: string; readonly path: string };

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Null when there is none, or none that can be read. */
export function readDraft(place: DraftPlace, store: Store = localStorage): Draft | null {
  const kept = attempt(() => store.getItem(keyOf(place)));
  if (kept === null) return null;
  const draft = attempt<unknown>(() => JSON.parse(kept));
  return isDraft(draft) ? draft : null;
}

/** False where the browser keeps nothing (private windows, a full store). */
export function keepDraft(place: DraftPlace, draft: Draft, store: Store = localStorage): boolean {
  return (
    attempt(() => {
      store.setItem(keyOf(place), JSON.stringify(draft));
      return true;
    }) ?? false
  );
}

export function dropDraft(place: DraftPlace, store: Store = localStorage): void {
  attempt(() => store.removeItem(keyOf(place)));
}

function keyOf({ projectId, branch, path }: DraftPlace): string {
  return `oursynth draft ${projectId} ${branch} ${path}`;
}

/** A browser may refuse its store altogether, by throwing. */
function attempt<Value>(ask: () => Value): Value | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { text, message, baseText, baseHead } = value as Partial<Record<keyof Draft, unknown>>;
  return [text, message, baseText].every((part) => typeof part === "string") && typeof baseHead === "number";
}
