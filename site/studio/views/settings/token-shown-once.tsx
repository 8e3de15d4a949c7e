// The only time that a token is shown.
import type { CreatedToken } from "../../../../schemas/api/access.ts";
import { Button } from "../../../halo/button.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { Dialog } from "../../../halo/dialog.tsx";

type TokenShownOnceProps = { readonly token: CreatedToken; readonly onClose: () => void };

export function TokenShownOnce({ token, onClose }: TokenShownOnceProps) {
  const { name, token: secret, expiresAt } = token;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Your new token"
      actions={
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div class="form">
        <p>Copy it now: it is not shown again, and nobody can look it up.</p>
        <div>
          <p class="muted">{name}</p>
          <code class="settings__once">{secret}</code>
          <CopyButton text={secret} label="Copy the token" hasWord />
        </div>
        <p class="muted">
          {expiresAt === null
            ? "It does not end by itself."
            : `It ends ${new Date(expiresAt).toLocaleString()}.`}{" "}
          A program sends it as <code>Authorization: Bearer …</code>; the command line takes it from{" "}
          <code>OURSYNTH_TOKEN</code>.
        </p>
      </div>
    </Dialog>
  );
}
