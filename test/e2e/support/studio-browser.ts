// The Studio in a real Chromium, as a person who is signed in: for the frame's tests and every view's journeys.
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject } from "vitest";
import { BROWSER_FLAGS, ensureBrowser } from "../../../scripts/platform/browser.ts";
import type { Person } from "./people.ts";

export const PHONE = { width: 390, height: 844 } as const;
export const TABLET = { width: 768, height: 1024 } as const;
export const DESKTOP = { width: 1440, height: 900 } as const;

export type StudioOptions = {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly theme?: "dark" | "light";
  /** What the browser may complain of in this test, and nothing else: requests that fail while the network is cut. */
  readonly expectedComplaint?: RegExp;
};

/** Start one for a test file, and close it after all. */
export class StudioBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<StudioBrowser> {
    const executablePath = await ensureBrowser();
    return new StudioBrowser(await chromium.launch({ executablePath, args: [...BROWSER_FLAGS] }));
  }

  /** A browser of its own for this person (test/e2e/support/people.ts); nobody when null. Close the page's context. */
  async open(person: Pick<Person, "browser"> | null, options: StudioOptions = {}): Promise<StudioPage> {
    const { viewport = DESKTOP, theme = "dark", expectedComplaint } = options;
    // Motion that is still under way would be what axe sees.
    const context = await this.#browser.newContext({ viewport, colorScheme: theme, reducedMotion: "reduce" });
    if (person !== null) await context.addCookies([readCookie(person.browser.cookie ?? "")]);
    return new StudioPage(context, await context.newPage(), expectedComplaint);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

export class StudioPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors on the console, in scripts, and against the content security policy. */
  readonly complaints: string[] = [];

  constructor(context: BrowserContext, page: Page, expectedComplaint?: RegExp) {
    this.context = context;
    this.page = page;
    const keep = (text: string): void => {
      if (expectedComplaint?.test(text) !== true) this.complaints.push(text);
    };
    page.on("console", (message) => {
      if (message.type() === "error") keep(message.text());
    });
    page.on("pageerror", (error) => keep(error.message));
  }

  /** Goes to a path of the platform and waits for the view's heading. */
  async goTo(path: string, heading: string | RegExp): Promise<void> {
    await this.page.goto(inject("platform").url + path);
    await this.reach(heading);
  }

  /** Waits until a view with this heading is shown. */
  async reach(heading: string | RegExp): Promise<void> {
    await this.page.getByRole("heading", { level: 1, name: heading }).waitFor();
  }

  /** Waits until the rail or the bar says so: `Live`, `Offline`. */
  async connection(word: string | RegExp): Promise<void> {
    await this.page.locator(".connection:visible", { hasText: word }).first().waitFor();
  }

  /** No violation that axe finds, and nothing wider than the window. */
  async expectSound(): Promise<void> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() =>
      (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }),
    );
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" … ")}`);
    expect(told, this.page.url()).toEqual([]);
    expect(await this.overflow(), `${this.page.url()} is wider than the window`).toBe(0);
  }

  /** By how many pixels the page is wider than the window. */
  async overflow(): Promise<number> {
    return await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }

  /** What has the focus, as a screen reader would name it: for walks by keyboard. */
  async focused(): Promise<string> {
    return await this.page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
    });
  }

  /** Fails when the browser has complained of anything; closes this browser. */
  async end(): Promise<void> {
    await this.context.close();
    expect(this.complaints).toEqual([]);
  }
}

/** A session's cookie as a browser keeps it: secure, which it sends to localhost all the same. */
function readCookie(field: string) {
  const [name = "", ...value] = field.split("=");
  const { host } = new URL(inject("platform").url);
  return { name, value: value.join("="), url: `https://${host}/`, secure: true, httpOnly: true };
}
