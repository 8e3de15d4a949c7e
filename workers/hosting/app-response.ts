// An app's answer on its way out: what only the platform may say is taken out, the rest goes through as it is.

/** Fields that belong to one connection (RFC 9110 §7.6.1), and ours. */
const DROPPED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-request-id",
]);
const OUR_PREFIX = "x-oursynth-";
/** Every cookie of the platform begins so (workers/identity); no app may set one or be sent one. */
const PLATFORM_COOKIE_PREFIX = "__host-oursynth";

/** What Hono answers for an error that nothing handled: no request id, no details, 21 bytes. */
const HONO_DEFAULT_ERROR = "Internal Server Error";

/** The response as the visitor gets it. The body stays a stream; a WebSocket stays open. */
export function passOn(response: Response, requestId: string): Response {
  const passed =
    response.webSocket === null
      ? new Response(response.body, response)
      : new Response(null, { status: 101, webSocket: response.webSocket, headers: response.headers });
  const { headers } = passed;
  for (const name of [...headers.keys()]) {
    if (DROPPED.has(name) || name.startsWith(OUR_PREFIX)) headers.delete(name);
  }
  stripCookieDomains(headers);
  if (!headers.has("x-content-type-options")) headers.set("x-content-type-options", "nosniff");
  headers.set("x-request-id", requestId);
  return passed;
}

/** A cookie for a whole domain would reach the other apps that live below it (ARCHITECTURE.md "At the door"). */
function stripCookieDomains(headers: Headers): void {
  if (!headers.has("set-cookie")) return;
  const cookies = headers.getSetCookie();
  headers.delete("set-cookie");
  for (const cookie of cookies) {
    if (!isPlatformCookie(cookie)) headers.append("set-cookie", withoutDomain(cookie));
  }
}

/** The visitor's request without the platform's cookies: a browser sends none here, and an app must not get one otherwise. */
export function withoutPlatformCookies(headers: Headers): void {
  const field = headers.get("cookie");
  if (field === null) return;
  const kept = field.split(";").filter((pair) => !isPlatformCookie(pair));
  if (kept.length === 0) headers.delete("cookie");
  else headers.set("cookie", kept.join(";").trim());
}

/** Browsers take a prefix in any case, so that `__HOST-` is one too (RFC 6265bis §4.1.3). */
function isPlatformCookie(pair: string): boolean {
  return pair.trimStart().toLowerCase().startsWith(PLATFORM_COOKIE_PREFIX);
}

function withoutDomain(cookie: string): string {
  const [pair = "", ...attributes] = cookie.split(";");
  const kept = attributes.filter((attribute) => !/^\s*domain\s*(?:=|$)/i.test(attribute));
  return [pair, ...kept].join(";");
}

/**
 * Whether the answer is only Hono's stand-in for an uncaught error. Else its body is given back unread.
 * Reads at most two pieces of a plain-text 500.
 */
export async function readUncaughtError(
  response: Response,
): Promise<{ readonly isUncaught: true } | { readonly isUncaught: false; readonly response: Response }> {
  const isPlain = response.headers.get("content-type")?.toLowerCase().startsWith("text/plain") === true;
  const isPacked = response.headers.has("content-encoding");
  if (response.status !== 500 || !isPlain || isPacked || response.body === null) {
    return { isUncaught: false, response };
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const first = await reader.read();
  if (!first.done && new TextDecoder().decode(first.value) !== HONO_DEFAULT_ERROR) {
    return { isUncaught: false, response: withBody(response, [first.value], reader) };
  }
  const second = first.done ? first : await reader.read();
  if (second.done)
    return first.done ? { isUncaught: false, response: withBody(response, [], null) } : { isUncaught: true };
  const read = first.done ? [second.value] : [first.value, second.value];
  return { isUncaught: false, response: withBody(response, read, reader) };
}

/** The same response with what was read put back before what was not. */
function withBody(
  response: Response,
  read: readonly Uint8Array[],
  rest: ReadableStreamDefaultReader<Uint8Array> | null,
): Response {
  const pieces = [...read];
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces.shift() ?? (rest === null ? undefined : (await rest.read()).value);
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
    async cancel(reason) {
      await rest?.cancel(reason);
    },
  });
  return new Response(body, response);
}
