// The files of a project at any moment: to read, to compare, to change.
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { ViewLink } from "../../shell/view-link.tsx";
import { MomentDifference } from "../time-machine/moment-difference.tsx";
import { askTree } from "../time-machine/moment-requests.ts";
import { type Draft, readDraft } from "./draft-store.ts";
import { FileEditor } from "./file-editor.tsx";
import { FileReader } from "./file-reader.tsx";
import { FileTree } from "./file-tree.tsx";
import { MomentChoice } from "./moment-choice.tsx";
import { useFilesQuery } from "./use-files-query.ts";
import "./files.css";

type Editing = { readonly path: string; readonly draft: Draft; readonly isFromEarlier: boolean };

export function FilesView() {
  const { projectId, label, detail, timeline } = useProject();
  const [query, change] = useFilesQuery();
  const { at, to, path, branch } = query;
  const head = detail.branches.find(({ name }) => name === branch);
  const tree = useResource(
    detail.branches.length === 0 ? null : `tree ${branch} ${at ?? `now ${head?.headSeq}`}`,
    (signal) => askTree({ projectId, branch, at }, signal),
  );
  // While the next moment is read, the one before stays to be seen.
  const [kept, setKept] = useState(tree.value);
  useEffect(() => {
    if (tree.value !== undefined) setKept(tree.value);
  }, [tree.value]);
  const shown = tree.value ?? (tree.error === undefined && kept?.branch === branch ? kept : undefined);
  const file = shown?.files.find((candidate) => candidate.path === path);

  const [editing, setEditing] = useState<Editing | null>(null);
  useEffect(() => {
    // What was typed and not committed comes back with its file.
    const draft = path === undefined || at !== undefined ? null : readDraft({ projectId, branch, path });
    setEditing(draft === null || path === undefined ? null : { path, draft, isFromEarlier: true });
  }, [projectId, branch, path, at]);
  const edit = (text: string): void => {
    if (path === undefined || shown === undefined) return;
    const draft = { text, message: "", baseText: text, baseHead: shown.headSeq };
    setEditing({ path, draft, isFromEarlier: false });
  };

  if (detail.branches.length === 0) return <NoFilesYet />;
  return (
    <section class="view files">
      <ViewHeading title="Files">
        <MomentChoice query={query} onChange={change} />
        <ViewLink view="time" href={routes.time(label, { at, to, branch })}>
          Time Machine
        </ViewLink>
      </ViewHeading>
      {at === undefined ? null : (
        <p class="files-past">
          This is {branch} as it was at #{at}.{" "}
          <Button kind="quiet" size="small" onClick={() => change({ at: undefined })}>
            Go to now
          </Button>
        </p>
      )}
      <ProblemNote error={tree.error} retry={tree.reload} />
      {to === undefined ? null : (
        <MomentDifference
          branch={branch}
          at={at ?? timeline.events.value.at(-1)?.seq ?? to}
          to={to}
          lastSeq={detail.lastSeq}
        />
      )}
      {shown === undefined ? (
        tree.isLoading ? (
          <p class="muted">Reading the files …</p>
        ) : null
      ) : (
        <div class="files-columns">
          <FileTree
            files={shown.files}
            path={path}
            hrefOf={(wanted) => routes.files(label, { ...query, path: wanted })}
          />
          {editing !== null && editing.path === path && at === undefined ? (
            <FileEditor
              key={`${branch} ${path}`}
              branch={branch}
              path={editing.path}
              draft={editing.draft}
              isFromEarlier={editing.isFromEarlier}
              onClose={() => setEditing(null)}
            />
          ) : file === undefined ? (
            <EmptyState icon="file" title={path === undefined ? "Choose a file" : "Not at this moment"}>
              {path === undefined
                ? "Its text stands here, as it was at the moment that you look at."
                : `There is no ${path} on ${branch} at this moment.`}
            </EmptyState>
          ) : (
            <FileReader
              place={{ projectId, branch, path: file.path, at }}
              file={file}
              whyNoEdit={at === undefined ? null : "This is the past; go to now to change the file."}
              onEdit={edit}
            />
          )}
        </div>
      )}
    </section>
  );
}

function NoFilesYet() {
  return (
    <section class="view">
      <ViewHeading title="Files" />
      <EmptyState icon="folder" title="No files yet" headingLevel={2}>
        They come with the first push: <code>oursynth push DIR --branch main</code>
      </EmptyState>
    </section>
  );
}
