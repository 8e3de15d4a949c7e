// A patch to read: one column, or before and after side by side.
import { useMemo } from "preact/hooks";
import { pairLines, readPatch, type TextLine } from "./patch-lines.ts";
import "./patch-view.css";

export type PatchLayout = "inline" | "split";

type PatchViewProps = {
  readonly patch: string;
  readonly layout: PatchLayout;
  /** What is compared, read aloud. */
  readonly label: string;
};

/** Longer patches are shown in part: a page of so many rows stays quick. */
const MAX_ROWS = 3_000;
const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const WORDS = { same: "", added: "added", removed: "removed" } as const;

export function PatchView({ patch, layout, label }: PatchViewProps) {
  const lines = useMemo(() => readPatch(patch), [patch]);
  const rest = lines.length - MAX_ROWS;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section class="patch" aria-label={label} tabIndex={0}>
      <table class={`patch-table patch-table--${layout}`}>
        <thead class="only-read">
          {layout === "inline" ? (
            <tr>
              <th>Line before</th>
              <th>Line after</th>
              <th>Text</th>
            </tr>
          ) : (
            <tr>
              <th>Line before</th>
              <th>Before</th>
              <th>Line after</th>
              <th>After</th>
            </tr>
          )}
        </thead>
        <tbody>
          {layout === "inline" ? (
            <InlineRows lines={lines.slice(0, MAX_ROWS)} />
          ) : (
            <SplitRows lines={lines} />
          )}
        </tbody>
      </table>
      {rest > 0 ? <p class="muted">{rest} more lines; download the file to read them all.</p> : null}
    </section>
  );
}

type RowsProps = { readonly lines: ReturnType<typeof readPatch> };

function InlineRows({ lines }: RowsProps) {
  return (
    <>
      {lines.map((line, index) =>
        line.kind === "hunk" ? (
          <HunkRow key={index} text={line.text} columnCount={3} />
        ) : (
          <tr key={index} class={`patch-${line.kind}`}>
            <td class="patch-number">{line.before}</td>
            <td class="patch-number">{line.after}</td>
            <LineText line={line} />
          </tr>
        ),
      )}
    </>
  );
}

function SplitRows({ lines }: RowsProps) {
  const pairs = useMemo(() => pairLines(lines).slice(0, MAX_ROWS), [lines]);
  return (
    <>
      {pairs.map((pair, index) =>
        pair.kind === "hunk" ? (
          <HunkRow key={index} text={pair.text} columnCount={4} />
        ) : (
          <tr key={index}>
            <td class={`patch-number ${sideClass(pair.before)}`}>{pair.before?.before}</td>
            <LineText line={pair.before} />
            <td class={`patch-number ${sideClass(pair.after)}`}>{pair.after?.after}</td>
            <LineText line={pair.after} />
          </tr>
        ),
      )}
    </>
  );
}

function HunkRow({ text, columnCount }: { readonly text: string; readonly columnCount: number }) {
  return (
    <tr class="patch-hunk">
      <td colSpan={columnCount}>{text}</td>
    </tr>
  );
}

function LineText({ line }: { readonly line: TextLine | null }) {
  if (line === null) return <td class="patch-text patch-nothing" />;
  return (
    <td class={`patch-text ${sideClass(line)}`}>
      <span class="patch-sign" aria-hidden="true">
        {SIGNS[line.kind]}
      </span>
      {line.kind === "same" ? null : <span class="only-read">{WORDS[line.kind]}: </span>}
      {line.text}
      {line.isUnended ? <span class="patch-unended" title="No line feed at the end of the file" /> : null}
    </td>
  );
}

function sideClass(line: TextLine | null): string {
  return line === null ? "patch-nothing" : `patch-${line.kind}`;
}
