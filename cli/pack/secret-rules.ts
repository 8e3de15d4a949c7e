// What must never enter a capsule (CAPSULE.md C8): names that look secret, files that hold secrets, shapes of tokens.
// A change of what is found is a new version: it stands in the provenance of every capsule that was packed with it.

export const SECRET_RULES_VERSION = "1";

/** Looked for in a variable's name, in capitals and without separators: `db-Api_Key` reads as `DBAPIKEY`. */
const SECRET_WORDS: readonly string[] = [
  "TOKEN",
  "SECRET",
  "PASSWORD",
  "PASSWD",
  "PASSPHRASE",
  "PRIVATE",
  "APIKEY",
  "ACCESSKEY",
  "SIGNINGKEY",
  "ENCRYPTIONKEY",
  "SERVICEKEY",
  "SERVICEROLEKEY",
  "CREDENTIAL",
];

/** `.env*` is refused but for the forms that are made to be shown. */
const SHOWN_ENV_NAMES: ReadonlySet<string> = new Set([".env.example", ".env.sample", ".env.template"]);
const KEY_STORE_ENDING = /\.(?:p12|pfx|jks|keystore|ppk)$/;

/** How far back a scan in chunks looks again: longer than the longest shape that decides a match. */
export const SCAN_OVERLAP = 4_096;

export type SecretFinding = { readonly rule: string; readonly message: string };

type Shape = { readonly rule: string; readonly what: string; readonly pattern: RegExp };

/** Each is anchored by a prefix that its issuer chose to be findable, so that ordinary text does not match. */
const SHAPES: readonly Shape[] = [
  {
    rule: "private-key",
    what: "a private key",
    // The header alone stands in many programs; a key has base64 behind it, in a PEM or in a string with escapes.
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn]|["'`+,]|[A-Za-z][A-Za-z-]{0,30}: [^\r\n\\]{0,200}(?:\r?\n|\\r|\\n)){1,200}?[A-Za-z0-9+/]{32}/,
  },
  { rule: "putty-private-key", what: "a private key", pattern: /^Private-Lines: \d+/m },
  { rule: "age-key", what: "an age secret key", pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/ },
  { rule: "aws-access-key", what: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { rule: "github-token", what: "a GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/ },
  { rule: "github-token", what: "a GitHub token", pattern: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/ },
  { rule: "gitlab-token", what: "a GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { rule: "npm-token", what: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { rule: "slack-token", what: "a Slack token", pattern: /\bxox[abeoprs]-\d[A-Za-z0-9-]{20,}/ },
  { rule: "stripe-key", what: "a Stripe live key", pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/ },
  { rule: "google-api-key", what: "a Google API key", pattern: /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/ },
  { rule: "anthropic-key", what: "an Anthropic API key", pattern: /\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}/ },
  {
    rule: "openai-key",
    what: "an OpenAI API key",
    pattern: /\bsk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b)/,
  },
  {
    rule: "sendgrid-key",
    what: "a SendGrid key",
    pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/,
  },
];

/** A URL that carries a password: `postgres://user:password@host`. */
const URL_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** Whether a variable with this name is taken for a secret, whatever its value. */
export function isSecretName(name: string): boolean {
  const plain = name.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return SECRET_WORDS.some((word) => plain.includes(word));
}

/** Whether a plain value is a secret in itself, whatever it is called. */
export function isSecretValue(value: string): boolean {
  return URL_WITH_PASSWORD.test(value) || findSecret(value) !== null;
}

/** Why a file of this path is refused before it is read, or null. Every segment counts: `.env/prod` as well. */
export function findSecretPath(path: string): SecretFinding | null {
  const segments = path.toLowerCase().split("/");
  const envName = segments.find((segment) => segment.startsWith(".env") && !SHOWN_ENV_NAMES.has(segment));
  if (envName !== undefined) return { rule: "env-file", message: "holds variables with their values" };
  if (KEY_STORE_ENDING.test(segments.at(-1) ?? "")) return { rule: "key-store", message: "is a key store" };
  return null;
}

/** The first secret whose shape is known in a text, or null. Bytes may come as Latin-1: every shape is ASCII. */
export function findSecret(text: string): SecretFinding | null {
  const shape = SHAPES.find(({ pattern }) => pattern.test(text));
  return shape === undefined ? null : { rule: shape.rule, message: `holds ${shape.what}` };
}

export type RedactedVariables = {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** The names whose values were taken out, sorted. */
  readonly moved: readonly string[];
};

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
