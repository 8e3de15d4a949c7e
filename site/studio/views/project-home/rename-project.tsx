// The project's name, which can be changed; its label cannot.
import { useState } from "preact/hooks";
import type { ProjectSummary } from "../../../../schemas/api/projects.ts";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { ApiProblem, sayError } from "../../data/problem.ts";
import { useProject } from "../../data/project-room.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

const FORM_ID = "rename-project";

type RenameProjectProps = { readonly isOpen: boolean; readonly onClose: () => void };

export function RenameProject({ isOpen, onClose }: RenameProjectProps) {
  const { detail, projectId, reloadDetail } = useProject();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const setName = async (name: string): Promise<void> => {
    await askApi<ProjectSummary>(apiPath`/api/projects/${projectId}`, { method: "PATCH", json: { name } });
    reloadDetail();
  };
  const rename = async (name: string): Promise<void> => {
    const before = detail.name;
    setIsBusy(true);
    setError(undefined);
    try {
      await setName(name);
      const undo = (): void => {
        setName(before).catch((thrown) => showToast({ tone: "bad", message: sayError(thrown) }));
      };
      showToast({ message: `It is called ${name} now.`, action: { label: "Undo", run: undo } });
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Rename the project"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={FORM_ID} isBusy={isBusy}>
            Rename
          </Button>
        </>
      }
    >
      <RenameForm before={detail.name} error={error} rename={rename} />
    </Dialog>
  );
}

type RenameFormProps = {
  readonly before: string;
  readonly error: unknown;
  readonly rename: (name: string) => Promise<void>;
};

function RenameForm({ before, error, rename }: RenameFormProps) {
  const [name, setName] = useState(before);
  const fieldError = error instanceof ApiProblem ? error.fieldMessage("name") : undefined;
  return (
    <form
      id={FORM_ID}
      onSubmit={(event) => {
        event.preventDefault();
        void rename(name.trim());
      }}
    >
      <TextField
        label="Name"
        hint="Addresses keep the label; nothing else changes."
        error={fieldError}
        value={name}
        onInput={setName}
        maxLength={100}
        autofocus
        autocomplete="off"
      />
      {fieldError === undefined ? <ProblemNote error={error} /> : null}
    </form>
  );
}
