/** @jsxImportSource hono/jsx */
// The forms of /account/keys. What ends a key stands behind a summary, with what happens then beside the button.
import type { Key } from "../../api/list-keys.ts";
import { Field, type FieldErrors, SubmitButton } from "./form-parts.tsx";

export const KEYS_PATH = "/account/keys";

/** Which form of the page, and of which key. */
export type KeyFormName = "register" | "make" | `rotate:${string}` | `revoke:${string}`;

/** The form that was sent last and is to be put right. */
export type FilledForm = {
  readonly form?: KeyFormName;
  readonly typed?: Readonly<Record<string, string>>;
  readonly errors?: FieldErrors;
};

type FormProps = { readonly filled: FilledForm };
type KeyFormProps = FormProps & { readonly row: Key };

export function RegisterForm({ filled }: FormProps) {
  const { typed, errors } = partOf(filled, "register");
  return (
    <>
      <h2 id="register">Register a public key</h2>
      <div class="panel">
        <form method="post" action={`${KEYS_PATH}/register`} novalidate>
          <KeyNameField id="register-name" typed={typed} errors={errors} />
          <Field
            name="publicKey"
            label="Public key"
            autocomplete="off"
            value={typed.publicKey ?? ""}
            errors={errors}
            maxlength={4_096}
            lineCount={4}
            hint="Ed25519, as PEM or base64. Its private half stays with you."
          />
          <div>
            <SubmitButton>Register the key</SubmitButton>
          </div>
        </form>
      </div>
    </>
  );
}

export function MakeForm({ filled }: FormProps) {
  const { typed, errors } = partOf(filled, "make");
  return (
    <>
      <h2 id="make">Make a key in the vault</h2>
      <div class="panel">
        <form method="post" action={`${KEYS_PATH}/make`} novalidate>
          <KeyNameField
            id="make-name"
            typed={typed}
            errors={errors}
            hint="The platform signs with it for you. Its private half is sealed here and shown to nobody."
          />
          <div>
            <SubmitButton>Make the key</SubmitButton>
          </div>
        </form>
      </div>
    </>
  );
}

/** For a key whose private half is elsewhere it says who goes on, and how. */
export function RotateForm({ row, filled }: KeyFormProps) {
  const { keyId, name, fingerprint, isInVault } = row;
  const { typed, errors, isWrong } = partOf(filled, `rotate:${keyId}`);
  return (
    <details open={isWrong}>
      <summary>Rotate…</summary>
      {isInVault ? (
        <form class="stack" method="post" action={`${KEYS_PATH}/${keyId}/rotate`} novalidate>
          <p>A successor is made in the vault, and takes its place in every project that trusts it.</p>
          <ReasonField id={`rotate-${fingerprint}`} typed={typed} errors={errors} />
          <SubmitButton look="danger">{`Rotate ${name}`}</SubmitButton>
        </form>
      ) : (
        <>
          <p>
            The key itself signs who comes after it, and its private half is with its holder. They do it at
            the command line:
          </p>
          <SignCommands keyId={keyId} reason="why" />
        </>
      )}
    </details>
  );
}

export function RevokeForm({ row, filled }: KeyFormProps) {
  const { keyId, name, fingerprint, state } = row;
  const { typed, errors, isWrong } = partOf(filled, `revoke:${keyId}`);
  const isRevoked = state?.kind === "revoked";
  return (
    <details open={isWrong}>
      <summary>{isRevoked ? "It leaked earlier…" : "Revoke…"}</summary>
      <form class="stack" method="post" action={`${KEYS_PATH}/${keyId}/revoke`} novalidate>
        <p>
          {isRevoked
            ? "What it signed then counts only with a receipt from before that time. This cannot be taken back."
            : "In every project that trusts it, at once: what it signed counts only with a receipt from before. What is live goes on running. This cannot be taken back."}
        </p>
        <ReasonField id={`revoke-${fingerprint}`} typed={typed} errors={errors} />
        <Field
          id={`since-${fingerprint}`}
          name="compromisedSince"
          label="It may have leaked since"
          type="datetime-local"
          autocomplete="off"
          value={typed.compromisedSince ?? ""}
          errors={errors}
          isOptional
          hint={isRevoked ? "In UTC." : "In UTC. Empty when it has not leaked."}
        />
        <SubmitButton look="danger">{isRevoked ? "Record the earlier leak" : `Revoke ${name}`}</SubmitButton>
      </form>
    </details>
  );
}

/** How those who hold private keys rotate it (docs/keys.md, "Owners' keys"). */
export function SignCommands({ keyId, reason }: { readonly keyId: string; readonly reason: string }) {
  const rotate = `oursynth keys rotate ${keyId} --reason ${quote(reason)}`;
  const lines = [
    `${rotate} --out rotation.json`,
    "oursynth keys sign rotation.json --key key.pem",
    `${rotate} --envelope rotation.json`,
  ];
  return (
    <ol class="commands">
      {lines.map((line) => (
        <li>
          <pre>{line}</pre>
        </li>
      ))}
    </ol>
  );
}

type NamedFieldProps = {
  readonly id: string;
  readonly typed: Readonly<Record<string, string>>;
  readonly errors: FieldErrors;
  readonly hint?: string;
};

function KeyNameField({ id, typed, errors, hint = "What people call it." }: NamedFieldProps) {
  return (
    <Field
      id={id}
      name="name"
      label="Name"
      autocomplete="off"
      value={typed.name ?? ""}
      errors={errors}
      maxlength={100}
      hint={hint}
    />
  );
}

function ReasonField({ id, typed, errors }: NamedFieldProps) {
  return (
    <Field
      id={id}
      name="reason"
      label="Why"
      autocomplete="off"
      value={typed.reason ?? ""}
      errors={errors}
      maxlength={500}
      hint="It stands on the timeline."
    />
  );
}

/** What was typed into this form and what is wrong with it; nothing when another one was sent. */
function partOf({ form, typed = {}, errors = {} }: FilledForm, name: KeyFormName) {
  return form === name ? { typed, errors, isWrong: true } : { typed: {}, errors: {}, isWrong: false };
}

/** One word for a POSIX shell, whatever stands in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
