// The API page, offline: Scalar's reader over our own OpenAPI document, with nothing loaded from elsewhere.

/** Where scripts/build.ts puts the reader among the static assets. */
export const READER_PATH = "/_docs/reader.js";
const STARTER_PATH = "/_docs/start.js";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OurSynth API</title>
<link rel="icon" href="/favicon.svg">
</head>
<body>
<noscript>This page reads <a href="/api/openapi.json">the OpenAPI document</a> with JavaScript.</noscript>
<div id="reader"></div>
<script src="${READER_PATH}"></script>
<script src="${STARTER_PATH}"></script>
</body>
</html>`;

const HEADERS = { "content-type": "text/html; charset=utf-8" };

export function serveDocs(request: Request): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  return new Response(request.method === "HEAD" ? null : PAGE, { headers: HEADERS });
}
