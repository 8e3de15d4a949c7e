// The journal in order, and how its dates, tags and plates are written.
import { type CollectionEntry, getCollection } from "astro:content";

export type Entry = CollectionEntry<"entries">;

const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"] as const;

/** All entries, the newest first. */
export async function listEntries(): Promise<readonly Entry[]> {
  const entries = await getCollection("entries");
  return entries.sort((a, b) => b.data.date.getTime() - a.data.date.getTime());
}

/** Each tag with its entries, in the order of the alphabet. */
export async function listTags(): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const entries = await listEntries();
  const tags = [...new Set(entries.flatMap((entry) => entry.data.tags))].sort();
  return new Map(tags.map((tag) => [tag, entries.filter((entry) => entry.data.tags.includes(tag))]));
}

export function formatDate(date: Date): string {
  return DATE.format(date);
}

/** The day alone, as machines read it. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** "Plate IV": plates are numbered through the year, and `entries` has the newest first. */
export function numberPlate(entry: Entry, entries: readonly Entry[]): string {
  const number = entries.length - entries.findIndex((other) => other.id === entry.id);
  return `Plate ${ROMAN[number - 1] ?? number}`;
}
