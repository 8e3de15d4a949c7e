// A difference of two capsules, spread out: settings as a table, files one by one.
import type { CapsuleDiff, FieldDifference, FileDifference } from "../../../../schemas/capsule-diff.ts";
import { Badge, type Tone } from "../../../halo/badge.tsx";
import { DiffView } from "../../../halo/diff-view.tsx";
import { Table, type TableColumn } from "../../../halo/table.tsx";
import { sayBytes } from "../../../verification/say-bytes.ts";
import { countLines, nameOfKind } from "./diff-totals.ts";

type CapsuleDifferenceProps = {
  readonly diff: CapsuleDiff;
  readonly layout: "inline" | "side-by-side";
};

/** So many patches are open from the start. */
const OPEN_PATCHES = 12;

const TONES = {
  added: "good",
  removed: "bad",
  modified: "info",
  renamed: "neutral",
  "mode-changed": "neutral",
} as const satisfies Record<FileDifference["kind"], Tone>;

const FIELD_COLUMNS: readonly TableColumn<FieldDifference>[] = [
  { id: "field", title: "Setting", isRowHeader: true, cell: ({ pointer }) => <code>{pointer}</code> },
  { id: "before", title: "Before", cell: (field) => <FieldValue field={field} side="before" /> },
  { id: "after", title: "After", cell: (field) => <FieldValue field={field} side="after" /> },
];

export function CapsuleDifference({ diff: { files, fields }, layout }: CapsuleDifferenceProps) {
  return (
    <>
      {fields.length === 0 ? null : (
        <section class="caps-difference" aria-labelledby="caps-settings">
          <h2 id="caps-settings">Settings</h2>
          <Table
            caption="Settings that changed"
            isCaptionHidden
            columns={FIELD_COLUMNS}
            rows={fields}
            rowId={({ pointer }) => pointer}
          />
        </section>
      )}
      {files.length === 0 ? null : (
        <section class="caps-difference" aria-labelledby="caps-files">
          <h2 id="caps-files">Files</h2>
          {files.map((file, index) => (
            <FileEntry
              key={`${file.kind} ${file.path}`}
              file={file}
              layout={layout}
              isOpen={index < OPEN_PATCHES}
            />
          ))}
        </section>
      )}
    </>
  );
}

function FieldValue({ field, side }: { readonly field: FieldDifference; readonly side: "before" | "after" }) {
  if (!(side in field)) return <span class="muted">not there</span>;
  return <code class="caps-value">{JSON.stringify(field[side])}</code>;
}

type FileEntryProps = {
  readonly file: FileDifference;
  readonly layout: CapsuleDifferenceProps["layout"];
  readonly isOpen: boolean;
};

function FileEntry({ file, layout, isOpen }: FileEntryProps) {
  const { kind, path, from, patch } = file;
  const { addedCount, removedCount } = countLines(patch);
  return (
    <details class="caps-file-difference" open={isOpen}>
      <summary>
        <Badge tone={TONES[kind]}>{nameOfKind(kind)}</Badge>
        <span class="caps-file-difference__path">{from === null ? path : `${from} → ${path}`}</span>
        {patch === null ? null : (
          <span class="muted">
            +{addedCount} −{removedCount}
          </span>
        )}
      </summary>
      {patch === null ? <WithoutPatch file={file} /> : <DiffView path={path} patch={patch} layout={layout} />}
    </details>
  );
}

const REASONS = {
  same: "The content is the same.",
  text: "The content is the same.",
  binary: "The content is no text: it is told by size and digest.",
  "too-large": "The content is too large to be compared line by line: it is told by size and digest.",
  unread: "The difference was too large to read this file as well: it is told by size and digest.",
} as const satisfies Record<FileDifference["content"], string>;

function WithoutPatch({ file: { content, before, after } }: { readonly file: FileDifference }) {
  return (
    <div class="caps-file-difference__facts">
      <p class="muted">{REASONS[content]}</p>
      <dl class="caps-facts">
        <SideFacts name="Before" facts={before} />
        <SideFacts name="After" facts={after} />
      </dl>
    </div>
  );
}

function SideFacts({ name, facts }: { readonly name: string; readonly facts: FileDifference["before"] }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {facts === null ? (
          "not there"
        ) : (
          <>
            {sayBytes(facts.sizeBytes)}, {facts.mode}, <code>{facts.sha256}</code>
          </>
        )}
      </dd>
    </>
  );
}
