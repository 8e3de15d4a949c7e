// The files of the moment: folders to open, files to go to.
import { useMemo, useState } from "preact/hooks";
import { Icon } from "../../../halo/icon.tsx";
import { buildTree, type FileFacts, type TreeNode } from "./build-tree.ts";

type FileTreeProps = {
  readonly files: readonly FileFacts[];
  readonly path: string | undefined;
  readonly hrefOf: (path: string) => string;
};

/** Beyond, a person searches. */
const MAX_ROWS_OF_FOLDER = 500;

export function FileTree({ files, path, hrefOf }: FileTreeProps) {
  const [search, setSearch] = useState("");
  const nodes = useMemo(() => buildTree(files, search), [files, search]);
  return (
    <nav class="file-tree" aria-label="Files of this moment">
      <label>
        <span class="only-read">Find a file</span>
        <input
          class="halo-input"
          type="search"
          placeholder={`Find among ${files.length} files`}
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      {nodes.length === 0 ? (
        <p class="muted">No file's path has “{search}” in it.</p>
      ) : (
        <Nodes nodes={nodes} path={path} hrefOf={hrefOf} isSearching={search !== ""} />
      )}
    </nav>
  );
}

type NodesProps = {
  readonly nodes: readonly TreeNode[];
  readonly path: string | undefined;
  readonly hrefOf: (path: string) => string;
  readonly isSearching: boolean;
};

function Nodes({ nodes, path, hrefOf, isSearching }: NodesProps) {
  const rest = nodes.length - MAX_ROWS_OF_FOLDER;
  return (
    <ul>
      {nodes.slice(0, MAX_ROWS_OF_FOLDER).map((node) => (
        <li key={`${node.kind} ${node.name}`}>
          {node.kind === "folder" ? (
            <Folder folder={node} path={path} hrefOf={hrefOf} isSearching={isSearching} />
          ) : (
            <a
              class="file-row"
              href={hrefOf(node.file.path)}
              aria-current={node.file.path === path ? "page" : undefined}
            >
              <Icon name="file" size="small" /> {node.name}
            </a>
          )}
        </li>
      ))}
      {rest > 0 ? <li class="muted">{rest} more; find them by name.</li> : null}
    </ul>
  );
}

type FolderProps = Omit<NodesProps, "nodes"> & {
  readonly folder: Extract<TreeNode, { readonly kind: "folder" }>;
};

/** What is in a folder exists only once it was opened. */
function Folder({ folder, path, hrefOf, isSearching }: FolderProps) {
  const isOnTheWay = path?.startsWith(folder.path) === true || isSearching;
  const [isOpen, setIsOpen] = useState(isOnTheWay || folder.path.split("/").length === 2);
  const isShown = isOpen || isSearching;
  return (
    <details open={isShown} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary class="file-row">
        <Icon name="folder" size="small" /> {folder.name} <span class="muted">{folder.fileCount}</span>
      </summary>
      {isShown ? (
        <Nodes nodes={folder.children} path={path} hrefOf={hrefOf} isSearching={isSearching} />
      ) : null}
    </details>
  );
}
