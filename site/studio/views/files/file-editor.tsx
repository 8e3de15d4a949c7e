// A small edit in place: the text, a message, a commit. What is typed is kept in this browser until it is committed.
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { DiffView } from "../../../halo/diff-view.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { undoRestoring } from "../time-machine/restore-with-undo.ts";
import { type Draft, dropDraft, keepDraft } from "./draft-store.ts";
import { EditConflict } from "./edit-conflict.tsx";
import { commitText } from "./file-requests.ts";
import { NumberedTextArea } from "./numbered-text-area.tsx";

type FileEditorProps = {
  readonly branch: string;
  readonly path: string;
  /** What was there when the edit began, or what an earlier one left. */
  readonly draft: Draft;
  readonly isFromEarlier: boolean;
  /** Committed or given up. */
  readonly onClose: () => void;
};

const KEEP_MS = 300;

export function FileEditor({ branch, path, draft, isFromEarlier, onClose }: FileEditorProps) {
  const { projectId, detail, reloadDetail } = useProject();
  const block = useActionBlock("capsules:write");
  const [state, setState] = useState(draft);
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const [hasMoved, setHasMoved] = useState(false);
  const [isKept, setIsKept] = useState(true);
  const [isComparing, setIsComparing] = useState(false);
  const isClosed = useRef(false);
  const place = { projectId, branch, path };
  const headNow = detail.branches.find(({ name }) => name === branch)?.headSeq ?? 0;
  const isBehind = hasMoved || headNow > state.baseHead;
  const isChanged = state.text !== state.baseText;

  useEffect(() => {
    if (!isChanged && state.message === "") return;
    const timer = setTimeout(() => setIsKept(keepDraft(place, state)), KEEP_MS);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    // Where the browser keeps no drafts, it asks before the page goes.
    if (isKept || !isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isKept, isChanged]);

  const close = (): void => {
    isClosed.current = true;
    dropDraft(place);
    onClose();
  };
  const commit = async (expectedHead: number): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    try {
      const message = state.message.trim();
      const event = await commitText({ ...place, text: state.text, message, expectedHead });
      showToast({
        message: `Committed to ${branch} as event #${event.seq}.`,
        tone: "good",
        action: {
          label: "Undo",
          run: () => undoRestoring({ projectId, branch, at: expectedHead, expectedHead: event.seq }),
        },
      });
      close();
    } catch (thrown) {
      keepDraft(place, state);
      if (thrown instanceof ApiProblem && thrown.code === "head-moved") {
        setHasMoved(true);
        reloadDetail();
      } else setError(thrown);
    } finally {
      if (!isClosed.current) setIsBusy(false);
    }
  };
  const whyNoCommit = block ?? (isChanged ? null : "Nothing is changed yet.");
  const isCommittable = state.message.trim() !== "";
  return (
    <section class="file-editor" aria-label={`Edit ${path}`}>
      <div class="file-head">
        <h2>{path}</h2>
        <span class="muted">
          {isFromEarlier ? "Your uncommitted edit of earlier" : "Editing"}, on {branch} as of #
          {state.baseHead}
        </span>
      </div>
      {isBehind && headNow > state.baseHead ? (
        <EditConflict
          branch={branch}
          path={path}
          draft={state}
          headNow={headNow}
          wasRefused={hasMoved}
          isBusy={isBusy}
          whyNoCommit={whyNoCommit ?? (isCommittable ? null : "Say in the message what this changes.")}
          onCommitOnTop={() => void commit(headNow)}
          onTake={(text, baseText) => {
            setState({ ...state, text, baseText, baseHead: headNow });
            setHasMoved(false);
          }}
        />
      ) : null}
      <NumberedTextArea
        label={`Text of ${path}`}
        value={state.text}
        onInput={(text) => setState({ ...state, text })}
        onSubmit={() => {
          if (whyNoCommit === null && isCommittable && !isBehind) void commit(state.baseHead);
        }}
      />
      {isComparing ? (
        <DiffView path={path} before={state.baseText} after={state.text} layout="side-by-side" />
      ) : null}
      <form
        class="file-commit"
        onSubmit={(event) => {
          event.preventDefault();
          if (whyNoCommit === null && isCommittable && !isBehind) void commit(state.baseHead);
        }}
      >
        <TextField
          label="Message"
          hint="Why this changes; it stands on the timeline."
          value={state.message}
          onInput={(message) => setState({ ...state, message })}
          maxLength={1_000}
        />
        <ProblemNote error={error} />
        {isKept ? null : (
          <p class="muted">This browser keeps no drafts: commit before you leave, or copy the text.</p>
        )}
        <div class="file-buttons">
          {isBehind ? null : (
            <Button
              kind="primary"
              type="submit"
              isBusy={isBusy}
              disabledReason={whyNoCommit}
              isDisabled={!isCommittable}
            >
              Commit
            </Button>
          )}
          <Button
            isDisabled={!isChanged}
            aria-pressed={isComparing}
            onClick={() => setIsComparing(!isComparing)}
          >
            {isComparing ? "Hide my changes" : "Show my changes"}
          </Button>
          <Button kind="quiet" onClick={close}>
            Give up the edit
          </Button>
        </div>
      </form>
    </section>
  );
}
