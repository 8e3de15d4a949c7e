/** @jsxImportSource hono/jsx */
// The parts of a form: labels above fields, what is wrong beside them, and nothing that needs a script.
import type { Child } from "hono/jsx";

/** What is wrong, by the field's name, in the order of the form: the first of them is where one goes on typing. */
export type FieldErrors = Readonly<Record<string, string>>;

type FieldProps = {
  readonly name: string;
  /** Where a page has several forms with a field of this name; else the name. */
  readonly id?: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password" | "datetime-local";
  /** HTML's autofill token, so that a password manager knows what it sees (HTML §4.10.18.7). */
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: Child;
  readonly errors?: FieldErrors;
  readonly minlength?: number;
  readonly maxlength?: number;
  readonly isFocused?: boolean;
  readonly isOptional?: boolean;
  /** Several lines of text instead of one. */
  readonly lineCount?: number;
};

export function Field({
  name,
  id = name,
  label,
  type = "text",
  value,
  hint,
  errors = {},
  isFocused,
  isOptional = false,
  lineCount,
  ...rest
}: FieldProps) {
  const error = errors[name];
  const [firstWrong] = Object.keys(errors);
  const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`]
    .filter((part) => part !== "")
    .join(" ");
  const attributes = {
    id,
    name,
    required: !isOptional,
    autofocus: firstWrong === undefined ? isFocused : firstWrong === name,
    "aria-invalid": error === undefined ? undefined : ("true" as const),
    "aria-describedby": described === "" ? undefined : described,
    ...rest,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {lineCount === undefined ? (
        <input
          type={type}
          value={value}
          spellcheck={type === "text" ? undefined : false}
          autocapitalize={type === "text" ? undefined : "none"}
          {...attributes}
        />
      ) : (
        <textarea rows={lineCount} spellcheck={false} autocapitalize="none" {...attributes}>
          {value}
        </textarea>
      )}
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export function Hidden({ name, value }: { readonly name: string; readonly value: string }) {
  return <input type="hidden" name={name} value={value} />;
}

type ButtonProps = {
  readonly children: Child;
  readonly look?: "primary" | "plain" | "danger";
  readonly name?: string;
  readonly value?: string;
};

export function SubmitButton({ children, look = "primary", name, value }: ButtonProps) {
  return (
    <button type="submit" class={look} name={name} value={value}>
      {children}
    </button>
  );
}

type NoticeProps = { readonly kind?: "good" | "bad" | "plain"; readonly children: Child };

/** One thing to know before the rest of the page; a bad one is read out at once. */
export function Notice({ kind = "plain", children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}
