// A change of trust that owners must sign first: what is to be signed, and how; their keys are on their own machines.
import type { AwaitingSignatures } from "../../../../schemas/api/keys.ts";
import { Button } from "../../../halo/button.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";

type AwaitingDialogProps = { readonly awaiting: AwaitingSignatures; readonly onClose: () => void };

const SIGN = "oursynth keys sign change.json --key owner.pem";

export function AwaitingDialog({ awaiting, onClose }: AwaitingDialogProps) {
  const { detail, needs } = awaiting;
  const text = JSON.stringify(awaiting, null, 2);
  return (
    <Dialog
      isOpen
      isWide
      onClose={onClose}
      title="This must be signed first"
      actions={
        <Button kind="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div class="form">
        <p>{detail}</p>
        <p>
          {needs.oldKeyId === null ? "" : "The old key must sign. "}
          {needs.owners.count === 0 ? "" : `So must ${needs.owners.count} of the owners' keys. `}
          Nothing has changed yet. Save what follows as <code>change.json</code>, sign it where the keys are,
          and send the same request again with the signed envelope from the command line (docs, "Rotating").
        </p>
        <p>
          <code>{SIGN}</code> <CopyButton text={SIGN} label="Copy the command" />
        </p>
        <CopyButton text={text} label="Copy what is to be signed" hasWord />
        <pre class="settings__once">{text}</pre>
      </div>
    </Dialog>
  );
}
