// Values that look secret leave `app.env`; their names go to `app.secrets` (CAPSULE.md C8).
import { SECRET_WORDS } from "./secret-rules.ts";
import { findSecretsInText } from "./secret-scan.ts";

export type RedactedVariables = {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** The names whose values were taken out, sorted. */
  readonly moved: readonly string[];
};

/** A URL that carries a password: `postgres://user:password@host`. */
const URL_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** Moves what looks secret from `app.env` to `app.secrets`, by name only. */
export function redactVariables(
  env: Readonly<Record<string, string>>,
  secrets: readonly string[],
): RedactedVariables {
  const moved = Object.keys(env)
    .filter((name) => isSecretName(name) || isSecretValue(env[name] ?? ""))
    .sort();
  const kept = Object.entries(env).filter(([name]) => !moved.includes(name));
  const added = moved.filter((name) => !secrets.includes(name));
  return { env: Object.fromEntries(kept), secrets: [...secrets, ...added], moved };
}

/** Whether a variable with this name is taken for a secret, whatever its value. */
export function isSecretName(name: string): boolean {
  const plain = name.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return SECRET_WORDS.some((word) => plain.includes(word));
}

/** Whether a plain value is a secret in itself, whatever it is called. */
export function isSecretValue(value: string): boolean {
  return URL_WITH_PASSWORD.test(value) || findSecretsInText(value).length > 0;
}
