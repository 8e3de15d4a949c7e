// A static app as a visitor's browser sees it.
import { beforeAll, describe, expect, test } from "vitest";
import { launch, STATIC_APP, visit } from "./support.ts";

const STYLE = "p { color: red }\n".repeat(200);
const MOVIE = Uint8Array.from({ length: 3_000 }, (_, index) => index % 251);
const LARGE = new Uint8Array(1_500_000).fill(7);

const SITE = {
  "index.html": "<h1>home</h1>",
  "404.html": "<h1>not here</h1>",
  "docs/404.html": "<h1>not in docs</h1>",
  "about.html": "<h1>about</h1>",
  "blog/index.html": "<h1>blog</h1>",
  "style.css": STYLE,
  "movie.mp4": MOVIE,
  "large.bin": LARGE,
  "empty.txt": "",
  plain: "no extension",
  "name with space.txt": "space",
  "ümlaut.txt": "umlaut",
  "_astro/page.BkFz3xQa.js": "export {}",
  "assets/index-DiwrgTda.js": "export {}",
  "assets/my-component.js": "export {}",
  "app.3f2a91bc.js": "export {}",
  "learn-JavaScript.js": "export {}",
};

let host = "";
beforeAll(async () => {
  host = (await launch(SITE, { app: { ...STATIC_APP, assets: site("auto-trailing-slash", "404-page") } }))
    .hostname;
});

type Assets = { directory: string; htmlHandling: "auto-trailing-slash"; notFoundHandling: "none" };

function site(htmlHandling: string, notFoundHandling: string) {
  return { directory: ".", htmlHandling, notFoundHandling } as Assets;
}

async function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  return await visit(host, path, { method, headers });
}

