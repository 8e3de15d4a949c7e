// A field that the browser itself checks before the form is sent: a number in its range, an address, what must be there.
import type { JSX } from "preact";
import { Field, type FieldWords } from "../../halo/field.tsx";
import "./form.css";

type Native<Element extends EventTarget, Attributes> = FieldWords & {
  readonly value: string | number;
  readonly onInput: (value: string, element: Element) => void;
} & Omit<Attributes, "label" | "class" | "className" | "value" | "onInput" | "size">;

type InputFieldProps = Native<HTMLInputElement, JSX.InputHTMLAttributes<HTMLInputElement>>;

export function InputField({ onInput, ...props }: InputFieldProps) {
  const { words, rest } = splitWords(props);
  return (
    <Field {...words}>
      {(attributes) => (
        <input
          autocomplete="off"
          {...rest}
          {...attributes}
          class="halo-input"
          onInput={(event) => onInput(event.currentTarget.value, event.currentTarget)}
        />
      )}
    </Field>
  );
}

type LinesFieldProps = Native<HTMLTextAreaElement, JSX.TextareaHTMLAttributes<HTMLTextAreaElement>>;

/** Several lines. */
export function LinesField({ onInput, ...props }: LinesFieldProps) {
  const { words, rest } = splitWords(props);
  return (
    <Field {...words}>
      {(attributes) => (
        <textarea
          rows={3}
          autocomplete="off"
          {...rest}
          {...attributes}
          class="halo-input halo-input--mono"
          onInput={(event) => onInput(event.currentTarget.value, event.currentTarget)}
        />
      )}
    </Field>
  );
}

function splitWords<Props extends FieldWords>({
  label,
  hint,
  error,
  isOptional,
  isLabelHidden,
  ...rest
}: Props) {
  const flags = { isOptional: isOptional ?? false, isLabelHidden: isLabelHidden ?? false };
  return { words: { label, hint, error, ...flags }, rest };
}
