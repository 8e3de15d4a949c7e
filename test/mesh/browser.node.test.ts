// The same seeds give the same traces in Chromium as in Node and workerd (core/mesh/expected-hashes.test.ts).
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import expected from "../../core/mesh/expected-hashes.json" with { type: "json" };
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";

describe("[M2] the traces of 240 drawn scenarios", () => {
  it("are those that are written down, in a page of headless Chromium", async () => {
    const entry = join(import.meta.dirname, "in-browser.ts");
    const options = { bundle: true, write: false, format: "iife", platform: "browser" } as const;
    const bundle = await build({ entryPoints: [entry], ...options });
    const browser = await chromium.launch({
      executablePath: await ensureBrowser(),
      args: [...BROWSER_FLAGS],
    });
    try {
      const page = await browser.newPage();
      await page.route("**/*", (route) =>
        route.fulfill({ contentType: "text/html", body: "<title>x</title>" }),
      );
      await page.goto("http://localhost/");
      await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
      expect(await page.evaluate("hashScenarios()")).toEqual(expected.hashes);
    } finally {
      await browser.close();
    }
  }, 120_000);
});
