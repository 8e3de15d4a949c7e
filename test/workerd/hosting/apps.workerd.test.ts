// Apps with code: isolation, what goes in and what comes out, and what happens when they fail.
import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { isolateId } from "../../../adapters/loader/app-isolate.ts";
import { checkHealth } from "../../../adapters/loader/health-check.ts";
import { deploy, launch, open, publish, readLog, type Sources, visit } from "./support.ts";

function answering(expression: string): Sources {
  return { "src/index.ts": `export default { async fetch(request, env, ctx) { return ${expression}; } };` };
}

describe("isolation", () => {
  test("two tenants with the same artifact get different isolates", async () => {
    const sources = {
      "src/index.ts": "let count = 0;\nexport default { fetch: () => new Response(String(++count)) };",
    };
    const first = await deploy(sources);
    const second = await deploy(sources);
    expect(second.artifactDigest).toBe(first.artifactDigest);
    expect(await isolateId(second)).not.toBe(await isolateId(first));
    const texts: string[] = [];
    for (const identity of [first, first, second]) {
      const app = await open(identity);
      texts.push(await (await app.fetch("https://app.invalid/")).text());
    }
    expect(texts).toEqual(["1", "2", "1"]);
  });

  test("another environment, artifact or configuration is another isolate", async () => {
    const identity = await deploy(answering("new Response()"));
    const other = `sha256:${"0".repeat(64)}`;
    const ids = await Promise.all(
      [
        identity,
        { ...identity, environment: "prod" },
        { ...identity, artifactDigest: other },
        { ...identity, configurationDigest: other },
      ].map(isolateId),
    );
    expect(new Set(ids).size).toBe(4);
  });

  test("the app has its own plain variables and no binding of the platform", async () => {
    const identity = await deploy(answering("Response.json([env, Object.keys(ctx.exports), ctx.props])"), {
      app: { env: { GREETING: "hello", EMPTY: "" } },
    });
    const app = await open(identity);
    expect(await (await app.fetch("https://app.invalid/")).json()).toEqual([
      { GREETING: "hello", EMPTY: "" },
      ["default"],
      {},
    ]);
  });

  test("no way out to the network, not by fetch and not by a socket", async () => {
    const sources = {
      "src/index.ts": `import { connect } from "cloudflare:sockets";
export default { async fetch() {
  const tries = [() => fetch("https://example.com"), () => connect("example.com:80").opened, () => caches.default.match("https://x.example/")];
  const results = await Promise.all(tries.map((run) => Promise.resolve().then(run).then((value) => value === undefined ? "nothing" : "reached", () => "refused")));
  return Response.json(results);
} };`,
    };
    const app = await open(await deploy(sources));
    const results = await (await app.fetch("https://app.invalid/")).json();
    expect(results).toEqual(["refused", "refused", expect.not.stringContaining("reached")]);
  });
});

