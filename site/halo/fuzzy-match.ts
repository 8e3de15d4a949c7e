// Which of many names a few letters mean.

/** How well it fits (higher is better), and which letters of the text were meant. */
export type FuzzyMatch = { readonly score: number; readonly positions: readonly number[] };

const START_OF_WORD = 8;
const NEXT_TO_LAST = 6;
const SAME_CASE = 1;
const GAP_COST_MAX = 4;

/**
 * Finds the letters of `query` in `text` in their order, whatever the case; null when they are not all there. Letters at
 * the start of words and next to one another count more; of equal texts the shorter one wins. Spaces are skipped.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const letters = [...query.toLowerCase()].filter((letter) => letter.trim() !== "");
  if (letters.length === 0) return { score: 0, positions: [] };
  const lower = text.toLowerCase();
  let best: FuzzyMatch | null = null;
  // Each place where the first letter stands may begin a better match than the one before it.
  for (
    let start = lower.indexOf(letters[0] ?? "");
    start !== -1;
    start = lower.indexOf(letters[0] ?? "", start + 1)
  ) {
    const positions = positionsFrom(letters, lower, start);
    if (positions === null) break;
    const score = scoreOf(positions, query, text);
    if (best === null || score > best.score) best = { score, positions };
  }
  return best;
}

/** Each letter at the next start of a word that has it, else where it comes next. */
function positionsFrom(letters: readonly string[], lower: string, start: number): number[] | null {
  const positions = [start];
  for (const [index, letter] of letters.entries()) {
    if (index === 0) continue;
    const from = (positions.at(-1) ?? -1) + 1;
    const next = lower.indexOf(letter, from);
    if (next === -1) return null;
    const atWord = next === from ? next : findAtWord(lower, letter, from);
    // The start of a word is better, as long as the rest is still found after it.
    const isWordBetter = atWord !== -1 && hasInOrder(letters.slice(index + 1), lower, atWord + 1);
    positions.push(isWordBetter ? atWord : next);
  }
  return positions;
}

function findAtWord(lower: string, letter: string, from: number): number {
  for (let at = lower.indexOf(letter, from); at !== -1; at = lower.indexOf(letter, at + 1)) {
    if (isWordStart(lower, at)) return at;
  }
  return -1;
}

function hasInOrder(letters: readonly string[], lower: string, from: number): boolean {
  let at = from - 1;
  for (const letter of letters) {
    at = lower.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}

function scoreOf(positions: readonly number[], query: string, text: string): number {
  let score = -text.length / 100;
  for (const [index, at] of positions.entries()) {
    const gap = at - (positions[index - 1] ?? at - 1) - 1;
    if (isWordStart(text, at)) score += START_OF_WORD;
    if (index > 0 && gap === 0) score += NEXT_TO_LAST;
    if (query.includes(text[at] ?? "")) score += SAME_CASE;
    score -= Math.min(gap, GAP_COST_MAX);
  }
  return score;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s/:._-]/.test(text[at - 1] ?? "");
}
