// The palette's commands for a query: the best first, in their groups.
import { fuzzyMatch } from "./fuzzy-match.ts";
import type { IconName } from "./icon.tsx";

/** Something that the palette can do, or a place that it leads to. */
export type PaletteCommand = {
  readonly id: string;
  readonly title: string;
  /** Under which heading it stands. */
  readonly group: string;
  readonly icon?: IconName;
  /** Behind the title: where it leads, what it is about. */
  readonly hint?: string;
  /** Other words by which it is found. */
  readonly keywords?: string;
  /** As Kbd takes them. */
  readonly shortcut?: string;
  readonly run: () => void;
};

/** A command that was found, with the letters of its title that were meant. */
export type FoundCommand = { readonly command: PaletteCommand; readonly positions: readonly number[] };

export type CommandGroup = { readonly name: string; readonly found: readonly FoundCommand[] };

/** More than this nobody reads: another letter helps. */
const SHOWN_MAX = 60;
/** A word that is not in the title means less. */
const KEYWORD_COST = 10;

/** All commands in their order for an empty query; else those that fit, groups by their best command. */
export function filterCommands(commands: readonly PaletteCommand[], query: string): CommandGroup[] {
  const scored = commands.flatMap((command) => {
    const match = matchCommand(command, query);
    return match === null ? [] : [{ command, ...match }];
  });
  if (query.trim() !== "") scored.sort((a, b) => b.score - a.score);
  const groups = new Map<string, FoundCommand[]>();
  for (const { command, positions } of scored.slice(0, SHOWN_MAX)) {
    const found = groups.get(command.group) ?? [];
    found.push({ command, positions });
    groups.set(command.group, found);
  }
  return [...groups].map(([name, found]) => ({ name, found }));
}

function matchCommand({ title, hint = "", keywords = "" }: PaletteCommand, query: string) {
  const inTitle = fuzzyMatch(query, title);
  if (inTitle !== null) return inTitle;
  const inWords = fuzzyMatch(query, `${title} ${hint} ${keywords}`);
  return inWords === null ? null : { score: inWords.score - KEYWORD_COST, positions: [] };
}
