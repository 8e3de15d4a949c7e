// A unified patch as lines that can be shown: numbered on both sides, and paired for two columns.

export type PatchLine =
  | { readonly kind: "hunk"; readonly text: string }
  | {
      readonly kind: "same" | "added" | "removed";
      readonly text: string;
      /** Lines count from 1; null on the side that does not have the line. */
      readonly before: number | null;
      readonly after: number | null;
      /** The file ends with this line, without a line feed. */
      readonly isUnended: boolean;
    };

/** What stands beside each other in two columns. */
export type PatchPair =
  | { readonly kind: "hunk"; readonly text: string }
  | { readonly kind: "pair"; readonly before: TextLine | null; readonly after: TextLine | null };

export type TextLine = Exclude<PatchLine, { readonly kind: "hunk" }>;

const HUNK_HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The lines of one file's patch, in the form of `git diff`; its head is left out. */
export function readPatch(patch: string): PatchLine[] {
  const lines: PatchLine[] = [];
  let before = 0;
  let after = 0;
  let left = { before: 0, after: 0 };
  for (const line of patch.split("\n")) {
    const header = HUNK_HEADER.exec(line);
    if (left.before <= 0 && left.after <= 0 && header !== null) {
      before = Number(header[1]);
      after = Number(header[3]);
      left = { before: Number(header[2] ?? 1), after: Number(header[4] ?? 1) };
      lines.push({ kind: "hunk", text: line });
      continue;
    }
    const last = lines.at(-1);
    if (line.startsWith("\\") && last !== undefined && last.kind !== "hunk") {
      lines[lines.length - 1] = { ...last, isUnended: true };
      continue;
    }
    if (left.before <= 0 && left.after <= 0) continue;
    const text = line.slice(1);
    if (line.startsWith("+")) {
      lines.push({ kind: "added", text, before: null, after: after++, isUnended: false });
      left.after -= 1;
    } else if (line.startsWith("-")) {
      lines.push({ kind: "removed", text, before: before++, after: null, isUnended: false });
      left.before -= 1;
    } else {
      lines.push({ kind: "same", text, before: before++, after: after++, isUnended: false });
      left = { before: left.before - 1, after: left.after - 1 };
    }
  }
  return lines;
}

/** What was removed beside what was added in its place. */
export function pairLines(lines: readonly PatchLine[]): PatchPair[] {
  const pairs: PatchPair[] = [];
  let removed: TextLine[] = [];
  let added: TextLine[] = [];
  const flush = (): void => {
    for (let index = 0; index < Math.max(removed.length, added.length); index++) {
      pairs.push({ kind: "pair", before: removed[index] ?? null, after: added[index] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === "removed") removed.push(line);
    else if (line.kind === "added") added.push(line);
    else {
      flush();
      pairs.push(line.kind === "hunk" ? line : { kind: "pair", before: line, after: line });
    }
  }
  flush();
  return pairs;
}

/** How many lines came and went. */
export function countLines(patch: string): { readonly added: number; readonly removed: number } {
  const lines = readPatch(patch);
  return {
    added: lines.filter(({ kind }) => kind === "added").length,
    removed: lines.filter(({ kind }) => kind === "removed").length,
  };
}
