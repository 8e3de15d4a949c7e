// The branch moved while somebody edited: what happened meanwhile, and every way to go on. Nothing typed is lost.
import { useMemo, useState } from "preact/hooks";
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import { Button } from "../../../halo/button.tsx";
import { DiffView } from "../../../halo/diff-view.tsx";
import { Icon } from "../../../halo/icon.tsx";
import { titleOfEvent } from "../../data/event-title.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { movedBranch } from "../time-machine/event-lane.ts";
import type { Draft } from "./draft-store.ts";
import { askFile } from "./file-requests.ts";
import { mergeEdit } from "./merge-edit.ts";

type EditConflictProps = {
  readonly branch: string;
  readonly path: string;
  readonly draft: Draft;
  readonly headNow: number;
  /** A commit was refused; else the news came before one was tried. */
  readonly wasRefused: boolean;
  readonly isBusy: boolean;
  readonly whyNoCommit: string | null;
  readonly onCommitOnTop: () => void;
  /** Goes on with this text, over what the file is now. */
  readonly onTake: (text: string, baseText: string) => void;
};

const SHOWN_MOVES = 5;

export function EditConflict(props: EditConflictProps) {
  const { branch, path, draft, headNow, wasRefused } = props;
  const { projectId, timeline } = useProject();
  const [isComparing, setIsComparing] = useState(false);
  const now = useResource(`now ${branch} ${headNow} ${path}`, async (signal) => {
    try {
      const content = await askFile({ projectId, branch, path, at: headNow }, signal);
      return content.kind === "text" ? content.text : null;
    } catch (error) {
      // Somebody deleted it: committing brings it back.
      if (error instanceof ApiProblem && error.code === "not-found") return "";
      throw error;
    }
  });
  const moves = timeline.events.value.filter(
    (event) => event.seq > draft.baseHead && movedBranch(event) === branch,
  );
  const theirs = now.value ?? null;
  const merged = useMemo(
    () => (theirs === null ? null : mergeEdit({ base: draft.baseText, mine: draft.text, theirs })),
    [theirs, draft.baseText, draft.text],
  );
  const isUntouched = theirs === draft.baseText;
  return (
    <section class="edit-conflict" role="alert" aria-label="The branch has moved">
      <p>
        <Icon name="alert" />{" "}
        <strong>
          {branch} has moved to #{headNow} since you began
          {wasRefused ? ", so your commit was not taken" : ""}.
        </strong>{" "}
        Your text is safe: it stays here, and in this browser.
      </p>
      <ul>
        {moves.slice(-SHOWN_MOVES).map((event) => (
          <li key={event.seq}>
            #{event.seq} {titleOfEvent(event.type)} <span class="muted">{describeEvent(event)}</span>
          </li>
        ))}
      </ul>
      <ProblemNote error={now.error} retry={now.reload} />
      {theirs === null ? null : (
        <p>
          {isUntouched
            ? "This file was not touched: your edit fits on top."
            : merged === null
              ? "The same lines were changed by both: compare, then take what you want."
              : "This file was changed too, in other lines: both changes fit together."}
        </p>
      )}
      <div class="file-buttons">
        <Button
          isDisabled={theirs === null}
          aria-pressed={isComparing}
          onClick={() => setIsComparing(!isComparing)}
        >
          {isComparing ? "Hide the comparison" : "Compare"}
        </Button>
        {theirs !== null && merged !== null && !isUntouched ? (
          <Button kind="primary" onClick={() => props.onTake(merged, theirs)}>
            Take both changes
          </Button>
        ) : null}
        <Button
          kind={isUntouched ? "primary" : "plain"}
          isBusy={props.isBusy}
          isDisabled={theirs === null}
          disabledReason={props.whyNoCommit}
          onClick={props.onCommitOnTop}
        >
          {isUntouched ? "Commit on top" : "Commit mine on top"}
        </Button>
      </div>
      {isComparing && theirs !== null ? (
        <DiffView path={`${path}: now, and yours`} before={theirs} after={draft.text} layout="side-by-side" />
      ) : null}
    </section>
  );
}
