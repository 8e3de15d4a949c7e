// What a visitor sees of a failing app: that it failed, and a request id to tell its owner. Never why.
import { PROBLEMS, type Problem } from "../../schemas/problem.ts";
import { prefersJson } from "./http-fields.ts";

type FailureCode = "internal" | "upstream-timeout" | "unavailable";
type PageCode = FailureCode | "wrong-host";

const HEADLINES: Readonly<Record<PageCode, string>> = {
  "wrong-host": "No app lives here",
  internal: "This app ran into an error",
  "upstream-timeout": "This app took too long to answer",
  unavailable: "This app is not ready",
};

const ADVICE: Readonly<Record<PageCode, string>> = {
  "wrong-host": "Check the address. If it is right, nothing has been deployed here yet.",
  internal:
    "It is not your fault. Try again in a moment; if it stays, tell the app’s owner the number below.",
  "upstream-timeout": "Try again in a moment; if it stays, tell the app’s owner the number below.",
  unavailable: "Try again in a moment; if it stays, tell the app’s owner the number below.",
};

/** A page, or problem+json (RFC 9457) for a client that asks for JSON. */
export function answerFailure(request: Request, code: FailureCode, requestId: string): Response {
  const isJson = prefersJson(request.headers.get("accept"));
  if (!isJson) return answerPage(request, code, requestId);
  const body = request.method === "HEAD" ? null : JSON.stringify(describe(request, code, requestId));
  return new Response(body, {
    status: PROBLEMS[code].status,
    headers: headersOf("application/problem+json"),
  });
}

/** The page alone: for a browser that asked for a host where nothing lives, too. */
export function answerPage(request: Request, code: PageCode, requestId: string): Response {
  const body = request.method === "HEAD" ? null : renderPage(code, requestId);
  return new Response(body, {
    status: PROBLEMS[code].status,
    headers: headersOf("text/html; charset=utf-8"),
  });
}

function headersOf(contentType: string): Record<string, string> {
  return {
    "content-type": contentType,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  };
}

function describe(request: Request, code: FailureCode, requestId: string): Problem {
  const detail = `${HEADLINES[code]}. Its owner finds the details in the log under ${requestId}.`;
  return {
    type: "about:blank",
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    detail,
    instance: new URL(request.url).pathname,
    code,
    requestId,
    ok: false,
    error: detail,
  };
}

function renderPage(code: PageCode, requestId: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${HEADLINES[code]}</title>
<style>
:root { color-scheme: light dark; --page: #f6f6f3; --card: #fff; --text: #1c1d21; --quiet: #5b5e68; --line: #e2e2dc; --mark: #b4441f }
@media (prefers-color-scheme: dark) {
  :root { --page: #131418; --card: #1c1e24; --text: #eeeef0; --quiet: #a5a8b3; --line: #30333c; --mark: #f0906a }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--page); color: var(--text); font: 1rem/1.6 system-ui, sans-serif }
main { max-width: 34rem; padding: 2.5rem; background: var(--card); border: 1px solid var(--line);
  border-top: 4px solid var(--mark); border-radius: 12px }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance }
p { margin: 0 0 1.5rem; color: var(--quiet) }
dl { margin: 0; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: .875rem }
dt { color: var(--quiet) }
dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; user-select: all }
</style>
</head>
<body>
<main>
<h1>${HEADLINES[code]}</h1>
<p>${ADVICE[code]}</p>
<dl><dt>Request id</dt><dd>${requestId}</dd></dl>
</main>
</body>
</html>
`;
}
