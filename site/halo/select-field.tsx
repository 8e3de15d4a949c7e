// A field for one of many, on the native element.
import { Field, type FieldWords } from "./field.tsx";
import { Icon } from "./icon.tsx";
import "./field.css";
import "./select-field.css";

type SelectFieldProps<Value extends string> = FieldWords & {
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly isDisabled?: boolean;
};

/** A select. For two to four choices a SegmentedControl shows them all. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { options, value, onChange, isDisabled = false, ...words } = props;
  const choose = (index: number) => {
    const option = options[index];
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Field {...words}>
      {(attributes) => (
        <span class="halo-select">
          <select
            {...attributes}
            class="halo-input"
            aria-required={words.isOptional !== true}
            value={value}
            disabled={isDisabled}
            onChange={(event) => choose(event.currentTarget.selectedIndex)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="chevron-down" size="small" />
        </span>
      )}
    </Field>
  );
}
