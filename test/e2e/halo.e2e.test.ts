// The gallery of Halo in a real browser: every component, in every look and width, by keyboard, under the policy that the
// platform sends.
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";

const { url } = inject("platform");
const WIDTHS = [390, 768, 1440];
const LOOKS = [
  { name: "dark", colorScheme: "dark", contrast: "no-preference" },
  { name: "light", colorScheme: "light", contrast: "no-preference" },
  { name: "dark, more contrast", colorScheme: "dark", contrast: "more" },
  { name: "light, more contrast", colorScheme: "light", contrast: "more" },
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
});
afterAll(() => browser.close());

/** The gallery, alive, and what the browser complained of. Without motion, which axe would see half-way. */
async function openGallery(options: BrowserContextOptions = {}) {
  const page = await browser.newPage({ reducedMotion: "reduce", ...options });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/halo`);
  await page.locator("astro-island:not([ssr])").waitFor();
  // The highlighter is fetched by the page itself.
  await page.locator("#codeblock .code-keyword").first().waitFor();
  return { page, complaints };
}

async function violationsOf(page: Page, enhanced = false): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async (isEnhanced) => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe };
    const rules = { "color-contrast-enhanced": { enabled: isEnhanced } };
    const { violations } = await loaded.run(document, { rules });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
  }, enhanced);
}

/** What is wider than the window, with the element that makes it so. */
async function overflowOf(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName} ${element.getAttribute("class")}`);
  });
}

async function focusedIn(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate((name) => document.activeElement?.closest(name) !== null, selector);
}

/** Whether the focus has left a dialog for the page behind it; outside of both is the browser's own bar. */
async function focusIsBehind(page: Page): Promise<boolean> {
  return await page.evaluate(() => {
    const focused = document.activeElement;
    return focused !== null && focused !== document.body && focused.closest("dialog[open]") === null;
  });
}

