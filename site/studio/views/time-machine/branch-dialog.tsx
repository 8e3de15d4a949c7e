// Begins a branch at the chosen moment.
import { useState } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useProject } from "../../data/project-room.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { createBranch } from "./moment-requests.ts";

type BranchDialogProps = {
  readonly branch: string;
  readonly at: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The branch has begun with this event. */
  readonly onBegun: (branch: string, seq: number) => void;
};

export function BranchDialog({ branch, at, isOpen, onClose, onBegun }: BranchDialogProps) {
  const { projectId } = useProject();
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const begin = async (): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    try {
      const begun = await createBranch(projectId, name.trim(), branch, at);
      showToast({ message: `The branch ${name.trim()} begins at #${at} of ${branch}.`, tone: "good" });
      setName("");
      onClose();
      onBegun(name.trim(), begun.seq);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  const fieldError = error instanceof ApiProblem ? error.fieldMessage("name") : undefined;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Branch from #${at}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="begin-branch"
            isBusy={isBusy}
            isDisabled={name.trim() === ""}
          >
            Begin the branch
          </Button>
        </>
      }
    >
      <form
        id="begin-branch"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <TextField
          label="Name of the branch"
          hint={`It begins with the files and settings that ${branch} had then. ${branch} stays as it is.`}
          value={name}
          onInput={setName}
          maxLength={100}
          autofocus
          spellcheck={false}
          error={fieldError}
        />
        <ProblemNote error={fieldError === undefined ? error : undefined} />
      </form>
    </Dialog>
  );
}
