// How much differs between two capsules, in one line.
import type { CapsuleDiff, FileDifference } from "../../../../schemas/capsule-diff.ts";

const WORDS: Readonly<Record<FileDifference["kind"], string>> = {
  added: "added",
  removed: "removed",
  modified: "changed",
  renamed: "renamed",
  "mode-changed": "with another mode",
};

/** "2 files added, 1 changed; 3 settings changed", or that nothing differs. */
export function sayTotals({ files, fields }: Pick<CapsuleDiff, "files" | "fields">): string {
  const kinds = Object.keys(WORDS) as FileDifference["kind"][];
  const counts = kinds.flatMap((kind) => {
    const count = files.filter((file) => file.kind === kind).length;
    return count === 0 ? [] : [`${count} ${WORDS[kind]}`];
  });
  const parts: string[] = [];
  if (counts.length > 0) parts.push(`${files.length === 1 ? "File" : "Files"}: ${counts.join(", ")}`);
  if (fields.length > 0)
    parts.push(`${fields.length} ${fields.length === 1 ? "setting" : "settings"} changed`);
  return parts.length === 0 ? "Nothing differs." : `${parts.join("; ")}.`;
}

/** What a kind of difference is called beside a file. */
export function nameOfKind(kind: FileDifference["kind"]): string {
  return kind === "mode-changed" ? "mode" : WORDS[kind];
}

/** Lines that a patch takes away and adds. */
export function countLines(patch: string | null): {
  readonly removedCount: number;
  readonly addedCount: number;
} {
  let removedCount = 0;
  let addedCount = 0;
  let isInHunk = false;
  for (const line of (patch ?? "").split("\n")) {
    if (line.startsWith("@@")) isInHunk = true;
    else if (isInHunk && line.startsWith("+")) addedCount += 1;
    else if (isInHunk && line.startsWith("-")) removedCount += 1;
  }
  return { removedCount, addedCount };
}
