// What waits for a person's answer, for everybody who looks: who asked may not be who may answer.
import { Button } from "../../halo/button.tsx";
import { Icon } from "../../halo/icon.tsx";
import { useAddressQuery } from "../data/address-query.ts";
import { useProject } from "../data/project-room.ts";
import { pendingConfirmations } from "./pending-confirmations.ts";
import { CONFIRM_QUERY } from "./prod-action.ts";
import "./prod.css";

export function WaitingBanner() {
  const { timeline } = useProject();
  const { change } = useAddressQuery();
  const pending = pendingConfirmations(timeline.events.value, Date.now());
  if (pending.length === 0) return null;
  return (
    <ul class="waiting" aria-label="Waits for a person">
      {pending.map(({ confirmationId, sentence }) => (
        <li key={confirmationId} class="note note--warn waiting__item">
          <Icon name="clock" />
          <p>{sentence} It waits for a person's answer.</p>
          <Button size="small" onClick={() => change({ [CONFIRM_QUERY]: confirmationId })}>
            Read and answer
          </Button>
        </li>
      ))}
    </ul>
  );
}
