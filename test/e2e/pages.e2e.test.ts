// Pages in a real browser: the home page, the API page offline, and a hosted app.
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { PlatformClient } from "../../cli/http/client.ts";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { ensureProject, makeDemoKey, shipApp } from "../../scripts/platform/ship-app.ts";
import { locateState, ROOT } from "../../scripts/platform/state-folder.ts";

const platform = inject("platform");
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
});
afterAll(() => browser.close());

/** Opens a page and collects what it complains about and what it asks of other hosts. */
async function open(url: string, viewport: { width: number; height: number }) {
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && !hostname.endsWith("localhost")) strangers.push(request.url());
  });
  const response = await page.goto(url, { waitUntil: "networkidle" });
  return { page, complaints, strangers, status: response?.status() };
}

async function overflowsSideways(page: Page): Promise<boolean> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
}

describe.each([
  ["a phone", PHONE],
  ["a desktop", DESKTOP],
])("the page at / on %s", (_name, viewport) => {
  test("shows the health of every part, fits, and complains of nothing", async () => {
    const { page, complaints, strangers, status } = await open(`${platform.url}/`, viewport);
    expect(status).toBe(200);
    const text = await page.locator("main").textContent();
    for (const part of ["D1", "R2", "Objects"]) expect(text).toContain(part);
    expect(await overflowsSideways(page)).toBe(false);
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
    await page.close();
  });
});

describe("the API page", () => {
  test("lists the routes of our own document and asks nothing of anybody else", async () => {
    const { page, complaints, strangers } = await open(`${platform.url}/api/docs`, DESKTOP);
    await page.getByText("Deploys", { exact: true }).first().click();
    await page.getByText("Start a deploy run").locator("visible=true").first().waitFor();
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
    await page.close();
  });
});

describe("a hosted app in a browser", () => {
  test("opens at its own host and works: a list is started by keyboard", async () => {
    const client = new PlatformClient({ url: new URL(platform.url), token: platform.token });
    const key = await makeDemoKey(locateState({ OURSYNTH_STATE: platform.statePath }));
    await ensureProject(client, "pages-app", key.publicKey);
    const folder = join(ROOT, "examples", "fair-share");
    const shipped = await shipApp({
      client,
      folder,
      label: "pages-app",
      environment: "dev",
      key,
      reason: "a test",
    });
    const { page, complaints, strangers, status } = await open(shipped.url, PHONE);
    expect(status).toBe(200);
    await page.getByLabel("What is it for?").fill("Weekend");
    await page.getByLabel("Who takes part?").fill("Ana\nBo");
    await page.getByRole("button", { name: "Create the list" }).press("Enter");
    await page.waitForURL(/\/s\//);
    expect(await page.locator("main").textContent()).toContain("Weekend");
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
    await page.close();
  });
});
