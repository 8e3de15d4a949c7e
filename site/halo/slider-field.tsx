// A field for a number in a range: a slider, and the number itself to type.
import { Field, type FieldWords } from "./field.tsx";
import "./field.css";
import "./slider-field.css";

type SliderFieldProps = FieldWords & {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** Behind the number: "ms", "%". */
  readonly unit?: string;
  readonly onInput: (value: number) => void;
  readonly isDisabled?: boolean;
};

/** A range with its value beside it; whoever wants an exact number types it. */
export function SliderField(props: SliderFieldProps) {
  const { value, min, max, step = 1, unit = "", onInput, isDisabled = false, ...words } = props;
  const read = (text: string) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isFinite(number)) onInput(Math.min(max, Math.max(min, number)));
  };
  const limits = { min, max, step, disabled: isDisabled };
  const named = unit === "" ? words.label : `${words.label} in ${unit}`;
  return (
    <Field {...words}>
      {(attributes) => (
        <span class="halo-slider">
          <input
            {...attributes}
            {...limits}
            type="range"
            class="halo-slider__range"
            value={value}
            aria-valuetext={unit === "" ? undefined : `${value} ${unit}`}
            onInput={(event) => read(event.currentTarget.value)}
          />
          <span class="halo-slider__number">
            <input
              {...limits}
              type="number"
              class="halo-input"
              aria-label={named}
              value={value}
              onChange={(event) => read(event.currentTarget.value)}
            />
            {unit !== "" && <span aria-hidden="true">{unit}</span>}
          </span>
        </span>
      )}
    </Field>
  );
}
