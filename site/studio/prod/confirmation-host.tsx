// The restatement that the address names, over whatever view is open.
import { useLocation } from "preact-iso/router";
import type { Decided } from "../../../schemas/api/deploys.ts";
import { showToast } from "../../halo/toasts.ts";
import { useAddressQuery } from "../data/address-query.ts";
import { useProject } from "../data/project-room.ts";
import { routes } from "../routes.ts";
import { ConfirmationDialog } from "./confirmation-dialog.tsx";
import { CONFIRM_QUERY } from "./prod-action.ts";

type ConfirmationHostProps = {
  /** After an answer: what the view shows may have changed. */
  readonly onDecided?: () => void;
};

/** A view whose actions may be prod actions has this once. */
export function ConfirmationHost({ onDecided }: ConfirmationHostProps) {
  const { query, change } = useAddressQuery();
  const { route } = useLocation();
  const { label } = useProject();
  const confirmationId = query[CONFIRM_QUERY];
  if (confirmationId === undefined) return null;
  const decided = (answer: Decided): void => {
    showToast({ message: sayOutcome(answer), tone: answer.decision === "confirm" ? "good" : "neutral" });
    if (answer.outcome?.kind === "deploy") route(routes.deploy(label, answer.outcome.deployId));
    else change({ [CONFIRM_QUERY]: null }, "replace");
    onDecided?.();
  };
  return (
    <ConfirmationDialog
      key={confirmationId}
      confirmationId={confirmationId}
      onClose={() => change({ [CONFIRM_QUERY]: null }, "replace")}
      onDecided={decided}
    />
  );
}

function sayOutcome({ decision, outcome }: Decided): string {
  if (decision === "refuse" || outcome === null) return "Refused. Nothing was done.";
  switch (outcome.kind) {
    case "deploy":
      return "Confirmed. The deploy has begun.";
    case "activate":
      return `Confirmed. It is live in ${outcome.activation.env}, revision ${outcome.activation.revision}.`;
    case "policy":
      return `Confirmed. The policy is at revision ${outcome.policyRevision}; older evidence does not count any more.`;
    case "set-secret":
      return `Confirmed. The secret ${outcome.secret.name} is set.`;
    case "remove-secret":
      return `Confirmed. The secret ${outcome.name} is removed.`;
    case "trust":
      return `Confirmed. The project's trust is at revision ${outcome.trustRevision}.`;
  }
}
