// The pinned moments by name, to go to.
import type { Pin } from "../../../../schemas/api/pins.ts";
import { Icon } from "../../../halo/icon.tsx";

type PinListProps = {
  readonly pins: readonly Pin[];
  readonly at: number;
  readonly onChoose: (seq: number) => void;
};

/** Nothing while nothing is pinned. */
export function PinList({ pins, at, onChoose }: PinListProps) {
  if (pins.length === 0) return null;
  return (
    <ul class="time-pins" aria-label="Pinned moments">
      {pins.map((pin) => (
        <li key={pin.at}>
          <button
            type="button"
            class="time-pin"
            aria-current={pin.at === at ? "true" : undefined}
            onClick={() => onChoose(pin.at)}
          >
            <Icon name="pin" size="small" /> {pin.name} <span class="muted">#{pin.at}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
