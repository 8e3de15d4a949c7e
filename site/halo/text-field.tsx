// A field for words: one line, or several.
import type { JSX } from "preact";
import { classNames } from "./class-names.ts";
import { Field, type FieldWords } from "./field.tsx";
import "./field.css";

type TextFieldProps = FieldWords & {
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** More than 1 makes it a text area. */
  readonly rowCount?: number;
  readonly isMono?: boolean;
  readonly isDisabled?: boolean;
  readonly elementRef?: (element: HTMLInputElement | HTMLTextAreaElement | null) => void;
} & Pick<
    JSX.InputHTMLAttributes<HTMLInputElement>,
    "type" | "name" | "placeholder" | "autocomplete" | "inputMode" | "maxLength" | "autofocus" | "spellcheck"
  >;

/** A text input, or a text area with `rowCount`. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, isOptional, isLabelHidden, ...control } = props;
  const {
    value,
    onInput,
    rowCount = 1,
    isMono = false,
    isDisabled = false,
    elementRef,
    type,
    ...rest
  } = control;
  const words = {
    label,
    hint,
    error,
    isOptional: isOptional ?? false,
    isLabelHidden: isLabelHidden ?? false,
  };
  const className = classNames("halo-input", isMono && "halo-input--mono");
  const onInputEvent = (event: JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) =>
    onInput(event.currentTarget.value);
  const ref = elementRef === undefined ? {} : { ref: elementRef };
  return (
    <Field {...words}>
      {(attributes) =>
        rowCount > 1 ? (
          <textarea
            {...rest}
            {...attributes}
            {...ref}
            class={className}
            aria-required={!words.isOptional}
            rows={rowCount}
            value={value}
            disabled={isDisabled}
            onInput={onInputEvent}
          />
        ) : (
          <input
            {...rest}
            {...attributes}
            {...ref}
            type={type ?? "text"}
            class={className}
            aria-required={!words.isOptional}
            value={value}
            disabled={isDisabled}
            onInput={onInputEvent}
          />
        )
      }
    </Field>
  );
}
