// A question before something is taken away.
import type { ComponentChildren } from "preact";
import { Button } from "../../../halo/button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";
import type { Action } from "../../data/action.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

type AskOnceMoreProps = {
  readonly title: string;
  readonly verb: string;
  readonly action: Pick<Action, "isBusy" | "error">;
  readonly disabledReason?: string | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
};

export function AskOnceMore({
  title,
  verb,
  action,
  disabledReason,
  onConfirm,
  onClose,
  children,
}: AskOnceMoreProps) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button
            kind="danger"
            isBusy={action.isBusy}
            disabledReason={disabledReason ?? null}
            onClick={onConfirm}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div class="form">
        {children}
        <ProblemNote error={action.error} />
      </div>
    </Dialog>
  );
}