describe("a file", () => {
  test("with its type, its length, a strong ETag, nosniff and the artifact's name", async () => {
    const answer = await get("/");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-length")).toBe("13");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("etag")).toMatch(/^"[0-9a-f]{64}"$/);
    expect(answer.headers.get("x-oursynth-artifact")).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await answer.text()).toBe("<h1>home</h1>");
  });

  test("a host where no app lives is not ours to answer", async () => {
    expect((await visit("nobody--dev.apps.localhost")).status).toBe(421);
  });

  test("HEAD gives the same header fields and no body", async () => {
    const answer = await get("/movie.mp4", {}, "HEAD");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-length")).toBe("3000");
    expect(await answer.text()).toBe("");
  });

  test("405 with Allow for any other method", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await get("/", {}, method);
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("GET, HEAD");
    }
  });

  test("names with a hash may be kept for ever, words and pages are asked for again", async () => {
    const forever = ["/_astro/page.BkFz3xQa.js", "/assets/index-DiwrgTda.js", "/app.3f2a91bc.js"];
    const again = ["/", "/style.css", "/assets/my-component.js", "/learn-JavaScript.js"];
    for (const path of forever) expect((await get(path)).headers.get("cache-control")).toContain("immutable");
    for (const path of again)
      expect((await get(path)).headers.get("cache-control")).toContain("must-revalidate");
  });

  test("escaped names are found; a broken escape is 400, and no path leads outside", async () => {
    expect(await (await get("/name%20with%20space.txt")).text()).toBe("space");
    expect(await (await get("/%C3%BCmlaut.txt")).text()).toBe("umlaut");
    expect((await get("/%")).status).toBe(400);
    expect((await get("/%ff")).status).toBe(400);
    for (const path of ["/..%2f..%2fblobs", "/%2e%2e/x", "/__proto__", "/constructor", "/.%00"]) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

describe("conditions and parts (RFC 9110 §13, §14)", () => {
  test("304 for the ETag it has, in a list, weak, or *", async () => {
    const etag = (await get("/movie.mp4")).headers.get("etag") ?? "";
    for (const field of [etag, `"a", W/${etag}`, "*"]) {
      const answer = await get("/movie.mp4", { "if-none-match": field });
      expect(answer.status).toBe(304);
      expect(answer.headers.get("etag")).toBe(etag);
      expect(answer.headers.get("x-oursynth-artifact")).toMatch(/^sha256:/);
    }
    expect((await get("/movie.mp4", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test.each([
    ["bytes=0-0", 206, "bytes 0-0/3000", 1],
    ["bytes=10-19", 206, "bytes 10-19/3000", 10],
    ["bytes=2990-", 206, "bytes 2990-2999/3000", 10],
    ["bytes=-5", 206, "bytes 2995-2999/3000", 5],
    ["bytes=0-99999", 206, "bytes 0-2999/3000", 3000],
    ["bytes=-99999", 206, "bytes 0-2999/3000", 3000],
    ["bytes=3000-", 416, "bytes */3000", 0],
    ["bytes=-0", 416, "bytes */3000", 0],
    ["bytes=5-2", 200, null, 3000],
    ["bytes=0-1,5-6", 200, null, 3000],
    ["lines=0-1", 200, null, 3000],
    ["bytes=-", 200, null, 3000],
  ])("Range %s gives %i", async (range, status, contentRange, length) => {
    const answer = await get("/movie.mp4", { range });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-range")).toBe(contentRange);
    const body = new Uint8Array(await answer.arrayBuffer());
    expect(body.byteLength).toBe(length);
    if (status === 206) expect(body[0]).toBe(MOVIE[Number(/bytes (\d+)/.exec(contentRange ?? "")?.[1])]);
  });

  test("If-Range lets a part through only for the same bytes", async () => {
    const etag = (await get("/movie.mp4")).headers.get("etag") ?? "";
    expect((await get("/movie.mp4", { range: "bytes=0-1", "if-range": etag })).status).toBe(206);
    expect((await get("/movie.mp4", { range: "bytes=0-1", "if-range": '"old"' })).status).toBe(200);
    expect((await get("/movie.mp4", { range: "bytes=0-1", "if-range": `W/${etag}` })).status).toBe(200);
  });

  test("a large file in part and whole, and an empty one", async () => {
    const part = await get("/large.bin", { range: "bytes=1499999-" });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(Uint8Array.of(7));
    expect((await (await get("/large.bin")).arrayBuffer()).byteLength).toBe(1_500_000);
    expect(await (await get("/empty.txt")).text()).toBe("");
    expect((await get("/empty.txt", { range: "bytes=0-" })).status).toBe(416);
  });
});

describe("compression (RFC 9110 §8.4, §12.5.3)", () => {
  test("gzip where it is allowed, with an ETag of its own", async () => {
    const plain = await get("/style.css", { "accept-encoding": "identity" });
    const packed = await get("/style.css", { "accept-encoding": "br, gzip" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.headers.get("vary")).toBe("accept-encoding");
    expect(plain.headers.get("vary")).toBe("accept-encoding");
    expect(packed.headers.get("etag")).not.toBe(plain.headers.get("etag"));
    expect(Number(packed.headers.get("content-length"))).toBeLessThan(200);
    expect(await packed.text()).toBe(STYLE);
    const etag = packed.headers.get("etag") ?? "";
    expect((await get("/style.css", { "accept-encoding": "gzip", "if-none-match": etag })).status).toBe(304);
    expect((await get("/style.css", { "accept-encoding": "identity", "if-none-match": etag })).status).toBe(
      200,
    );
  });

  test("not where it is refused, small, packed already, or a part", async () => {
    const fields = ["gzip;q=0", "identity", "br", "*;q=0", "gzip;q=0, *"];
    for (const field of fields) {
      const answer = await get("/style.css", { "accept-encoding": field });
      expect(answer.headers.get("content-encoding")).toBeNull();
    }
    expect((await get("/style.css", { "accept-encoding": "*" })).headers.get("content-encoding")).toBe(
      "gzip",
    );
    for (const path of ["/", "/movie.mp4"]) {
      expect((await get(path, { "accept-encoding": "gzip" })).headers.get("content-encoding")).toBeNull();
    }
    const part = await get("/style.css", { "accept-encoding": "gzip", range: "bytes=0-3" });
    expect([part.status, part.headers.get("content-encoding"), await part.text()]).toEqual([
      206,
      null,
      "p { ",
    ]);
  });
});

describe("pages (html_handling, not_found_handling as Workers static assets)", () => {
  const PAGES = {
    "index.html": "home",
    "a.html": "a",
    "b/index.html": "b",
    "c.html": "c1",
    "c/index.html": "c2",
    "d/index": "odd",
  };

  test.each([
    [
      "auto-trailing-slash",
      {
        "/a": 200,
        "/a.html": "/a",
        "/a/": "/a",
        "/b": "/b/",
        "/b/": 200,
        "/b/index": "/b/",
        "/b/index.html": "/b/",
        "/index.html": "/",
        "/c": 200,
        "/c/": 200,
        "/d/index": 200,
        "/zz": 404,
        "/b.html": "/b/",
        "//a": "/a",
      },
    ],
    [
      "force-trailing-slash",
      {
        "/a": "/a/",
        "/a.html": "/a/",
        "/a/": 200,
        "/b": "/b/",
        "/b/": 200,
        "/b/index.html": "/b/",
        "/": 200,
        "/index.html": "/",
        "/zz/": 404,
      },
    ],
    [
      "drop-trailing-slash",
      {
        "/a": 200,
        "/a.html": "/a",
        "/a/": "/a",
        "/b": 200,
        "/b/": "/b",
        "/b/index.html": "/b",
        "/b/index": "/b",
        "/": 200,
        "/index.html": "/",
        "/index": "/",
      },
    ],
    ["none", { "/": 404, "/a": 404, "/a.html": 200, "/b/": 404, "/b/index.html": 200 }],
  ])("%s", async (handling, expected) => {
    const { hostname } = await launch(PAGES, { app: { ...STATIC_APP, assets: site(handling, "none") } });
    const actual: Record<string, unknown> = {};
    for (const path of Object.keys(expected)) {
      const answer = await visit(hostname, `${path}?q=1`);
      const location = answer.headers.get("location");
      if (location !== null) expect([answer.status, location.slice(-4)]).toEqual([307, "?q=1"]);
      actual[path] = location === null ? answer.status : location.slice(0, -4);
    }
    expect(actual).toEqual(expected);
  });

  test("a redirect never leaves the host", async () => {
    for (const path of [
      "//evil.example/..%2fabout.html",
      "//about.html",
      "/%2f%2fevil.example%2fabout.html",
    ]) {
      const location = (await get(path)).headers.get("location");
      if (location !== null) expect(new URL(location, `https://${host}`).hostname).toBe(host);
    }
  });

  test("404-page: the nearest 404.html, as 404, never kept", async () => {
    const near = await get("/docs/x/y");
    expect([near.status, await near.text()]).toEqual([404, "<h1>not in docs</h1>"]);
    const top = await get("/nope.png", { "if-none-match": "*" });
    expect([top.status, await top.text(), top.headers.get("cache-control")]).toEqual([
      404,
      "<h1>not here</h1>",
      "no-store",
    ]);
  });

  test("single-page-application: index.html for navigations only", async () => {
    const { hostname } = await launch(
      { "index.html": "<h1>app</h1>", "app.js": "1" },
      { app: { ...STATIC_APP, assets: site("auto-trailing-slash", "single-page-application") } },
    );
    const unsaid = await visit(hostname, "/deep/link");
    expect([unsaid.status, await unsaid.text()]).toEqual([200, "<h1>app</h1>"]);
    expect((await visit(hostname, "/deep/link", { headers: { "sec-fetch-mode": "navigate" } })).status).toBe(
      200,
    );
    expect((await visit(hostname, "/gone.js", { headers: { "sec-fetch-mode": "no-cors" } })).status).toBe(
      404,
    );
  });
});
