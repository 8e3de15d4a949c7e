// Search and filter over the history that is here.
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";

export type EventFilter = {
  /** Words that all have to be found: in the type, the line, the data, the actor, or as #seq. */
  readonly text: string;
  /** Null for every one. */
  readonly source: string | null;
  readonly type: string | null;
};

/** What an event is found by; made once for each. */
const searchTexts = new WeakMap<TimelineEvent, string>();

export function isFilterEmpty({ text, source, type }: EventFilter): boolean {
  return text.trim() === "" && source === null && type === null;
}

/** By event, 1 where it is found; null when nothing is asked for. */
export function filterEvents(events: readonly TimelineEvent[], filter: EventFilter): Uint8Array | null {
  if (isFilterEmpty(filter)) return null;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Uint8Array(events.length);
  for (const [index, event] of events.entries()) {
    const isKind =
      (filter.source === null || event.source === filter.source) &&
      (filter.type === null || event.type === filter.type);
    if (isKind && words.every((word) => searchText(event).includes(word))) shown[index] = 1;
  }
  return shown;
}

function searchText(event: TimelineEvent): string {
  const known = searchTexts.get(event);
  if (known !== undefined) return known;
  const { seq, type, data, actor, runId } = event;
  const parts = [`#${seq}`, type, describeEvent(event), JSON.stringify(data), actor.id, runId ?? ""];
  const text = parts.join(" ").toLowerCase();
  searchTexts.set(event, text);
  return text;
}
