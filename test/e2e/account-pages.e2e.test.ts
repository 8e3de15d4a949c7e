// The pages of members and tokens in a real browser, on a telephone and on a desk, with no script at all.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { whoamiSchema } from "../../schemas/api/access.ts";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { ApiClient } from "./support/api-client.ts";
import { ageSignIn, type House, makeHouse, type Person } from "./support/people.ts";
import { makeProject } from "./support/test-project.ts";

const { url } = inject("platform");
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

let browser: Browser;
let house: House;
let other: House;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
  house = await makeHouse(["owner", "admin", "creator", "viewer", "buyer"]);
  other = await makeHouse(["owner"]);
});
afterAll(() => browser.close());

function at(index: number, of: House = house): Person {
  const person = of.people[index];
  if (person === undefined) throw new Error(`nobody is number ${index}`);
  return person;
}

/** A browser in which this person is signed in, and which runs no script. */
async function signIn(person: Person, viewport = DESK): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, javaScriptEnabled: false });
  const [name = "", value = ""] = (person.browser.cookie ?? "").split(/=(.*)/s);
  await context.addCookies([
    { name, value, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Lax" },
  ]);
  return context;
}

async function visit(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  const response = await page.goto(url + path);
  expect(response?.status(), path).toBe(200);
  expect(new URL(page.url()).pathname).toBe(path);
  return page;
}

function row(page: Page, text: string) {
  return page.locator(".rows > li", { hasText: text });
}

describe("/account/members", () => {
  test("invites, changes a role and removes, by forms alone", async () => {
    const page = await visit(await signIn(at(1)), "/account/members");
    await page.getByLabel("E-mail address").fill("new@example.org");
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    expect(await row(page, "new@example.org").locator(".tag").textContent()).toBe("viewer");
    await row(page, "new@example.org").getByRole("button", { name: "Take back" }).click();
    expect(await row(page, "new@example.org").count()).toBe(0);

    const viewer = at(3);
    await row(page, viewer.email).locator("select").selectOption("creator");
    await row(page, viewer.email).getByRole("button", { name: "Change" }).click();
    expect(await row(page, viewer.email).locator(".tag").textContent()).toBe("creator");
    expect((await viewer.api.get("/api/whoami")).expect(200, whoamiSchema).role).toBe("creator");

    await row(page, viewer.email).locator("summary").click();
    await row(page, viewer.email).getByRole("button", { name: "Remove" }).click();
    expect(await row(page, viewer.email).count()).toBe(0);
    // Who was in no other has one of their own.
    const alone = (await viewer.api.get("/api/whoami")).expect(200, whoamiSchema);
    expect(alone.role).toBe("owner");
    expect(alone.organization.id).not.toBe(house.organizationId);
  });

  test("offers nobody what they may not do", async () => {
    const admin = await visit(await signIn(at(1)), "/account/members");
    expect(await row(admin, at(0).email).locator("form").count()).toBe(0);
    const roles = await row(admin, at(2).email).locator("option").allTextContents();
    expect(roles).toEqual(["admin", "creator", "viewer", "buyer"]);
    const creator = await visit(await signIn(at(2)), "/account/members");
    expect(await creator.locator("#invite").count()).toBe(0);
    expect(await creator.locator("select").count()).toBe(0);
    const buyer = await visit(await signIn(at(4)), "/account/members");
    expect(await buyer.content()).not.toContain(at(0).email);
    // The last owner has neither a way out nor another role.
    const owner = await visit(await signIn(at(0)), "/account/members");
    expect(await row(owner, at(0).email).locator("form").count()).toBe(0);
  });

  test("says above the list why something was refused", async () => {
    const page = await visit(await signIn(at(1)), "/account/members");
    await page.getByLabel("E-mail address").fill(at(0).email);
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    expect(await page.getByRole("alert").textContent()).toContain("member already");
    await page.getByLabel("E-mail address").fill("nonsense");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    expect(await page.locator("#email-error").textContent()).toContain("not an e-mail address");
  });

  test("asks for the password once more when the sign-in is old, and comes back", async () => {
    await ageSignIn(at(1).browserSessionId, 16 * 60_000);
    const page = await visit(await signIn(at(1)), "/account/members");
    await row(page, at(2).email).getByRole("button", { name: "Change" }).click();
    expect(new URL(page.url()).pathname).toBe("/account/confirm");
    expect(await page.locator('input[name="next"]').inputValue()).toBe("/account/members");
    await ageSignIn(at(1).browserSessionId, 0);
  });

  test("an invited person joins on the page that the mail links to, and turns between organizations", async () => {
    const guest = at(0, other);
    const json = { email: guest.email, role: "viewer" };
    const made = await at(0).api.post(`/api/organizations/${house.organizationId}/invitations`, json);
    const { invitationId } = made.json() as { invitationId: string };
    const context = await signIn(guest);
    const home = await visit(context, "/account/members");
    await home.getByRole("link", { name: "Look and decide" }).click();
    expect(new URL(home.url()).pathname).toBe(`/invitation/${invitationId}`);
    await home.getByRole("button", { name: "Join" }).click();
    expect(new URL(home.url()).pathname).toBe("/account/members");
    expect(await row(home, guest.email).locator(".tag").first().textContent()).toBe("viewer");
    await home.getByRole("button", { name: "Act for" }).click();
    expect(await row(home, guest.email).locator(".tag").first().textContent()).toBe("owner");
    const stranger = await (await signIn(at(2))).newPage();
    expect((await stranger.goto(`${url}/invitation/${invitationId}`))?.status()).toBe(404);
  });
});

