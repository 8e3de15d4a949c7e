// Makes a project: a label that becomes part of its hosts, and a name for people.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type { ProjectSummary } from "../../../../schemas/api/projects.ts";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { askApi } from "../../data/api-client.ts";
import { ApiProblem } from "../../data/problem.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

const FORM_ID = "create-project";

type CreateProjectProps = { readonly isOpen: boolean; readonly onClose: () => void };

export function CreateProject({ isOpen, onClose }: CreateProjectProps) {
  const [isBusy, setIsBusy] = useState(false);
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="New project"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={FORM_ID} isBusy={isBusy}>
            Create
          </Button>
        </>
      }
    >
      <CreateForm onBusy={setIsBusy} />
    </Dialog>
  );
}

/** Lives only while the dialog is open: what was typed is gone with it. */
function CreateForm({ onBusy }: { readonly onBusy: (isBusy: boolean) => void }) {
  const { route } = useLocation();
  const [label, setLabel] = useState("");
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>();
  const create = async (): Promise<void> => {
    onBusy(true);
    setError(undefined);
    try {
      const json = { label: label.trim(), ...(name.trim() === "" ? {} : { name: name.trim() }) };
      const project = await askApi<ProjectSummary>("/api/projects", { method: "POST", json });
      route(routes.home(project.label));
    } catch (thrown) {
      setError(thrown);
    } finally {
      onBusy(false);
    }
  };
  const fieldError = (path: string): string | undefined =>
    error instanceof ApiProblem ? error.fieldMessage(path) : undefined;
  const isToldAtField = fieldError("label") !== undefined || fieldError("name") !== undefined;
  return (
    <form
      id={FORM_ID}
      class="create-project"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <TextField
        label="Label"
        hint="3 to 40 of a-z, 0-9 and hyphens. It names the app's addresses, and cannot be changed."
        error={fieldError("label")}
        name="label"
        value={label}
        onInput={setLabel}
        isMono
        autofocus
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
      />
      <TextField
        label="Name"
        hint="What people call it; the label if you leave it empty."
        error={fieldError("name")}
        isOptional
        name="name"
        value={name}
        onInput={setName}
        autocomplete="off"
        maxLength={100}
      />
      {isToldAtField ? null : <ProblemNote error={error} />}
    </form>
  );
}
