// The same parts give the same bytes in Node and in Chromium, under any time zone, locale and order. workerd:
// test/workerd/capsule/same-bytes.workerd.test.ts; folders on a disk: cli/commands/capsule.node.test.ts.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSER_FLAGS, ensureBrowser } from "../../../scripts/platform/browser.ts";
import given from "./given.json" with { type: "json" };
import { type MadeBytes, makeBytes } from "./make-bytes.ts";

const TIME_ZONES = ["UTC", "Australia/Lord_Howe", "America/St_Johns"];
const LOCALES = ["en-US", "tr-TR"];
const SETTINGS = TIME_ZONES.flatMap((timeZone) => LOCALES.map((locale) => [timeZone, locale] as const));
const run = promisify(execFile);

describe("the bytes of a capsule in Node", () => {
  it("[C10] are those that are written down, in either order", async () => {
    for (const isReversed of [false, true]) expect(await makeBytes(isReversed)).toMatchObject(given.expected);
  });

  it.each(SETTINGS)("[C10] are the same in %s with %s", async (timeZone, locale) => {
    const lang = `${locale.replace("-", "_")}.UTF-8`;
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, "print-bytes.ts")], {
      env: { ...process.env, TZ: timeZone, LANG: lang, LC_ALL: lang },
    });
    const made: MadeBytes[] = JSON.parse(stdout);
    expect(made).toHaveLength(2);
    for (const one of made) expect(one).toMatchObject({ ...given.expected, timeZone, locale });
  });
});

describe("the bytes of a capsule in Chromium", () => {
  let browser: Browser;
  let script: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
    const bundle = await build({
      entryPoints: [join(import.meta.dirname, "in-browser.ts")],
      bundle: true,
      write: false,
      format: "iife",
      platform: "browser",
    });
    script = bundle.outputFiles[0]?.text ?? "";
  }, 60_000);
  afterAll(() => browser.close());

  // Without TLS a page has no WebCrypto, and hashing goes the other way.
  it.each([
    ["a page that may use WebCrypto", "http://localhost/", true],
    ["a page that may not", "http://plain.example/", false],
  ])(
    "[C10] are the same in %s, in every time zone and locale",
    async (_name, url, isSecure) => {
      for (const [timeZone, locale] of SETTINGS) {
        const context = await browser.newContext({ timezoneId: timeZone, locale });
        await context.route("**/*", (route) =>
          route.fulfill({ contentType: "text/html", body: "<title>x</title>" }),
        );
        const page = await context.newPage();
        await page.goto(url);
        await page.addScriptTag({ content: script });
        const made = await page.evaluate<{ isSecure: boolean; bytes: MadeBytes[] }>(
          "Promise.all([makeBytes(false), makeBytes(true)]).then((bytes) => ({ isSecure: crypto.subtle !== undefined, bytes }))",
        );
        expect(made.isSecure).toBe(isSecure);
        for (const one of made.bytes) expect(one).toMatchObject({ ...given.expected, timeZone, locale });
        await context.close();
      }
    },
    60_000,
  );
});