describe("in and out", () => {
  test("the app sees its own address and our request id, streams both ways, and keeps its redirects", async () => {
    const { hostname } = await launch({
      "src/index.ts": `export default { async fetch(request) {
  const url = new URL(request.url);
  if (url.pathname === "/away") return Response.redirect("https://other.example/", 302);
  if (url.pathname === "/echo") return new Response(request.body, { headers: { "content-type": request.headers.get("content-type") } });
  return Response.json([request.url, request.method, request.headers.get("x-request-id")]);
} };`,
    });
    const plain = await visit(hostname, "/a?b=c", { headers: { "x-request-id": "forged" } });
    const requestId = plain.headers.get("x-request-id");
    expect(requestId).toMatch(/^req_[0-9a-z]{20}$/);
    expect(await plain.json()).toEqual([`https://${hostname}/a?b=c`, "GET", requestId]);
    const away = await visit(hostname, "/away");
    expect([away.status, away.headers.get("location")]).toEqual([302, "https://other.example/"]);
    const body = "x".repeat(300_000);
    const echo = await visit(hostname, "/echo", {
      method: "POST",
      body,
      headers: { "content-type": "text/x" },
    });
    expect(await echo.text()).toBe(body);
  });

  test("Domain is taken out of cookies, and our own header fields out of answers", async () => {
    const { hostname, identity } = await launch({
      "src/index.ts": `export default { fetch() {
  const headers = new Headers({ "x-oursynth-artifact": "forged", "x-oursynth-x": "1", connection: "close", "x-own": "yes" });
  headers.append("set-cookie", "a=1; Path=/; Domain=apps.localhost; HttpOnly");
  headers.append("set-cookie", "b=domain=x; domain = .apps.localhost");
  headers.append("set-cookie", "c=3; Secure");
  return new Response("ok", { headers });
} };`,
    });
    const answer = await visit(hostname);
    expect(answer.headers.getSetCookie()).toEqual(["a=1; Path=/; HttpOnly", "b=domain=x", "c=3; Secure"]);
    expect(answer.headers.get("x-oursynth-artifact")).toBe(identity.artifactDigest);
    expect(answer.headers.get("x-oursynth-x")).toBeNull();
    expect(answer.headers.get("connection")).toBeNull();
    expect(answer.headers.get("x-own")).toBe("yes");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("what the app compressed itself stays readable", async () => {
    const { hostname } = await launch({
      "src/index.ts": `export default { fetch() {
  const packed = new Response("word ".repeat(1000)).body.pipeThrough(new CompressionStream("gzip"));
  return new Response(packed, { encodeBody: "manual", headers: { "content-encoding": "gzip", "content-type": "text/plain" } });
} };`,
    });
    const answer = await visit(hostname, "/", { headers: { "accept-encoding": "gzip" } });
    expect(await answer.text()).toBe("word ".repeat(1000));
  });

  test("Hono's compress packs once", async () => {
    const { hostname } = await launch({
      "src/index.ts": `import { Hono } from "hono";
import { compress } from "hono/compress";
const app = new Hono();
app.use(compress());
app.get("/", (c) => c.text("word ".repeat(1000)));
export default app;`,
    });
    const answer = await visit(hostname, "/", { headers: { "accept-encoding": "gzip" } });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect(await answer.text()).toBe("word ".repeat(1000));
  });

  test("a WebSocket goes through to the app", async () => {
    const { hostname } = await launch({
      "src/index.ts": `export default { fetch() {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", (event) => server.send("echo " + event.data));
  return new Response(null, { status: 101, webSocket: client, headers: { "set-cookie": "a=1; Domain=apps.localhost" } });
} };`,
    });
    const answer = await visit(hostname, "/", { headers: { upgrade: "websocket" } });
    expect(answer.status).toBe(101);
    expect(answer.headers.getSetCookie()).toEqual(["a=1"]);
    const socket = answer.webSocket;
    if (socket === null) throw new Error("no socket");
    socket.accept();
    const heard = new Promise((resolve) =>
      socket.addEventListener("message", (event) => resolve(event.data)),
    );
    socket.send("hi");
    expect(await heard).toBe("echo hi");
    socket.close();
  });

  test("files first for GET and HEAD, all else and what is no file to the code", async () => {
    const { hostname } = await launch(
      {
        ...answering("new Response('code ' + request.method)"),
        "public/style.css": "p{}",
        "public/index.html": "home",
      },
      {
        app: {
          assets: {
            directory: "public",
            htmlHandling: "auto-trailing-slash",
            notFoundHandling: "single-page-application",
          },
        },
      },
    );
    const ask = async (path: string, init?: RequestInit) => await (await visit(hostname, path, init)).text();
    expect(await ask("/style.css")).toBe("p{}");
    expect(await ask("/style.css", { method: "POST" })).toBe("code POST");
    expect(await ask("/api")).toBe("code GET");
    expect(await ask("/%ff")).toBe("code GET");
    expect(await ask("/deep", { headers: { "sec-fetch-mode": "navigate" } })).toBe("home");
    expect(await ask("/deep", { headers: { "sec-fetch-mode": "cors" } })).toBe("code GET");
  });
});

describe("failing", () => {
  test("throws on a request: the visitor gets an id and no details, the log the file and line", async () => {
    const { hostname, identity } = await launch({
      "src/index.ts": 'import { boom } from "./boom";\nexport default { fetch: () => boom() };',
      "src/boom.ts":
        "type Unused = 1;\n\nexport function boom(): Response {\n  throw new TypeError('secret detail');\n}",
    });
    const answer = await visit(hostname, "/pay?card=1");
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("x-oursynth-artifact")).toBe(identity.artifactDigest);
    expect(page).not.toContain("secret detail");
    const requestId = /req_[0-9a-z]{20}/.exec(page)?.[0];
    const { items } = await readLog(identity, requestId);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      level: "error",
      message: "TypeError: secret detail",
      requestId,
      path: "/pay",
      artifactDigest: identity.artifactDigest,
    });
    expect(items[0]?.stack).toContain("src/boom.ts:4:9");
  });

  test("a client that asks for JSON gets problem+json", async () => {
    const { hostname } = await launch({
      "src/index.ts": "export default { fetch() { throw new Error('x'); } };",
    });
    const answer = await visit(hostname, "/api/x", { headers: { accept: "application/json" } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      status: 500,
      code: "internal",
      instance: "/api/x",
      ok: false,
      requestId: expect.stringMatching(/^req_/),
    });
  });

  test("what Hono swallowed is told the same way; an app's own 500 is left alone", async () => {
    const { hostname, identity } = await launch({
      "src/index.ts": `import { Hono } from "hono";
const app = new Hono();
app.get("/throws", () => {
  throw new Error("in a handler");
});
app.get("/own", (c) => c.text("Internal Server Error, sorry", 500));
app.get("/empty", (c) => c.text("", 500));
export default app;`,
    });
    const swallowed = await visit(hostname, "/throws");
    const requestId = /req_[0-9a-z]{20}/.exec(await swallowed.text())?.[0];
    expect(swallowed.status).toBe(500);
    const { items } = await readLog(identity, requestId);
    expect(items[0]?.stack).toContain("src/index.ts:4:9");
    const own = await visit(hostname, "/own");
    expect([own.status, await own.text()]).toEqual([500, "Internal Server Error, sorry"]);
    expect(await (await visit(hostname, "/empty")).text()).toBe("");
  });

  test.each([
    ["cannot be parsed", "\nconst a = 1; const a = 2;", "already been declared", "src/b.ts:2"],
    ["throws at start", "\n\nthrow new TypeError('at start');", "TypeError: at start", "src/b.ts:3:7"],
    [
      "imports a name that is not exported",
      "\nimport { no } from './c';\nno();",
      "does not provide an export",
      "src/b.ts:2",
    ],
  ])("a module that %s", async (_, source, message, place) => {
    const { hostname, identity } = await launch({
      "src/index.ts": "import './b';\nexport default { fetch: () => new Response() };",
      "src/b.ts": source,
      "src/c.ts": "export const yes = 1;",
    });
    const answer = await visit(hostname);
    const requestId = /req_[0-9a-z]{20}/.exec(await answer.text())?.[0];
    expect(answer.status).toBe(500);
    const { items } = await readLog(identity, requestId);
    expect(items[0]?.message).toContain(message);
    expect(items[0]?.stack).toContain(place);
    const health = await checkHealth(env, exports, identity);
    expect(health).toMatchObject({ ok: false, reason: { code: "throws-at-start" } });
  });

  test("an app that can never answer is given up with 504", async () => {
    const { hostname } = await launch(answering("await new Promise(() => {})"));
    const answer = await visit(hostname);
    expect(answer.status).toBe(504);
    expect(await answer.text()).toContain("took too long");
  });

  test("console lines reach the log in order, with their levels", async () => {
    const { hostname, identity } = await launch(
      answering(
        "(console.log('one', { a: 1 }), console.warn('two'), console.error(new Error('three')), new Response())",
      ),
    );
    const requestId = (await visit(hostname)).headers.get("x-request-id") ?? "";
    const { items } = await readLog(identity, requestId);
    expect(items.map((item) => [item.level, item.message])).toEqual([
      ["log", 'one {"a":1}'],
      ["warn", "two"],
      ["error", "Error: three"],
    ]);
  });

  test("a start that failed because the store did is tried again", async () => {
    const identity = await deploy(answering("new Response('up')"));
    const name = `modules/${identity.artifactDigest.slice("sha256:".length)}`;
    const pack = await (await env.BLOBS.get(name))?.text();
    await env.BLOBS.delete(name);
    const hostname = await publish(identity);
    expect((await visit(hostname)).status).toBe(503);
    await env.BLOBS.put(name, pack ?? "");
    expect(await (await visit(hostname)).text()).toBe("up");
  });
});

