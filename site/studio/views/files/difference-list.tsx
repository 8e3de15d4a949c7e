// What differs between two moments: files with their patches, then settings.
import { useState } from "preact/hooks";
import type { CapsuleDiff, FieldDifference, FileDifference } from "../../../../schemas/capsule-diff.ts";
import { Badge, type Tone } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { countChanges, hunksOfPatch } from "../../../halo/diff-hunks.ts";
import { DiffView } from "../../../halo/diff-view.tsx";
import "./difference-list.css";

export type DiffLayout = "inline" | "side-by-side";

type DifferenceListProps = {
  readonly diff: CapsuleDiff;
  readonly layout: DiffLayout;
  /** Opens a file at the later of the two moments. */
  readonly fileHref?: (path: string) => string;
};

const TONES: Readonly<Record<FileDifference["kind"], Tone>> = {
  added: "good",
  removed: "bad",
  modified: "info",
  renamed: "neutral",
  "mode-changed": "neutral",
};
/** The first ones stand open; a person opens the others. */
const OPEN_FILES = 3;
const SHOWN_FILES = 100;
const NOT_TEXT = {
  binary: "Not text: compared by digest only.",
  "too-large": "Too large to compare line by line: compared by digest.",
  unread: "Too much differs to read every file: compared by digest.",
  same: "The content is the same.",
  text: "",
} as const satisfies Record<FileDifference["content"], string>;

export function DifferenceList({ diff, layout, fileHref }: DifferenceListProps) {
  const [shownCount, setShownCount] = useState(SHOWN_FILES);
  if (diff.files.length === 0 && diff.fields.length === 0) {
    return <p class="muted">Nothing differs: files and settings are the same.</p>;
  }
  return (
    <div class="differences">
      <ul class="difference-files">
        {diff.files.slice(0, shownCount).map((file, index) => (
          <li key={file.path}>
            <FileDifferenceCard file={file} layout={layout} isOpen={index < OPEN_FILES} fileHref={fileHref} />
          </li>
        ))}
      </ul>
      {diff.files.length > shownCount ? (
        <Button size="small" onClick={() => setShownCount(shownCount + SHOWN_FILES)}>
          Show more of the {diff.files.length} files
        </Button>
      ) : null}
      {diff.fields.length === 0 ? null : <SettingsDifference fields={diff.fields} />}
    </div>
  );
}

type FileDifferenceCardProps = {
  readonly file: FileDifference;
  readonly layout: DiffLayout;
  readonly isOpen: boolean;
  readonly fileHref: ((path: string) => string) | undefined;
};

function FileDifferenceCard({ file, layout, isOpen, fileHref }: FileDifferenceCardProps) {
  const [wasOpened, setWasOpened] = useState(isOpen);
  const counts = file.patch === null ? null : countChanges(hunksOfPatch(file.patch));
  return (
    <details
      class="difference-file"
      open={isOpen}
      onToggle={({ currentTarget }) => currentTarget.open && setWasOpened(true)}
    >
      <summary>
        <Badge tone={TONES[file.kind]}>{file.kind}</Badge>
        <code>{file.from === null ? file.path : `${file.from} → ${file.path}`}</code>
        {counts === null ? null : (
          <span class="muted">
            +{counts.added} −{counts.removed}
          </span>
        )}
      </summary>
      {fileHref === undefined || file.kind === "removed" ? null : (
        <a href={fileHref(file.path)}>Open the file</a>
      )}
      {file.patch === null ? (
        <p class="muted">{NOT_TEXT[file.content]}</p>
      ) : wasOpened ? (
        <DiffView path={file.path} patch={file.patch} layout={layout} />
      ) : null}
    </details>
  );
}

function SettingsDifference({ fields }: { readonly fields: readonly FieldDifference[] }) {
  return (
    <table class="difference-fields">
      <caption>Settings</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ pointer, before, after }) => (
          <tr key={pointer}>
            <th scope="row">
              <code>{pointer}</code>
            </th>
            <td>{sayValue(before)}</td>
            <td>{sayValue(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sayValue(value: unknown): string {
  return value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);
}
