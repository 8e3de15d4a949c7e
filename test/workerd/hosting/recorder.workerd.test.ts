// What stands beside an app in its isolate: it must tell the owner everything and be nothing to the app.
import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { deploy, launch, open, readLog, visit } from "./support.ts";

type LogWriters = {
  readonly AppLogWriter: (options: { props: object }) => { write(lines: unknown): Promise<void> };
};

async function messagesAfterVisit(source: string, path = "/"): Promise<readonly (string | undefined)[]> {
  const { hostname, identity } = await launch({ "src/index.ts": source });
  await (await visit(hostname, path)).text();
  const { items } = await readLog(identity);
  return items.map((item) => item.message);
}

describe("what the app sees", () => {
  test("its own variables only, also by the runtime's own module, while it starts and while it answers", async () => {
    const identity = await deploy(
      {
        "src/index.ts": `import { env as imported } from "cloudflare:workers";
const atStart = Object.getOwnPropertyNames(imported);
export default { fetch: (request, env) => Response.json([atStart, Object.getOwnPropertyNames(imported), Object.getOwnPropertyNames(env)]) };`,
      },
      { app: { env: { A: "1" } } },
    );
    const app = await open(identity);
    expect(await (await app.fetch("https://app.invalid/")).json()).toEqual([["A"], ["A"], ["A"]]);
  });

  test("an entrypoint class keeps its this, its env and its context", async () => {
    const app = await open(
      await deploy(
        {
          "src/index.ts": `import { WorkerEntrypoint } from "cloudflare:workers";
export default class extends WorkerEntrypoint {
  #count = 0;
  fetch() { return Response.json([++this.#count, this.env, typeof this.ctx.waitUntil]); }
}`,
        },
        { app: { env: { A: "1" } } },
      ),
    );
    expect(await (await app.fetch("https://app.invalid/")).json()).toEqual([1, { A: "1" }, "function"]);
  });

  test("an object with methods keeps its this; other exports stay exports", async () => {
    const app = await open(
      await deploy({
        "src/index.ts": `import { WorkerEntrypoint } from "cloudflare:workers";
export class Other extends WorkerEntrypoint { hi() { return "hi"; } }
class App { #own = "own"; async fetch(request, env, ctx) { return Response.json([this.#own, Object.keys(ctx.exports).sort(), await ctx.exports.Other.hi()]); } }
export default new App();`,
      }),
    );
    expect(await (await app.fetch("https://app.invalid/")).json()).toEqual([
      "own",
      ["Other", "default"],
      "hi",
    ]);
  });
});

describe("what the owner reads", () => {
  test("lines that were printed while the app started come with the first visit", async () => {
    const messages = await messagesAfterVisit(
      "console.log('starting');\nexport default { fetch() { console.log('visited'); return new Response(); } };",
    );
    expect(messages).toEqual(["starting", "visited"]);
  });

  test("a rejection that nobody handles, with its place", async () => {
    const { hostname, identity } = await launch({
      "src/index.ts":
        "export default { fetch() {\n  Promise.reject(new RangeError('lost'));\n  return new Response();\n} };",
    });
    const requestId = (await visit(hostname)).headers.get("x-request-id") ?? "";
    const { items } = await readLog(identity, requestId);
    expect(items[0]).toMatchObject({ level: "error", message: "RangeError: lost" });
    expect(items[0]?.stack).toMatch(/^\s*at .*src\/index\.ts:2/);
    expect(items[0]?.stack).not.toContain("oursynth");
  });

  test("what is thrown by a class, and what cannot be written as JSON", async () => {
    const messages = await messagesAfterVisit(`import { WorkerEntrypoint } from "cloudflare:workers";
export default class extends WorkerEntrypoint {
  async fetch() {
    const circle = {};
    circle.self = circle;
    console.warn(circle, 1n, undefined, null, () => 1);
    throw "a text";
  }
}`);
    expect(messages).toEqual(["[object Object] 1 undefined null () => 1", "a text"]);
  });

  test("each of two visits at once keeps its own lines", async () => {
    const { hostname, identity } = await launch({
      "src/index.ts": `export default { async fetch(request) {
  await scheduler.wait(20);
  console.log(new URL(request.url).pathname);
  return new Response();
} };`,
    });
    const paths = ["/a", "/b", "/c"];
    const answers = await Promise.all(paths.map((path) => visit(hostname, path)));
    for (const [index, answer] of answers.entries()) {
      const { items } = await readLog(identity, answer.headers.get("x-request-id") ?? "");
      expect(items.map(({ message, path }) => [message, path])).toEqual([[paths[index], paths[index]]]);
    }
  });

  test("a log takes lines only, whatever an app may send", async () => {
    const identity = await deploy({ "src/index.ts": "export default { fetch: () => new Response() };" });
    const { AppLogWriter } = exports as unknown as LogWriters;
    const writer = AppLogWriter({
      props: { ...identity, isolateId: "recorder-test", secretValues: [], configurationDigest: undefined },
    });
    await writer.write("no list");
    await writer.write([
      null,
      { ts: "now", level: "log", message: "x" },
      { ts: 1, level: "loud", message: "kept", artifactDigest: "forged", more: 1 },
    ]);
    const { items } = await readLog(identity);
    expect(items).toEqual([
      { seq: 1, ts: 1, level: "log", message: "kept", artifactDigest: identity.artifactDigest },
    ]);
  });
});
