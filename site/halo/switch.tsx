// Something that is on or off, at once: no other button makes it so.
import { useId } from "preact/hooks";
import "./switch.css";

type SwitchProps = {
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
};

/** A switch with its label; on the native checkbox (role switch). */
export function Switch({ label, hint, isOn, onChange, isDisabled = false }: SwitchProps) {
  const id = useId();
  return (
    <div class="halo-switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        class="halo-switch__box"
        checked={isOn}
        disabled={isDisabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id} class="halo-switch__label">
        {label}
      </label>
      {hint !== undefined && (
        <span id={`${id}-hint`} class="halo-switch__hint">
          {hint}
        </span>
      )}
    </div>
  );
}
