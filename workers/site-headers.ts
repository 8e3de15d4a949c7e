// What a browser is told with every answer of the platform's own hosts: one table, a column for each kind of answer.
// Apps on their own hosts say such things themselves (workers/hosting).

const NO_DEVICES = [
  "accelerometer",
  "camera",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "payment",
  "usb",
]
  .map((feature) => `${feature}=()`)
  .join(", ");

const EVERYWHERE = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": NO_DEVICES,
} as const;

type AnswerKind = "page" | "form" | "reader" | "data";

const HEADERS: Readonly<Record<AnswerKind, Readonly<Record<string, string>>>> = {
  /** Astro writes its own policy, with a hash for each script, into the page; this one is enforced beside it. */
  page: {
    ...EVERYWHERE,
    "content-security-policy": "frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
  },
  /** Sign-in and account: each writes its own policy. Links there hold one-time tokens, so that no other origin may learn
   * where one came from; not `no-referrer`, with which browsers send `Origin: null` with our own forms. */
  form: {
    ...EVERYWHERE,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
  },
  /** The API page: its reader writes style elements; scripts and connections stay our own. */
  reader: {
    ...EVERYWHERE,
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  },
  /** JSON, streams, files: nothing of it is ever a page, and nothing of it stays in a cache. */
  data: {
    ...EVERYWHERE,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  },
};

/** Only these may be said more strictly by whoever made the answer (workers/api/attachment.ts); the rest is set. */
const MAY_BE_OWN: ReadonlySet<string> = new Set(["cache-control", "content-security-policy"]);
/** A year, once seen over TLS (RFC 6797); a browser ignores it over plain HTTP, so that it is not sent there. */
const STRICT_TRANSPORT = "max-age=31536000";

/** The answer with its kind's headers. A WebSocket goes through as it is. */
export function secure(kind: AnswerKind, request: Request, response: Response): Response {
  if (response.status === 101) return response;
  const secured = new Response(response.body, response);
  const { headers } = secured;
  for (const [name, value] of Object.entries(HEADERS[kind])) {
    if (kind === "page" && name === "content-security-policy") headers.append(name, value);
    else if (!MAY_BE_OWN.has(name) || !headers.has(name)) headers.set(name, value);
  }
  if (new URL(request.url).protocol === "https:") headers.set("strict-transport-security", STRICT_TRANSPORT);
  return secured;
}
