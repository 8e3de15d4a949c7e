// A hosted app against the platform, in a real browser: cookies, frames, scripts, requests and sockets across origins.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { type ApiClient, ownerClient } from "./support/api-client.ts";
import { makeCapsule, makeWorkerApp } from "./support/capsule-maker.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const { url, port } = inject("platform");

/** Answers with whatever helps an attacker: cookies of every kind, a page, and what it was sent. */
const EVIL = `
const COOKIES = [
  "__Host-oursynth.session=evil; Path=/; Secure",
  "__host-OURSYNTH.x=evil; Path=/; Secure",
  "wide=1; Domain=localhost; Path=/",
  "wider=1; Domain=.apps.localhost; Path=/",
  "pathed=1; Path=/api/projects",
  "own=1; Path=/",
];
export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/echo") return Response.json({ cookie: request.headers.get("cookie") });
    const headers = new Headers({ "content-type": "text/html" });
    if (pathname === "/toss") for (const cookie of COOKIES) headers.append("set-cookie", cookie);
    return new Response("<!doctype html><title>evil</title><body>evil</body>", { headers });
  },
};
`;
const EXECUTED = "<!doctype html><script>window.hasRun = true; document.title = 'executed'</script>";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let api: ApiClient;
let project: TestProject;
let neighbour: TestProject;
let evil: string;

beforeAll(async () => {
  api = ownerClient();
  [project, neighbour] = [await makeProject(api), await makeProject(api)];
  await project.ship(await makeWorkerApp(project.key, EVIL));
  await neighbour.ship(await makeWorkerApp(neighbour.key, EVIL));
  evil = `http://${project.label}--dev.apps.localhost:${port}`;
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
});
afterAll(() => browser.close());
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

async function cookieNames(at: string): Promise<string[]> {
  return (await context.cookies(at)).map(({ name }) => name).toSorted();
}

/** The Cookie field that the app at this address was sent. */
async function echo(at: string): Promise<string | null> {
  const answer = await page.goto(`${at}/echo`);
  const { cookie }: { cookie: string | null } = JSON.parse((await answer?.text()) ?? "{}");
  return cookie;
}

describe("a hosted app that tosses cookies", () => {
  test("gives none to the platform and none to another app, by header or by script", async () => {
    await page.goto(`${evil}/toss`);
    for (const cookie of [
      "script=1; Domain=localhost; Path=/",
      "script-apps=1; Domain=.apps.localhost; Path=/",
      "__Host-oursynth.session=script; Domain=localhost; Path=/; Secure",
    ]) {
      await page.evaluate(`document.cookie = ${JSON.stringify(cookie)}`);
    }
    for (const at of [`${url}/`, `${url}/api/projects`, `http://127.0.0.1:${port}/`]) {
      expect(await cookieNames(at), at).toEqual([]);
    }
    const elsewhere = `http://${neighbour.label}--dev.apps.localhost:${port}`;
    // A browser lets a script set a cookie for a domain that no list calls public; so operators list theirs.
    const names = (await echo(elsewhere)) ?? "";
    expect(names).not.toMatch(/wide|pathed|own|session/);
  });

  test("keeps those of its own host, but never one that is named like the platform's", async () => {
    const answer = await page.goto(`${evil}/toss`);
    const set =
      (await answer?.headersArray())?.filter(({ name }) => name.toLowerCase() === "set-cookie") ?? [];
    expect(set.map(({ value }) => value.split("=")[0])).toEqual(["wide", "wider", "pathed", "own"]);
    expect(set.map(({ value }) => value).join()).not.toMatch(/domain/i);
    await context.addCookies([
      { name: "__Host-oursynth.planted", value: "1", url: evil.replace("http:", "https:"), secure: true },
    ]);
    expect((await echo(evil))?.split("; ").toSorted()).toEqual(["own=1", "wide=1", "wider=1"]);
  });

  test("is not sent the platform's cookie, even by a client that would", async () => {
    await context.setExtraHTTPHeaders({ cookie: "__Host-oursynth.session=real; mine=1" });
    expect(await echo(evil)).toBe("mine=1");
  });
});

describe("a hosted app that frames the platform", () => {
  test.each(["/", "/api/docs", "/api/health", "/no-such-page"])("shows nothing of %s", async (path) => {
    await page.goto(evil);
    await page.evaluate(
      (source) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.onload = resolve;
          frame.onerror = resolve;
          frame.src = source;
          document.body.append(frame);
        }),
      url + path,
    );
    const framed = page.frames().filter((frame) => frame !== page.mainFrame());
    expect(framed.map((frame) => frame.url())).toEqual(["chrome-error://chromewebdata/"]);
  });
});

