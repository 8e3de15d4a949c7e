// The pages of sign-in in a real browser, at the width of a phone and of a desktop, and passkeys on a platform that has
// them turned on.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { startTemporaryPlatform, type TemporaryPlatform } from "../../scripts/platform/temporary-platform.ts";
import { PASSWORD, Person } from "./support/person.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
});
afterAll(() => browser.close());

/** A page of a browser of its own, and what it complains about; a refused form is no complaint. */
async function openBrowser(width: number, person: Person) {
  const context = await browser.newContext({
    viewport: { width, height: 844 },
    extraHTTPHeaders: { "cf-connecting-ip": person.address },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { context, page, complaints };
}

async function overflowsSideways(page: Page): Promise<boolean> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
}

/** Names of fields without a label, and of those that do not say what a password manager should fill in. */
async function findUnlabelled(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLInputElement>("input:not([type=hidden]):not(.only-read)")]
      .filter((input) => input.labels?.length !== 1 || input.autocomplete === "")
      .map((input) => input.name),
  );
}

describe.each([
  ["a phone", 390],
  ["a desktop", 1440],
])("on %s a person", (_name, width) => {
  test("signs up, confirms the address, signs in, approves nothing by mistake, and signs out, by keyboard", async () => {
    const { url } = inject("platform");
    const person = new Person({ name: "Ada Lovelace" });
    const { context, page, complaints } = await openBrowser(width, person);
    const seen: string[] = [];
    const look = async (): Promise<void> => {
      seen.push(await page.title());
      expect(await overflowsSideways(page), page.url()).toBe(false);
      expect(await findUnlabelled(page), page.url()).toEqual([]);
    };

    const focused = (id: string) =>
      expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(id);

    await page.goto(`${url}/account`);
    await look();
    await page.getByRole("link", { name: "Make an account" }).click();
    await page.getByRole("heading", { name: "Make an account" }).waitFor();
    await look();
    await focused("name");
    await page.keyboard.type(person.name);
    await page.keyboard.press("Tab");
    await page.keyboard.type(person.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type("short");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".error");
    // What is wrong is where one goes on typing.
    await focused("password");
    await look();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    await look();
    await page.goto((await person.readLink("Confirm your e-mail address")).href);
    await look();
    await page.getByRole("button", { name: "Confirm my address" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await look();
    await focused("email");
    await page.keyboard.type(person.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await look();
    expect(await page.locator("main").textContent()).toContain("Ada Lovelace's organization");
    const cookies = await context.cookies();
    expect(cookies.map(({ name, secure, httpOnly, sameSite }) => [name, secure, httpOnly, sameSite])).toEqual(
      [["__Host-oursynth-session", true, true, "Lax"]],
    );
    for (const path of ["/device", "/device?user_code=AAAA-AAAA", "/reset", "/account/confirm", "/outbox"]) {
      await page.goto(url + path);
      await look();
    }
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByText("You are signed out.").waitFor();
    await look();
    expect(await context.cookies()).toEqual([]);
    expect(complaints).toEqual([]);
    expect(new Set(seen).size).toBeGreaterThan(7);
    await context.close();
  });
});

describe("a passkey", () => {
  let platform: TemporaryPlatform;
  beforeAll(async () => {
    platform = await startTemporaryPlatform({ environment: { ...process.env, OURSYNTH_PASSKEYS: "1" } });
  });
  afterAll(() => platform.stop());

  test("is added by a person who is signed in, and signs them in without a password", async () => {
    const person = await new Person({ url: platform.url, name: "Grace Hopper" }).join();
    const { context, page, complaints } = await openBrowser(390, person);
    await addAuthenticator(context, page);
    await page.goto(`${platform.url}/sign-in?next=/account/passkeys`);
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("None yet.").waitFor();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "Remove" }).waitFor();
    expect(await overflowsSideways(page)).toBe(false);

    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    expect(await page.locator("main").textContent()).toContain("Grace Hopper");

    await page.goto(`${platform.url}/account/passkeys`);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("None yet.").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("That passkey was not taken").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("is offered nowhere else: the script runs on no other platform, and no other script here", async () => {
    const off = await new Person().get("/sign-in");
    expect(off.text).not.toContain("<script");
    expect((await new Person().post("/sign-in/passkey/options")).status).toBe(404);
    const on = await new Person({ url: platform.url }).get("/sign-in");
    const policy = on.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`script-src ${platform.url}/_identity/passkey.js;`);
    expect(on.text.match(/<script/g)).toHaveLength(1);
  });
});

/** An authenticator in the browser that says yes by itself (WebAuthn automation, Chrome DevTools protocol). */
async function addAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
}
