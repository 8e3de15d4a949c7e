// What a capsule holds: its files and carried documents as a tree, and a reader beside it.
import { useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import type { OpenCapsule } from "./capsule-view.tsx";
import { FileReader } from "./file-reader.tsx";
import { buildTree } from "./file-tree.ts";
import { FileTree } from "./file-tree-list.tsx";

/** From so many files on, looking for one by its name helps. */
const FILTER_FROM_FILES = 12;

export function ContentsTab({ capsule }: { readonly capsule: OpenCapsule }) {
  const { label } = useProject();
  const { query } = useLocation();
  const [filter, setFilter] = useState("");
  const { manifest, capsuleDigest } = capsule;
  const wanted = filter.trim().toLowerCase();
  const tree = useMemo(
    () => buildTree(manifest.files.filter(({ path }) => path.toLowerCase().includes(wanted))),
    [manifest, wanted],
  );
  const hrefOf = (path: string) => routes.capsule(label, capsuleDigest, { tab: "contents", path });
  const path = query.path ?? firstToRead(manifest.files);
  if (manifest.files.length === 0) {
    return (
      <EmptyState icon="file" title="No files" headingLevel={2}>
        This capsule holds its settings and nothing else.
      </EmptyState>
    );
  }
  return (
    <div class="caps-contents">
      <nav class="caps-contents__tree" aria-label="Files">
        {manifest.files.length < FILTER_FROM_FILES ? null : (
          <TextField
            label="Filter files"
            isLabelHidden
            type="search"
            placeholder="Filter files"
            isOptional
            value={filter}
            onInput={setFilter}
          />
        )}
        {tree.fileCount === 0 ? <p class="muted">No path holds “{filter}”.</p> : null}
        <FileTree folder={tree} selected={path} hrefOf={hrefOf} isAllOpen={wanted !== ""} />
        <CarriedDocuments capsule={capsule} selected={path} hrefOf={hrefOf} />
      </nav>
      {path === null ? null : <FileReader key={path} capsule={capsule} path={path} />}
    </div>
  );
}

type CarriedDocumentsProps = {
  readonly capsule: OpenCapsule;
  readonly selected: string | null;
  readonly hrefOf: (path: string) => string;
};

/** Documents beside the files: a bill of materials, a log. */
function CarriedDocuments({ capsule: { manifest }, selected, hrefOf }: CarriedDocumentsProps) {
  if (manifest.attestations.length === 0) return null;
  return (
    <>
      <h2 class="caps-contents__title">Carried documents</h2>
      <ul class="caps-tree">
        {manifest.attestations.map(({ path, type }) => (
          <li key={path}>
            <a
              class="caps-tree__file"
              href={hrefOf(path)}
              aria-current={path === selected ? "true" : undefined}
            >
              <span>{path.replace(/^attestations\//, "")}</span>
              <small class="muted">{type}</small>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

const READ_FIRST = [/^readme(\.|$)/i, /^index\.html$/i, /^src\/index\.[a-z]+$/i];

/** What says most about an app; else the first file. */
function firstToRead(files: OpenCapsule["manifest"]["files"]): string | null {
  for (const pattern of READ_FIRST) {
    const found = files.find(({ path }) => pattern.test(path));
    if (found !== undefined) return found.path;
  }
  return files[0]?.path ?? null;
}