describe("/account/tokens", () => {
  test("makes a token that is shown once and works, and revokes it", async () => {
    const person = at(2);
    const page = await visit(await signIn(person), "/account/tokens");
    await page.getByRole("textbox", { name: "Name" }).fill("build machine");
    expect(await page.getByLabel("Ends by itself").inputValue()).toBe("90");
    await page.getByRole("button", { name: "Make the token" }).click();
    expect(await page.locator("#scopes-error").textContent()).toContain("Choose");
    expect(await page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("build machine");
    await page.getByLabel("projects:read").check();
    await page.getByRole("button", { name: "Make the token" }).click();
    const secret = await page.locator("#token").inputValue();
    const program = new ApiClient(url, secret);
    expect((await program.get("/api/whoami")).expect(200, whoamiSchema).scopes).toEqual(["projects:read"]);

    await page.goto(`${url}/account/tokens`);
    expect(await page.content()).not.toContain(secret);
    expect(await row(page, "build machine").textContent()).toContain("Last used");
    await row(page, "build machine").locator("summary").click();
    await row(page, "build machine").getByRole("button", { name: "Revoke" }).click();
    expect(await row(page, "build machine").count()).toBe(0);
    expect((await program.get("/api/whoami")).status).toBe(401);
  });

  test("offers what the person may do themselves, and shows an owner everybody's", async () => {
    const creator = at(2);
    const json = { name: "of the creator", scopes: ["projects:read"], expiresInDays: 1 };
    expect((await creator.api.post("/api/tokens", json)).status).toBe(201);
    const theirs = await visit(await signIn(creator), "/account/tokens");
    const offered = await theirs.locator(".boxes code").allTextContents();
    expect(offered).toContain("deploys:write");
    expect(offered).not.toContain("keys:write");
    expect(offered).not.toContain("members:write");
    const owner = await visit(await signIn(at(0)), "/account/tokens");
    expect(await row(owner, "of the creator").locator(".tag").textContent()).toMatch(/^of Person/);
    const admin = await visit(await signIn(at(0, other)), "/account/tokens");
    expect(await row(admin, "of the creator").count()).toBe(0);
  });
});

describe("on a telephone and on a desk", () => {
  for (const viewport of [PHONE, DESK]) {
    test(`nothing overflows at ${viewport.width} px, every field has a label, and there is no script`, async () => {
      await makeProject(at(0).api);
      const context = await signIn(at(0), viewport);
      for (const path of ["/account/members", "/account/tokens"]) {
        const page = await visit(context, path);
        for (const summary of await page.locator("summary").all()) await summary.click();
        const { scrollWidth, clientWidth } = await measure(context, path);
        expect(scrollWidth, path).toBeLessThanOrEqual(clientWidth);
        expect(await page.locator("script").count()).toBe(0);
        for (const field of await page.locator('input:not([type="hidden"]), select').all()) {
          const id = await field.getAttribute("id");
          expect(await page.locator(`label[for="${id}"]`).count(), `${path} ${id}`).toBe(1);
        }
      }
    });
  }
});

/** How wide the page is, told by a browser of the same width that runs our question. */
async function measure(context: BrowserContext, path: string) {
  const asking = await browser.newContext({ viewport: context.pages()[0]?.viewportSize() ?? DESK });
  await asking.addCookies(await context.cookies());
  const page = await asking.newPage();
  await page.goto(url + path);
  for (const summary of await page.locator("summary").all()) await summary.click();
  const width = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  await asking.close();
  return width;
}
