// In Chromium every case comes out as listed: with WebCrypto, and on a page without TLS, which has none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONFORMANCE_FOLDER } from "../../scripts/make-conformance.ts";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { listingSchema } from "./conformance-listing.ts";

const listing = listingSchema.parse(JSON.parse(readFileSync(join(CONFORMANCE_FOLDER, "cases.json"), "utf8")));

describe("[S2, K3] the conformance suite in Chromium", () => {
  let browser: Browser;
  let script: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
    const entry = join(import.meta.dirname, "in-browser.ts");
    const options = { bundle: true, write: false, format: "iife", platform: "browser" } as const;
    script = (await build({ entryPoints: [entry], ...options })).outputFiles[0]?.text ?? "";
  }, 60_000);
  afterAll(() => browser.close());

  it.each([
    ["with WebCrypto", "http://localhost/", true],
    ["without WebCrypto", "http://plain.example/", false],
  ])(
    "every case comes out as listed, and signing works, %s",
    async (_name, url, hasWebCrypto) => {
      const page = await browser.newPage();
      await page.route("**/*", (route) =>
        route.fulfill({ contentType: "text/html", body: "<title>x</title>" }),
      );
      await page.goto(url);
      await page.addScriptTag({ content: script });
      const encoded = listing.cases.map(
        ({ name, file }) => [name, readFileSync(join(CONFORMANCE_FOLDER, file)).toString("base64")] as const,
      );
      const given = JSON.stringify([listing, Object.fromEntries(encoded)]);
      expect(await page.evaluate("crypto.subtle !== undefined")).toBe(hasWebCrypto);
      expect(await page.evaluate(`findWrongCases(...${given})`)).toEqual([]);
      expect(await page.evaluate("canSign()")).toBe(true);
      await page.close();
    },
    60_000,
  );
});
