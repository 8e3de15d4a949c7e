// A box to tick, that counts when the form is sent.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import "./form.css";

type CheckFieldProps = {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
} & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label" | "class" | "className" | "type">;

export function CheckField({ label, hint, ...input }: CheckFieldProps) {
  const id = useId();
  const describedBy = hint === undefined ? {} : { "aria-describedby": `${id}-hint` };
  return (
    <div class="check-field">
      <input {...input} {...describedBy} type="checkbox" id={id} />
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="check-field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
