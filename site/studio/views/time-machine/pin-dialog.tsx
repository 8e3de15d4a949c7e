// Pins the chosen moment under a name, renames it, or unpins it.
import { useState } from "preact/hooks";
import { MAX_PIN_NAME_CHARACTERS, type Pin } from "../../../../schemas/api/pins.ts";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { useProject } from "../../data/project-room.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { putPin, removePin } from "./use-pins.ts";

type PinDialogProps = {
  readonly at: number;
  /** As it is pinned now. */
  readonly pin: Pin | undefined;
  readonly onClose: () => void;
  readonly onChanged: () => void;
};

/** Exists only while it is open. */
export function PinDialog({ at, pin, onClose, onChanged }: PinDialogProps) {
  const { projectId } = useProject();
  const [name, setName] = useState(pin?.name ?? "");
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const change = async (request: () => Promise<unknown>): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    try {
      await request();
      onChanged();
      onClose();
    } catch (thrown) {
      setError(thrown);
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Pin #${at}`}
      actions={
        <>
          {pin === undefined ? null : (
            <Button icon="trash" isBusy={isBusy} onClick={() => void change(() => removePin(projectId, at))}>
              Unpin
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="pin-moment"
            isBusy={isBusy}
            isDisabled={name.trim() === ""}
          >
            {pin === undefined ? "Pin" : "Rename"}
          </Button>
        </>
      }
    >
      <form
        id="pin-moment"
        onSubmit={(event) => {
          event.preventDefault();
          void change(() => putPin(projectId, at, name.trim()));
        }}
      >
        <TextField
          label="Name of the moment"
          hint="All members see it on the timeline, at once."
          value={name}
          onInput={setName}
          maxLength={MAX_PIN_NAME_CHARACTERS}
          autofocus
        />
        <ProblemNote error={error} />
      </form>
    </Dialog>
  );
}
