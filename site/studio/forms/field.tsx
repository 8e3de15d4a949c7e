// A field of a form: its label above, a hint or what is wrong with it below.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import "./field.css";

type Frame = {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
};

type FieldProps = Frame & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label" | "class" | "className">;

export function Field({ label, hint, error, ...input }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <input autocomplete="off" {...input} {...described(id, hint, error)} class="field__input" />
    </FieldFrame>
  );
}

type TextFieldProps = Frame &
  Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, "label" | "class" | "className">;

/** Several lines. */
export function TextField({ label, hint, error, ...area }: TextFieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <textarea
        rows={3}
        autocomplete="off"
        {...area}
        {...described(id, hint, error)}
        class="field__input field__input--text"
      />
    </FieldFrame>
  );
}

type SelectFieldProps = Frame &
  Omit<JSX.SelectHTMLAttributes<HTMLSelectElement>, "label" | "class" | "className"> & {
    readonly options: readonly { readonly value: string; readonly label: string }[];
    readonly onPick?: (value: string) => void;
  };

export function SelectField({ label, hint, error, options, onPick, value, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <select
        {...select}
        {...described(id, hint, error)}
        class="field__input"
        value={value}
        onChange={(event) => onPick?.(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

type CheckFieldProps = {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
} & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label" | "class" | "className" | "type">;

export function CheckField({ label, hint, ...input }: CheckFieldProps) {
  const id = useId();
  return (
    <div class="field field--check">
      <input
        {...input}
        type="checkbox"
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type FieldFrameProps = Frame & { readonly id: string; readonly children: ComponentChildren };

function FieldFrame({ id, label, hint, error, children }: FieldFrameProps) {
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      {children}
      {error !== undefined ? (
        <p class="field__error" id={`${id}-error`}>
          {error}
        </p>
      ) : hint !== undefined ? (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

function described(id: string, hint: ComponentChildren, error: string | undefined) {
  if (error !== undefined) return { id, "aria-invalid": true, "aria-describedby": `${id}-error` };
  return hint === undefined ? { id } : { id, "aria-describedby": `${id}-hint` };
}
