// Tables and histories.
import { useState } from "preact/hooks";
import { Badge, type Tone } from "../badge.tsx";
import { Digest } from "../digest.tsx";
import { EmptyState } from "../empty-state.tsx";
import { RelativeTime } from "../relative-time.tsx";
import { Table, type TableSort } from "../table.tsx";
import { Timeline } from "../timeline.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

type Capsule = {
  readonly version: string;
  readonly digest: string;
  readonly fileCount: number;
  readonly tone: Tone;
  readonly state: string;
  readonly ts: number;
};

const HOUR_MS = 3_600_000;
/** The gallery is made once; its history is as old as that. */
const MADE_AT = Date.UTC(2026, 9, 5, 14, 2);
const CAPSULES: readonly Capsule[] = [
  {
    version: "0.4.1",
    digest: "sha256:4f1c0a7be2d95836c0fd1e27ab94c35d8806e7f1b23a94cd5fe6078192ab3cde",
    fileCount: 14,
    tone: "live",
    state: "Live in dev",
    ts: MADE_AT,
  },
  {
    version: "0.4.0",
    digest: "sha256:91be55c80e4af21d7c3906fbd2158a47e90cb7d4a6631f2805d9ce17b80f6a24",
    fileCount: 13,
    tone: "good",
    state: "Verified",
    ts: MADE_AT - 3 * HOUR_MS,
  },
  {
    version: "0.3.0",
    digest: "sha256:07da6e1f4bc283950ad7e3c1f6429b8805ea7d31bc04f928d6e5170a83fb92c1",
    fileCount: 9,
    tone: "bad",
    state: "Refused",
    ts: MADE_AT - 50 * HOUR_MS,
  },
];

export const LIST_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "Table",
    about: "Rows and columns; in a narrow place each row becomes a card. A column may be sorted.",
    Show: TableStates,
  },
  {
    name: "Timeline",
    about: "A short history as dots on a line.",
    Show: () => (
      <Timeline
        label="What happened"
        entries={[
          { id: "5", title: "Live in dev", ts: MADE_AT, tone: "live", icon: "rocket", detail: "revision 7" },
          { id: "4", title: "Capsule accepted", ts: MADE_AT - HOUR_MS / 4, tone: "good", icon: "check" },
          {
            id: "3",
            title: "Committed by Ada",
            ts: MADE_AT - HOUR_MS,
            detail: "Round shares to whole cents",
          },
          {
            id: "2",
            title: "Deploy failed",
            ts: MADE_AT - 5 * HOUR_MS,
            tone: "bad",
            icon: "close",
            detail: "The health path answered 500.",
          },
        ]}
      />
    ),
  },
  {
    name: "RelativeTime",
    about: "A moment as people say it; the full date is its title.",
    isRow: true,
    Show: () => (
      <p>
        <RelativeTime ts={MADE_AT} />
      </p>
    ),
  },
];

function TableStates() {
  const [sort, setSort] = useState<TableSort>({ columnId: "files", direction: "descending" });
  const direction = sort.direction === "ascending" ? 1 : -1;
  const rows = CAPSULES.toSorted((a, b) => direction * (a.fileCount - b.fileCount));
  return (
    <>
      <Table
        caption="Capsules"
        rows={rows}
        rowId={({ digest }) => digest}
        sort={sort}
        onSort={setSort}
        columns={[
          { id: "version", title: "Version", isRowHeader: true, cell: ({ version }) => version },
          {
            id: "digest",
            title: "Digest",
            cell: ({ digest, version }) => <Digest value={digest} of={version} />,
          },
          { id: "state", title: "State", cell: ({ tone, state }) => <Badge tone={tone}>{state}</Badge> },
          { id: "ts", title: "When", cell: ({ ts }) => <RelativeTime ts={ts} /> },
          {
            id: "files",
            title: "Files",
            isNumber: true,
            isSortable: true,
            cell: ({ fileCount }) => fileCount,
          },
        ]}
      />
      <Table
        caption="Nothing to show"
        rows={[]}
        rowId={String}
        columns={[]}
        empty={
          <EmptyState title="No simulations yet">
            Rehearse a capsule, and its evidence stands here.
          </EmptyState>
        }
      />
    </>
  );
}