describe("health", () => {
  test("healthy below 500, also when the path is not found", async () => {
    const identity = await deploy(answering("new Response(null, { status: 404 })"));
    expect(await checkHealth(env, exports, identity)).toMatchObject({ ok: true, value: { status: 404 } });
  });

  test.each([
    ["throws", answering("missing()"), "throws", "ReferenceError: missing is not defined", "src/index.ts:1"],
    [
      "unhealthy-status",
      answering("new Response(null, { status: 503 })"),
      "unhealthy-status",
      "GET / answered 503",
      null,
    ],
    ["no-handler", { "src/index.ts": "export default {};" }, "no-handler", "fetch()", null],
    [
      "module-not-found",
      {
        "src/index.ts": "const name = 'gone';\nexport default { fetch: () => import('./' + name + '.js') };",
      },
      "module-not-found",
      "gone.js",
      "src/index.ts:2",
    ],
    ["never-answers", answering("await new Promise(() => {})"), "never-answers", "", null],
  ])("%s", async (_, sources: Sources, code, message, place) => {
    const health = await checkHealth(env, exports, await deploy(sources));
    if (health.ok) throw new Error("healthy");
    expect(health.reason.code).toBe(code);
    expect(health.reason.message).toContain(message);
    if (place !== null) expect(health.reason.stack).toContain(place);
  });

  test("a static app's health path must lead to a file", async () => {
    const app = { framework: "static", entry: null } as const;
    const healthy = await deploy({ "index.html": "" }, { app });
    const unhealthy = await deploy({ "other.html": "" }, { app });
    expect(await checkHealth(env, exports, healthy)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(await checkHealth(env, exports, unhealthy)).toMatchObject({
      ok: false,
      reason: { code: "unhealthy-status" },
    });
  });
});
