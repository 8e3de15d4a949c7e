// One of a few, all in view: a row of radio buttons.
import { useId } from "preact/hooks";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import "./segmented-control.css";

/** One choice. */
export type Segment<Value extends string> = {
  readonly value: Value;
  readonly label: string;
  readonly icon?: IconName;
};

type SegmentedControlProps<Value extends string> = {
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** The label is read aloud only. */
  readonly isLabelHidden?: boolean;
  readonly isDisabled?: boolean;
};

/** Radio buttons side by side: one stop for Tab, arrows choose. */
export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>) {
  const { label, segments, value, onChange, isLabelHidden = false, isDisabled = false } = props;
  const name = useId();
  return (
    <fieldset class="halo-segments" disabled={isDisabled}>
      <legend class={classNames("halo-segments__legend", isLabelHidden && "only-read")}>{label}</legend>
      <div class="halo-segments__row">
        {segments.map((segment) => (
          <label key={segment.value} class="halo-segments__segment">
            <input
              type="radio"
              name={name}
              value={segment.value}
              checked={segment.value === value}
              onChange={() => onChange(segment.value)}
            />
            {segment.icon !== undefined && <Icon name={segment.icon} size="small" />}
            <span>{segment.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
