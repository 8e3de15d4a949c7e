// What differs between two states of one text: in one column, or side by side.
import { useMemo, useState } from "preact/hooks";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { countChanges, type DiffHunk, hunksOfPatch, hunksOfTexts } from "./diff-hunks.ts";
import { type DiffRow, inlineLines, type PiecedLine, rowsOf } from "./diff-rows.ts";
import { scrollable } from "./scrollable.ts";
import "./diff-view.css";

type DiffViewProps = {
  /** Names what differs: a path. */
  readonly path: string;
  readonly layout?: "inline" | "side-by-side";
} & (
  | { readonly patch: string; readonly before?: undefined; readonly after?: undefined }
  | { readonly before: string; readonly after: string; readonly patch?: undefined }
);

type Side = "before" | "after";

/** More rows are shown when they are asked for. */
const ROWS_AT_ONCE = 1_500;
const SIGNS = { same: " ", removed: "−", added: "+" } as const;
const WORDS = { same: "", removed: "removed: ", added: "added: " } as const;

/** A diff with numbered lines and the changed words marked. Side by side needs room: below 720 px it is one column. */
export function DiffView({ path, layout = "inline", patch, before, after }: DiffViewProps) {
  const hunks = useMemo(
    () => (patch === undefined ? hunksOfTexts(before, after) : hunksOfPatch(patch)),
    [patch, before, after],
  );
  const rowsByHunk = useMemo(() => hunks.map(({ lines }) => rowsOf(lines)), [hunks]);
  const [rowCountMax, setRowCountMax] = useState(ROWS_AT_ONCE);
  const { added, removed } = countChanges(hunks);
  const rowCount = rowsByHunk.reduce((count, rows) => count + rows.length, 0);
  return (
    <figure class={classNames("halo-diff", `halo-diff--${layout}`)}>
      <figcaption class="halo-diff__head">
        <span class="halo-diff__path">{path}</span>
        <span class="halo-diff__counts">
          <span class="halo-diff__added">+{added}</span> <span class="halo-diff__removed">−{removed}</span>
          <span class="only-read"> lines</span>
        </span>
      </figcaption>
      {hunks.length === 0 ? (
        <p class="halo-diff__none">Both are the same.</p>
      ) : (
        <div class="halo-diff__scroll" {...scrollable(`What differs in ${path}`)}>
          <HunkList hunks={hunks} rowsByHunk={rowsByHunk} layout={layout} rowCountMax={rowCountMax} />
        </div>
      )}
      {rowCount > rowCountMax && (
        <div class="halo-diff__more">
          <Button size="small" onClick={() => setRowCountMax(rowCountMax + ROWS_AT_ONCE)}>
            Show more: {rowCount - rowCountMax} lines are left
          </Button>
        </div>
      )}
    </figure>
  );
}

type HunkListProps = {
  readonly hunks: readonly DiffHunk[];
  readonly rowsByHunk: readonly (readonly DiffRow[])[];
  readonly layout: "inline" | "side-by-side";
  readonly rowCountMax: number;
};

function HunkList({ hunks, rowsByHunk, layout, rowCountMax }: HunkListProps) {
  let leftCount = rowCountMax;
  return (
    <>
      {hunks.map(({ skippedCount, lines }, index) => {
        const rows = (rowsByHunk[index] ?? []).slice(0, Math.max(0, leftCount));
        leftCount -= rows.length;
        if (rows.length === 0) return null;
        return (
          <div key={lines[0]?.beforeNumber ?? `+${lines[0]?.afterNumber}`} class="halo-diff__hunk">
            {skippedCount > 0 && (
              <p class="halo-diff__gap">
                {skippedCount} unchanged {skippedCount === 1 ? "line" : "lines"}
              </p>
            )}
            {layout === "side-by-side" && <SideBySide rows={rows} />}
            <OneColumn rows={rows} />
          </div>
        );
      })}
    </>
  );
}

function OneColumn({ rows }: { readonly rows: readonly DiffRow[] }) {
  return (
    <div class="halo-diff__column">
      {inlineLines(rows).map((line) => (
        <div
          key={`${line.beforeNumber}-${line.afterNumber}`}
          class={`halo-diff__line halo-diff__line--${line.kind}`}
        >
          <span class="halo-diff__number">{line.beforeNumber}</span>
          <span class="halo-diff__number">{line.afterNumber}</span>
          <LineText line={line} />
        </div>
      ))}
    </div>
  );
}

function SideBySide({ rows }: { readonly rows: readonly DiffRow[] }) {
  return (
    <div class="halo-diff__sides">
      {rows.map((row) => (
        <div key={`${row.before?.beforeNumber}-${row.after?.afterNumber}`} class="halo-diff__row">
          <SideCell line={row.before} side="before" />
          <SideCell line={row.after} side="after" />
        </div>
      ))}
    </div>
  );
}

function SideCell({ line, side }: { readonly line: PiecedLine | null; readonly side: Side }) {
  if (line === null) return <div class="halo-diff__line halo-diff__line--none" />;
  return (
    <div class={`halo-diff__line halo-diff__line--${line.kind}`}>
      <span class="halo-diff__number">{side === "before" ? line.beforeNumber : line.afterNumber}</span>
      <LineText line={line} />
    </div>
  );
}

function LineText({ line: { kind, pieces } }: { readonly line: PiecedLine }) {
  return (
    <>
      <span class="halo-diff__sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <code class="halo-diff__text">
        <span class="only-read">{WORDS[kind]}</span>
        {pieces.map(({ text, isChanged }, index) => (isChanged ? <mark key={index}>{text}</mark> : text))}
      </code>
    </>
  );
}
