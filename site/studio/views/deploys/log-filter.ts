// Lines of a log: found by words and level, and as text for the clipboard and a file.

export type LogLevel = "all" | "warn" | "error";

export type LogLine = {
  readonly seq: number;
  readonly ts: number;
  readonly level: string;
  readonly message: string;
  /** What belongs to it and is long: a stack. */
  readonly detail?: string | undefined;
  /** Small print: which request, which path. */
  readonly aside?: string | undefined;
};

/** Kept in the page; the oldest give way. */
export const MAX_KEPT_LINES = 5_000;

const WARNINGS: ReadonlySet<string> = new Set(["warn", "warning", "error"]);

/** Every word must be there, in whatever case; `warn` shows errors too. */
export function filterLines(
  lines: readonly LogLine[],
  { search, level }: { readonly search: string; readonly level: LogLevel },
): readonly LogLine[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    if (level === "error" && line.level !== "error") return false;
    if (level === "warn" && !WARNINGS.has(line.level)) return false;
    const text = `${line.message} ${line.detail ?? ""} ${line.aside ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** New lines behind the old ones: each once, in order, at most {@link MAX_KEPT_LINES}. */
export function addLines(kept: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] {
  const lastSeq = kept.at(-1)?.seq ?? -1;
  const fresh = more.filter(({ seq }) => seq > lastSeq);
  return fresh.length === 0 ? kept : [...kept, ...fresh].slice(-MAX_KEPT_LINES);
}

/** One line each, with its time in UTC: what is pasted elsewhere is read elsewhere. */
export function linesAsText(lines: readonly LogLine[]): string {
  return lines
    .map(({ ts, level, message, detail, aside }) => {
      const more = [aside === undefined ? "" : ` (${aside})`, detail === undefined ? "" : `\n${detail}`];
      return `${new Date(ts).toISOString()} ${level.toUpperCase()} ${message}${more.join("")}\n`;
    })
    .join("");
}
