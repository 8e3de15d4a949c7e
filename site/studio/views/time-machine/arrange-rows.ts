// Which lane stands on which row: branches above, main first, then the sources in one fixed order.
import { EVENT_SOURCES } from "../../../../schemas/event-types.ts";
import type { LaneName } from "./event-lane.ts";

/** Rows that a person can still tell apart; further branches share the last of the branches' rows. */
export const MAX_BRANCH_ROWS = 8;
const MAIN = "main";

export type Row = {
  readonly kind: "branch" | "branches" | "source";
  readonly name: string;
  readonly lanes: readonly number[];
};

export type Rows = {
  readonly rows: readonly Row[];
  /** By lane: its row. */
  readonly rowOf: Uint8Array;
};

export function arrangeRows(laneNames: readonly LaneName[]): Rows {
  const lanes = laneNames.map((name, lane) => ({ ...name, lane }));
  const branches = lanes
    .filter((lane) => lane.kind === "branch")
    .toSorted((a, b) => Number(b.name === MAIN) - Number(a.name === MAIN) || a.lane - b.lane);
  const sources = EVENT_SOURCES.flatMap((source) =>
    lanes.filter((lane) => lane.kind === "source" && lane.name === source),
  );
  const isCrowded = branches.length > MAX_BRANCH_ROWS;
  const own = isCrowded ? branches.slice(0, MAX_BRANCH_ROWS - 1) : branches;
  const shared = branches.slice(own.length);
  const rows: Row[] = own.map(({ name, lane }) => ({ kind: "branch", name, lanes: [lane] }));
  if (shared.length > 0) {
    const name = `${shared.length} more branches`;
    rows.push({ kind: "branches", name, lanes: shared.map(({ lane }) => lane) });
  }
  for (const { name, lane } of sources) rows.push({ kind: "source", name, lanes: [lane] });
  const rowOf = new Uint8Array(laneNames.length);
  for (const [row, { lanes: held }] of rows.entries()) for (const lane of held) rowOf[lane] = row;
  return { rows, rowOf };
}
