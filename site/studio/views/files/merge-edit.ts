// Mine and theirs in one text, where the two edits do not meet.
import { formatRegions, hasConflict, mergeLines } from "../../../../core/editing/merge-lines.ts";
import { splitLines } from "../../../../core/editing/text-lines.ts";

/** Null when both changed the same lines. */
export function mergeEdit(texts: {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}): string | null {
  const [base, mine, theirs] = [texts.base, texts.mine, texts.theirs].map(splitLines);
  const regions = mergeLines(base ?? [], mine ?? [], theirs ?? []);
  return hasConflict(regions) ? null : formatRegions(regions);
}
