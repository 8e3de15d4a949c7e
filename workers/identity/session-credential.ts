// A session's token as it travels, always with a signature: in a cookie (the form is better-auth's: the token, a dot,
// base64 of HMAC-SHA-256, percent-encoded), or behind `osl_` from a device that signed in with `oursynth login`.

/** Secure, HttpOnly, SameSite=Lax, Path=/ and no Domain: a browser takes a `__Host-` cookie only so (RFC 6265bis §4.1.3). */
export const SESSION_COOKIE = "__Host-oursynth-session";
const COOKIE_ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";
export const DEVICE_PREFIX = "osl_";
const SIGNATURE_CHARACTERS = 44;
const MAX_CREDENTIAL_CHARACTERS = 256;

/** The Set-Cookie header that a browser keeps a session by for so many seconds. */
export async function setSessionCookie(
  token: string,
  secret: string,
  maxAgeSeconds: number,
): Promise<string> {
  return `${SESSION_COOKIE}=${await signForCookie(token, secret)}; Max-Age=${maxAgeSeconds}; ${COOKIE_ATTRIBUTES}`;
}

export function clearSessionCookie(): string {
  return `${SESSION_COOKIE}=; Max-Age=0; ${COOKIE_ATTRIBUTES}`;
}

/** The value of the session cookie. */
export async function signForCookie(token: string, secret: string): Promise<string> {
  return encodeURIComponent(await signToken(token, secret));
}

/** What a device keeps and sends as its bearer token. */
export async function signForDevice(token: string, secret: string): Promise<string> {
  return DEVICE_PREFIX + (await signToken(token, secret));
}

/** The session's token in a Cookie header: null when there is no session cookie, or one that we did not sign. */
export async function readSessionCookie(header: string, secret: string): Promise<string | null> {
  const value = findCookie(header, SESSION_COOKIE);
  return value === null ? null : await openToken(decode(value), secret);
}

/** The session's token behind `osl_`; null when we did not sign it. */
export async function readDeviceCredential(credential: string, secret: string): Promise<string | null> {
  return await openToken(credential.slice(DEVICE_PREFIX.length), secret);
}

async function signToken(token: string, secret: string): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", await importSecret(secret), encode(token));
  return `${token}.${Buffer.from(signature).toString("base64")}`;
}

async function openToken(signed: string, secret: string): Promise<string | null> {
  const dot = signed.lastIndexOf(".");
  const signature = signed.slice(dot + 1);
  if (dot < 1 || signed.length > MAX_CREDENTIAL_CHARACTERS || signature.length !== SIGNATURE_CHARACTERS) {
    return null;
  }
  const token = signed.slice(0, dot);
  const bytes = new Uint8Array(Buffer.from(signature, "base64"));
  return (await crypto.subtle.verify("HMAC", await importSecret(secret), bytes, encode(token)))
    ? token
    : null;
}

let imported: { readonly secret: string; readonly key: Promise<CryptoKey> } | null = null;

async function importSecret(secret: string): Promise<CryptoKey> {
  if (imported?.secret !== secret) {
    const key = crypto.subtle.importKey("raw", encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
      "verify",
    ]);
    imported = { secret, key };
  }
  return await imported.key;
}

function findCookie(header: string, name: string): string | null {
  for (const part of header.split(";")) {
    const [key, ...value] = part.split("=");
    if (key?.trim() === name) return value.join("=").trim();
  }
  return null;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

/** Copied, because the types of the runtime and of Node do not agree on what an encoder's bytes lie in. */
function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}
