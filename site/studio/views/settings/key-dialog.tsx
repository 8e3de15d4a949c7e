// Rotating, revoking, and trusting no more: each with what it means, before it is done.
import { useState } from "preact/hooks";
import type { AwaitingSignatures, RevokedKey, RotatedKey } from "../../../../schemas/api/keys.ts";
import { showToast } from "../../../halo/toasts.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject } from "../../data/project-room.ts";
import { InputField, LinesField } from "../../forms/input-field.tsx";
import { useProdAction } from "../../prod/prod-action.ts";
import { AskOnceMore } from "./ask-once-more.tsx";
import type { ProjectKey } from "./keys-section.tsx";

export type KeyAct = "rotate" | "revoke" | "remove";

type KeyDialogProps = {
  readonly act: KeyAct;
  readonly trusted: ProjectKey;
  readonly onAwaiting: (awaiting: AwaitingSignatures) => void;
  readonly onClose: () => void;
};

const WORDS = {
  rotate: {
    verb: "Rotate",
    text: "A successor takes its roles, introduced by a statement that the old key signs. What the old key signed before goes on counting where a receipt shows when.",
  },
  revoke: {
    verb: "Revoke",
    text: "From now on it counts no more; what it signed counts only with a receipt from before. What is live goes on running; the next deploy of what no longer counts is refused. It cannot be undone.",
  },
  remove: {
    verb: "Trust no more",
    text: "The key goes out of the trust record, as if it had never been there. To keep what it signed before, rotate or revoke it instead.",
  },
} as const satisfies Record<KeyAct, { verb: string; text: string }>;

export function KeyDialog({ act, trusted, onAwaiting, onClose }: KeyDialogProps) {
  const { projectId } = useProject();
  const { keyId, name, isInVault } = trusted;
  const [reason, setReason] = useState("");
  const [newPublicKey, setNewPublicKey] = useState("");
  const [leakedAt, setLeakedAt] = useState("");
  const action = useProdAction();
  const given = newPublicKey.trim();
  const perform = async (): Promise<void> => {
    const path = apiPath`/api/keys/${keyId}`;
    if (act === "remove") {
      await askApi<null>(path, { method: "DELETE", query: { projectId } });
      showToast({ message: `${name} is not trusted any more.` });
    } else if (act === "revoke") {
      const since = leakedAt === "" ? {} : { compromisedSince: new Date(leakedAt).getTime() };
      await askApi<RevokedKey>(`${path}/revoke`, { method: "POST", json: { projectId, reason, ...since } });
      showToast({ message: `${name} is revoked.` });
    } else {
      const successor = given === "" ? {} : { newPublicKey: given };
      const json = { projectId, reason, ...successor };
      const answer = await askApi<RotatedKey | AwaitingSignatures>(`${path}/rotate`, {
        method: "POST",
        json,
      });
      if ("status" in answer) onAwaiting(answer);
      else
        showToast({
          message: `${name} is rotated; its successor is ${answer.successor.fingerprint}.`,
          tone: "good",
        });
    }
    onClose();
  };
  const needsReason = act !== "remove" && reason.trim() === "";
  const { verb, text } = WORDS[act];
  return (
    <AskOnceMore
      title={`${verb}: ${name}`}
      verb={verb}
      action={action}
      disabledReason={needsReason ? "Say why; it stands in the record." : null}
      onConfirm={() => void action.run(perform)}
      onClose={onClose}
    >
      <p>{text}</p>
      {act === "remove" ? null : (
        <InputField label="Reason" required maxLength={500} value={reason} onInput={setReason} />
      )}
      {act === "rotate" ? (
        <LinesField
          label="Public key of the successor"
          value={newPublicKey}
          hint={
            isInVault
              ? "Leave it empty, and the vault makes one."
              : "PEM or base64. Leave it empty, and the vault makes one; you then sign with the old key."
          }
          onInput={setNewPublicKey}
        />
      ) : null}
      {act === "revoke" ? (
        <InputField
          label="It may have leaked since"
          type="datetime-local"
          value={leakedAt}
          hint="Only if it did: what was logged later does not count."
          onInput={setLeakedAt}
        />
      ) : null}
    </AskOnceMore>
  );
}