describe("HTML that a tenant has put", () => {
  test("comes from the file API as a download, and never runs", async () => {
    const capsule = await makeCapsule(project.key, {
      "index.html": EXECUTED,
      "run.js": "window.hasRun = true",
    });
    await project.push(capsule, "html");
    const path = project.path("/files/index.html?branch=html");
    const answer = await api.get(path);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
    expect(answer.headers.get("content-security-policy")).toMatch(/sandbox/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");

    await page.goto(`${url}/`);
    await context.setExtraHTTPHeaders({ authorization: `Bearer ${api.token}` });
    const download = page.waitForEvent("download");
    await page.goto(url + path).catch(() => undefined);
    expect((await download).suggestedFilename()).toBe("index.html");
    expect(await page.title()).not.toBe("executed");
    // Nor as a script of the platform's own page.
    await page.goto(`${url}/api/docs`);
    const hasRun = await page.evaluate(
      (source) =>
        new Promise((resolve) => {
          const script = document.createElement("script");
          script.onload = () => resolve("loaded");
          script.onerror = () => resolve("refused");
          script.src = source;
          document.body.append(script);
        }),
      url + project.path("/files/run.js?branch=html"),
    );
    expect(hasRun).toBe("refused");
    expect(await page.evaluate(() => "hasRun" in window)).toBe(false);
  });
});

describe("a script of a hosted app", () => {
  test("reads nothing of the platform, with credentials or without", async () => {
    await page.goto(evil);
    for (const path of ["/api/projects", "/api/health", "/api/openapi.json", "/"]) {
      const read = await page.evaluate(async (target) => {
        const tries = [
          {},
          { credentials: "include" },
          { headers: { authorization: "Bearer x" } },
        ] as RequestInit[];
        return await Promise.all(
          tries.map((init) =>
            fetch(target, init).then(
              () => "read",
              () => "refused",
            ),
          ),
        );
      }, url + path);
      expect(read, path).toEqual(["refused", "refused", "refused"]);
    }
  });

  test("changes nothing: also a form's POST, which asks nobody beforehand, is 403", async () => {
    await page.goto(evil);
    const refused = page.waitForResponse((response) => response.url().startsWith(`${url}/api/projects`));
    await page.evaluate((target) => {
      const form = document.createElement("form");
      form.method = "POST";
      form.enctype = "text/plain";
      form.action = target;
      document.body.append(form);
      form.submit();
    }, `${url}/api/projects`);
    expect((await refused).status()).toBe(403);
  });

  test("opens no socket; a page of the platform does, and is told to sign in", async () => {
    const live = `${url.replace("http", "ws")}/api/projects/${project.projectId}/timeline/live`;
    const open = (target: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(target);
        socket.onopen = () => {
          socket.onclose = (event) => resolve(`closed ${event.code}`);
        };
        socket.onerror = () => resolve("refused");
      });
    await page.goto(evil);
    expect(await page.evaluate(open, live)).toBe("refused");
    await page.goto(`${url}/`);
    expect(await page.evaluate(open, live)).toBe("closed 4401");
  });
});

describe("a page of the platform", () => {
  test.each(["/", "/api/docs", "/no-such-page"])("%s runs no script that is not its own", async (path) => {
    await page.goto(url + path);
    const outcome = await page.evaluate(async (foreign) => {
      const inline = document.createElement("script");
      inline.textContent = "window.hasRunInline = true";
      document.body.append(inline);
      const image = document.createElement("div");
      image.innerHTML = '<img src="x" onerror="window.hasRunHandler = true">';
      document.body.append(image);
      const loaded = await new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = foreign;
        script.onload = () => resolve("loaded");
        script.onerror = () => resolve("refused");
        document.body.append(script);
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { loaded, inline: "hasRunInline" in window, handler: "hasRunHandler" in window };
    }, `${evil}/script.js`);
    expect(outcome).toEqual({ loaded: "refused", inline: false, handler: false });
  });

  test("says to a browser what it must be told", async () => {
    for (const path of ["/", "/api/docs", "/no-such-page", "/api/health"]) {
      const headers = (await page.goto(url + path))?.headers() ?? {};
      expect(headers["x-frame-options"], path).toBe("DENY");
      expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
      expect(headers["x-content-type-options"], path).toBe("nosniff");
      expect(headers["referrer-policy"], path).toBeDefined();
      expect(headers["permissions-policy"], path).toContain("camera=()");
      expect(headers["strict-transport-security"], path).toBeUndefined();
    }
  });
});