describe.each(LOOKS)("the gallery in $name", ({ colorScheme, contrast }) => {
  test.each(WIDTHS)(
    "at %i px fits, has no violation of axe, and runs under the page's policy",
    async (width) => {
      const { page, complaints } = await openGallery({
        colorScheme,
        contrast,
        viewport: { width, height: 900 },
      });
      expect(await overflowOf(page)).toEqual([]);
      // The tables beside the charts are part of it.
      for (const details of await page.locator("details > summary").all()) await details.click();
      expect(await violationsOf(page, contrast === "more")).toEqual([]);
      expect(await overflowOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});

describe.each(LOOKS.slice(0, 2))("what lies over the page in $name", ({ colorScheme }) => {
  test.each([
    ["Open the dialog", "dialog.halo-dialog"],
    ["Open the drawer", "dialog.halo-drawer"],
    ["Open the palette", "dialog.halo-palette"],
    ["Something was done", ".halo-toast"],
    ["Something failed", ".halo-toast"],
  ])("after %s fits a phone, and axe finds no violation", async (button, opened) => {
    const { page, complaints } = await openGallery({ colorScheme, viewport: { width: 390, height: 844 } });
    await page.getByRole("button", { name: button }).click();
    await page.locator(`${opened}:visible`).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(await overflowOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("by keyboard", () => {
  test("tabs are one stop; arrows go round and select, Home and End go to the ends", async () => {
    const { page } = await openGallery();
    const tab = (name: RegExp) => page.getByRole("tab", { name });
    await tab(/History/).focus();
    for (const [key, name] of [
      ["ArrowRight", /Files/],
      ["End", /Settings/],
      ["ArrowRight", /History/],
      ["ArrowLeft", /Settings/],
      ["Home", /History/],
    ] as const) {
      await page.keyboard.press(key);
      expect(await tab(name).getAttribute("aria-selected"), key).toBe("true");
      expect(await tab(name).evaluate((element) => element === document.activeElement), key).toBe(true);
      expect(await page.getByRole("tabpanel").textContent()).toMatch(name);
    }
    await page.keyboard.press("Tab");
    expect(await page.getByRole("tabpanel").evaluate((element) => element === document.activeElement)).toBe(
      true,
    );
    await page.context().close();
  });

  test.each([
    ["Open the dialog", "dialog.halo-dialog"],
    ["Open the drawer", "dialog.halo-drawer"],
    ["Open the palette", "dialog.halo-palette"],
  ])("%s: the focus goes in, stays in, and comes back with Escape", async (name, opened) => {
    const { page } = await openGallery();
    const opener = page.getByRole("button", { name });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.locator(opened).and(page.locator("[open]")).waitFor();
    expect(await focusedIn(page, opened)).toBe(true);
    for (const key of [...Array<string>(8).fill("Tab"), ...Array<string>(8).fill("Shift+Tab")]) {
      await page.keyboard.press(key);
      expect(await focusIsBehind(page)).toBe(false);
    }
    await page.keyboard.press("Escape");
    await page.locator(`${opened}[open]`).waitFor({ state: "detached" });
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.context().close();
  });

  test("the palette opens with its keys, filters, is led by arrows, runs with Enter, and gives the focus back", async () => {
    const { page } = await openGallery();
    const before = page.getByRole("button", { name: "Branch from here" });
    await before.focus();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Command" });
    await field.waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type("restre");
    const options = page.locator("dialog.halo-palette").getByRole("option");
    expect(await options.allTextContents()).toEqual(["Restore this moment"]);
    await field.fill("open");
    const active = async () => {
      const id = await field.getAttribute("aria-activedescendant");
      return await page.evaluate((optionId) => document.getElementById(optionId ?? "")?.textContent, id);
    };
    const first = await active();
    expect(first).toMatch(/^Open the/);
    await page.keyboard.press("ArrowDown");
    const chosen = await active();
    expect(chosen).toMatch(/^Open the/);
    expect(chosen).not.toBe(first);
    expect(await options.and(page.locator('[aria-selected="true"]')).textContent()).toBe(chosen);
    await page.keyboard.press("Enter");
    const said = await page.locator(".halo-toast__message").textContent();
    expect(chosen).toContain(said?.replace("Chosen: ", ""));
    expect(await before.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.context().close();
  });

  test("a notice's action undoes, and a new notice says so", async () => {
    const { page } = await openGallery();
    await page.getByRole("button", { name: "Something was done" }).press("Enter");
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await page.getByText("Undone: the branch is as it was.").waitFor();
    expect(await page.locator(".halo-toast").count()).toBe(1);
    await page.context().close();
  });

  test("a graph is one stop; arrows go to the nearest node that way, Enter opens it", async () => {
    const { page } = await openGallery({ viewport: { width: 1440, height: 900 } });
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-node"));
    await page.locator('.halo-graph [tabindex="0"]').focus();
    expect(await focused()).toBe("gate");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("deploy");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByText("Open: prod, revision 7").waitFor();
    await page.context().close();
  });

  test("a tooltip shows on focus, and Escape hides it", async () => {
    const { page } = await openGallery();
    const bubble = page.getByRole("tooltip", { name: /Nothing is built again/ });
    expect(await bubble.count()).toBe(0);
    await page.getByRole("button", { name: "Roll back" }).focus();
    // There and back by keyboard: only then does the browser show the focus.
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    await bubble.waitFor();
    await page.keyboard.press("Escape");
    await bubble.waitFor({ state: "detached" });
    await page.context().close();
  });
});

describe("the reader's own look", () => {
  test("goes over the system's, and is still there after a reload", async () => {
    const { page } = await openGallery({ colorScheme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByRole("radio", { name: "Light" }).check({ force: true });
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.locator('html[data-theme="light"]').waitFor();
    expect(await ground()).toBe(light);
    await page.getByRole("radio", { name: "More" }).check({ force: true });
    expect(await ground()).toBe("rgb(255, 255, 255)");
    await page.context().close();
  });

  test("less motion means none: every duration of the tokens is nothing", async () => {
    const durations = async (reducedMotion: "reduce" | "no-preference") => {
      const { page } = await openGallery({ reducedMotion });
      const found = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        return ["fast", "calm", "slow", "turn", "breath"].map((name) =>
          Number.parseFloat(style.getPropertyValue(`--motion-${name}`)),
        );
      });
      await page.context().close();
      return found;
    };
    expect(await durations("reduce")).toEqual([0, 0, 0, 0, 0]);
    expect(Math.min(...(await durations("no-preference")))).toBeGreaterThan(0);
  });
});
