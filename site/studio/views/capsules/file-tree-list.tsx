// A folder as a list that opens and closes; what is closed is not on the page at all.
import { useState } from "preact/hooks";
import type { ManifestFile } from "../../../../schemas/manifest.ts";
import { Icon } from "../../../halo/icon.tsx";
import { sayBytes } from "../../../verification/say-bytes.ts";
import { foldersAbove, type TreeFolder } from "./file-tree.ts";

type FileTreeProps = {
  readonly folder: TreeFolder<ManifestFile>;
  readonly selected: string | null;
  readonly hrefOf: (path: string) => string;
  readonly isAllOpen: boolean;
};

/** Folders of a small app are open from the start. */
const OPEN_UP_TO_FILES = 40;

export function FileTree({ folder, selected, hrefOf, isAllOpen }: FileTreeProps) {
  return (
    <ul class="caps-tree">
      {folder.entries.map((entry) =>
        entry.kind === "folder" ? (
          <FolderEntry
            key={`${entry.path}/`}
            folder={entry}
            selected={selected}
            hrefOf={hrefOf}
            isAllOpen={isAllOpen}
          />
        ) : (
          <li key={entry.file.path}>
            <a
              class="caps-tree__file"
              href={hrefOf(entry.file.path)}
              aria-current={entry.file.path === selected ? "true" : undefined}
            >
              <span>{entry.name}</span>
              <small class="muted">{sayBytes(entry.file.sizeBytes)}</small>
            </a>
          </li>
        ),
      )}
    </ul>
  );
}

function FolderEntry({ folder, selected, hrefOf, isAllOpen }: FileTreeProps) {
  const holdsSelected = selected !== null && foldersAbove(selected).includes(folder.path);
  const [isOpen, setIsOpen] = useState(holdsSelected || folder.fileCount <= OPEN_UP_TO_FILES);
  const isShown = isOpen || isAllOpen;
  return (
    <li>
      <details open={isShown} onToggle={({ currentTarget }) => isAllOpen || setIsOpen(currentTarget.open)}>
        <summary class="caps-tree__folder">
          <Icon name="chevron-right" size="small" />
          <span>{folder.name}</span>
          <small class="muted">{folder.fileCount}</small>
        </summary>
        {isShown ? (
          <FileTree folder={folder} selected={selected} hrefOf={hrefOf} isAllOpen={isAllOpen} />
        ) : null}
      </details>
    </li>
  );
}
