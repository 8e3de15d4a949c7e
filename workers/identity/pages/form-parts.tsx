/** @jsxImportSource hono/jsx */
// The parts of a form: labels above fields, what is wrong beside them, and nothing that needs a script.
import type { Child } from "hono/jsx";

/** What is wrong, by the field's name, in the order of the form: the first of them is where one goes on typing. */
export type FieldErrors = Readonly<Record<string, string>>;

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password";
  /** HTML's autofill token, so that a password manager knows what it sees (HTML §4.10.18.7). */
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: Child;
  readonly errors?: FieldErrors;
  readonly minlength?: number;
  readonly maxlength?: number;
  readonly isFocused?: boolean;
};

export function Field({ name, label, type = "text", hint, errors = {}, isFocused, ...rest }: FieldProps) {
  const error = errors[name];
  const [firstWrong] = Object.keys(errors);
  const described = [hint === undefined ? "" : `${name}-hint`, error === undefined ? "" : `${name}-error`]
    .filter((id) => id !== "")
    .join(" ");
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={type}
        required
        autofocus={firstWrong === undefined ? isFocused : firstWrong === name}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={described === "" ? undefined : described}
        spellcheck={type === "text" ? undefined : false}
        autocapitalize={type === "text" ? undefined : "none"}
        {...rest}
      />
      {error === undefined ? null : (
        <p class="error" id={`${name}-error`}>
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
