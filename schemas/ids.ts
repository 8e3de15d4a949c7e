// The one table of id prefixes (STYLE 14): an id says what it names, also in a log or a bug report.

export const ID_PREFIXES = {
  user: "usr_",
  organization: "org_",
  member: "mem_",
  invitation: "inv_",
  session: "ses_",
  account: "acc_",
  verification: "ver_",
  device: "dvc_",
  passkey: "pky_",
  token: "tok_",
  project: "prj_",
  event: "evt_",
  run: "run_",
  deploy: "dep_",
  confirmation: "cnf_",
  request: "req_",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Crockford's base 32 in lower case: no letter that reads as a digit. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM_BYTES = 20;

/**
 * Makes an id of 20 random characters (100 bits) behind its kind's prefix.
 * @param randomBytes gives that many bytes from a cryptographic source
 */
export function createId(kind: IdKind, randomBytes: (count: number) => Uint8Array): string {
  let id: string = ID_PREFIXES[kind];
  for (const byte of randomBytes(RANDOM_BYTES)) id += ALPHABET[byte & 31];
  return id;
}

/** Whether the text has the form of an id of this kind; says nothing of whether it exists. */
export function isId(kind: IdKind, text: string): boolean {
  const prefix = ID_PREFIXES[kind];
  if (!text.startsWith(prefix) || text.length !== prefix.length + RANDOM_BYTES) return false;
  return [...text.slice(prefix.length)].every((character) => ALPHABET.includes(character));
}
