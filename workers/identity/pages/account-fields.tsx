/** @jsxImportSource hono/jsx */
// The fields by which a person says who they are, the same wherever they are asked for; form-fields.ts checks what they
// type into them.
import { MIN_PASSWORD_CHARACTERS } from "../accounts.ts";
import { MAX_NAME_CHARACTERS } from "./form-fields.ts";
import { Field, type FieldErrors } from "./form-parts.tsx";

type Props = { readonly errors: FieldErrors; readonly isFocused?: boolean };
type TypedProps = Props & { readonly value: string };

export function NameField(props: TypedProps) {
  return (
    <Field name="name" label="Your name" autocomplete="name" maxlength={MAX_NAME_CHARACTERS} {...props} />
  );
}

export function EmailField(props: TypedProps) {
  return <Field name="email" label="E-mail address" type="email" autocomplete="username" {...props} />;
}

/** A password that is being chosen. */
export function NewPasswordField({ label = "Password", ...props }: Props & { readonly label?: string }) {
  return (
    <Field
      name="password"
      label={label}
      type="password"
      autocomplete="new-password"
      hint={`At least ${MIN_PASSWORD_CHARACTERS} characters; a few words do well.`}
      minlength={MIN_PASSWORD_CHARACTERS}
      {...props}
    />
  );
}

/** A password that is being given. */
export function PasswordField(props: Props) {
  return (
    <Field name="password" label="Password" type="password" autocomplete="current-password" {...props} />
  );
}
