// What every field of a form has: a label, a hint, and what is wrong with it.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { classNames } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import "./field.css";

/** What a field says about itself. */
export type FieldWords = {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong, and how it is put right. */
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  readonly isLabelHidden?: boolean;
};

/** What the control takes over, so that label, hint and error belong to it. */
export type ControlAttributes = {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
};

type FieldProps = FieldWords & {
  /** Beside the label: a value, a link. */
  readonly aside?: ComponentChildren;
  readonly children: (attributes: ControlAttributes) => ComponentChildren;
};

/** The frame around a control; TextField, SelectField and SliderField stand on it. */
export function Field({
  label,
  hint,
  error,
  isOptional = false,
  isLabelHidden = false,
  aside,
  children,
}: FieldProps) {
  const id = useId();
  const describedBy = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(
    Boolean,
  );
  return (
    <div class="halo-field">
      <div class={classNames("halo-field__head", isLabelHidden && "only-read")}>
        <label for={id} class="halo-field__label">
          {label}
          {isOptional && <span class="halo-field__optional"> (optional)</span>}
        </label>
        {aside !== undefined && <span class="halo-field__aside">{aside}</span>}
      </div>
      {children({
        id,
        "aria-describedby": describedBy.length === 0 ? undefined : describedBy.join(" "),
        "aria-invalid": error !== undefined || undefined,
      })}
      {hint !== undefined && (
        <div id={`${id}-hint`} class="halo-field__hint">
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div id={`${id}-error`} class="halo-field__error">
          <Icon name="alert" size="small" /> {error}
        </div>
      )}
    </div>
  );
}
