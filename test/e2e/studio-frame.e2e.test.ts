// The frame of the Studio in a real browser: the way in, the shell, its keys, and the connection through everything that
// happens to connections.
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { projectSchema } from "../../schemas/api/projects.ts";
import { makeGreeter } from "./support/capsule-maker.ts";
import { type House, type Person as Member, makeHouse } from "./support/people.ts";
import { PASSWORD, Person } from "./support/person.ts";
import {
  DESKTOP,
  PHONE,
  StudioBrowser,
  type StudioOptions,
  type StudioPage,
  TABLET,
} from "./support/studio-browser.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

let browser: StudioBrowser;
let house: House;
let owner: Member;
let project: TestProject;
let studio: StudioPage;

beforeAll(async () => {
  browser = await StudioBrowser.start();
  house = await makeHouse(["owner", "viewer", "creator"]);
  owner = at(0);
  project = await makeProject(owner.api);
  await project.ship(await makeGreeter(project.key, "hello"));
});
afterAll(() => browser.close());
afterEach(() => studio.end());

function at(index: number): Member {
  const person = house.people[index];
  if (person === undefined) throw new Error(`nobody is number ${index}`);
  return person;
}

const home = (): string => `/studio/p/${project.label}`;

async function openHome(options?: StudioOptions): Promise<void> {
  studio = await browser.open(owner, options);
  await studio.goTo(home(), project.label);
  await studio.connection("Live");
}

describe("the way in", () => {
  test("leads over the sign-in back to the very address", async () => {
    const person = await new Person({ name: "Ada Lovelace" }).join();
    const label = `way-${randomBytes(5).toString("hex")}`;
    const made = await person.send("POST", "/api/projects", {
      json: { label },
      headers: { origin: person.url },
    });
    made.expect(201, projectSchema);
    studio = await browser.open(null);
    await studio.context.setExtraHTTPHeaders({ "cf-connecting-ip": person.address });
    const { page } = studio;
    await page.goto(`${inject("platform").url}/studio/p/${label}?x=1`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await studio.reach(label);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/studio/p/${label}?x=1`);
    expect(await page.title()).toBe(`${label} – OurSynth Studio`);
    await page.getByText("Ada Lovelace").first().waitFor();
  });

  test("who comes from nowhere lands here, and is shown how to begin", async () => {
    const person = await new Person().join();
    studio = await browser.open(null);
    await studio.context.setExtraHTTPHeaders({ "cf-connecting-ip": person.address });
    const { page } = studio;
    await page.goto(`${inject("platform").url}/sign-in`);
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await studio.reach("Projects");
    await page.getByRole("heading", { name: "No project yet" }).waitFor();
    await page.locator("code", { hasText: "npx oursynth projects create my-app" }).waitFor();
    await studio.expectSound();
  });

  test("a session that ended meanwhile leads to the sign-in, not to an empty page", async () => {
    const [person] = (await makeHouse(["owner"])).people;
    if (person === undefined) throw new Error("nobody");
    studio = await browser.open(person, { expectedComplaint: /status of 401/ });
    await studio.goTo("/studio", "Projects");
    await studio.page.getByRole("heading", { name: "No project yet" }).waitFor();
    const ended = await person.api.send("DELETE", "/api/sessions");
    expect(ended.status).toBe(200);
    await studio.page.getByRole("link", { name: "Status" }).click();
    await studio.page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(new URL(studio.page.url()).searchParams.get("next")).toBe("/studio/status");
  });
});

describe("the way out", () => {
  test("is a button in the rail; the Studio is closed behind it", async () => {
    const [person] = (await makeHouse(["owner"])).people;
    if (person === undefined) throw new Error("nobody");
    studio = await browser.open(person);
    await studio.goTo("/studio", "Projects");
    const { page } = studio;
    await page.locator("summary").press("Enter");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await page.goto(`${inject("platform").url}/studio/status`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });
});

describe("projects", () => {
  test("are made with a label that is checked by the platform, and said where it is wrong", async () => {
    studio = await browser.open(owner, { expectedComplaint: /status of 4(?:00|09)/ });
    await studio.goTo("/studio", "Projects");
    const { page } = studio;
    await page.getByRole("button", { name: "New project" }).press("Enter");
    await page.getByLabel("Label").fill("Not A Label");
    await page.keyboard.press("Enter");
    await page.getByText("3 to 40 of a-z, 0-9 and single hyphens").waitFor();
    await page.getByLabel("Label").fill(project.label);
    await page.keyboard.press("Enter");
    await page.getByText("is taken").waitFor();
    await studio.expectSound();
    const label = `made-${randomBytes(5).toString("hex")}`;
    await page.getByLabel("Label").fill(label);
    await page.getByLabel(/Name/).fill("Made by hand");
    await page.keyboard.press("Enter");
    await studio.reach("Made by hand");
    await page.getByRole("heading", { name: "Push the first capsule" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/studio/p/${label}`);
    await studio.expectSound();
  });

  test("show what is live where and what happened last", async () => {
    studio = await browser.open(owner);
    await studio.goTo("/studio", "Projects");
    const card = studio.page.getByRole("article", { name: project.label });
    await card.getByText("dev: revision 1").waitFor();
    await card.getByText("Deploy completed").waitFor();
  });

  test("somebody without the right is told whom it takes, also by keyboard", async () => {
    studio = await browser.open(at(1));
    await studio.goTo("/studio", "Projects");
    const button = studio.page.getByRole("button", { name: "New project" });
    await button.focus();
    await studio.page
      .getByText("Your role here is viewer; this takes one of: owner, admin, creator.")
      .waitFor();
    await button.press("Enter");
    expect(await studio.page.getByRole("dialog").count()).toBe(0);
  });
});

describe("a project's home", () => {
  test("tells what is live, what ran and what is next, and changes by itself when something happens", async () => {
    await openHome();
    const { page } = studio;
    const dev = page.getByRole("article", { name: "dev" });
    await dev.getByText("1.0.0").waitFor();
    await page.getByRole("heading", { name: /^Promote .* to staging$/ }).waitFor();
    await studio.expectSound();
    await project.ship(await makeGreeter(project.key, "hello again", "1.1.0"));
    await dev.getByText("1.1.0").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Deploy to dev" }).nth(1).waitFor();
  });

  test("is renamed, and the name comes back by one click", async () => {
    await openHome();
    const { page } = studio;
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Another name");
    await page.keyboard.press("Enter");
    await studio.reach("Another name");
    await page.getByRole("button", { name: "Undo" }).click();
    await studio.reach(project.label);
  });

  test("that is not there, or an address that is none, says so and leads on", async () => {
    studio = await browser.open(owner, { expectedComplaint: /status of 404/ });
    await studio.goTo("/studio/p/no-such-project", "no-such-project cannot be opened");
    await studio.page.getByRole("link", { name: "All projects" }).first().waitFor();
    await studio.goTo(`${home()}/no-such-view`, "Nothing is here");
    await studio.goTo("/studio/no-such-place", "Nothing is here");
  });
});

describe("the keyboard", () => {
  test("reaches everything by the palette, and the focus goes to the view's heading", async () => {
    await openHome();
    const { page } = studio;
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).waitFor();
    await studio.expectSound();
    await page.keyboard.type("status");
    await page.keyboard.press("Enter");
    await studio.reach("Status");
    await expect.poll(() => studio.focused()).toBe("Status");
    await page.keyboard.press("Control+k");
    await page.keyboard.type(project.label);
    await page.keyboard.press("Enter");
    await studio.reach(project.label);
    await expect.poll(() => studio.focused()).toBe(project.label);
  });

  test("`g` and a letter go to a view, `?` tells which, Escape closes, and a field keeps its letters", async () => {
    await openHome();
    const { page } = studio;
    await page.keyboard.type("gp");
    await studio.reach("Projects");
    await page.keyboard.type("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await studio.expectSound();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "New project" }).click();
    await page.getByLabel("Label").fill("");
    await page.keyboard.type("gs?");
    expect(await page.getByLabel("Label").inputValue()).toBe("gs?");
  });

  test("the first Tab is the way past the rail, and the view that is open is marked", async () => {
    studio = await browser.open(owner);
    await studio.goTo("/studio/status", "Status");
    const { page } = studio;
    await page.keyboard.press("Tab");
    expect(await studio.focused()).toBe("Skip to the view");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await studio.focused()).toContain("Look again");
    const current = page.getByRole("navigation", { name: "Platform" }).locator('[aria-current="page"]');
    expect(await current.textContent()).toContain("Status");
  });
});

describe("the connection", () => {
  const CUT = /ERR_INTERNET_DISCONNECTED|WebSocket connection/;

  test("says that it is cut, offers nothing that would be stale, and brings what happened meanwhile", async () => {
    await openHome({ expectedComplaint: CUT });
    const { page } = studio;
    await studio.context.setOffline(true);
    await studio.connection(/Offline – trying again/);
    const rename = page.getByRole("button", { name: "Rename" });
    expect(await rename.getAttribute("aria-disabled")).toBe("true");
    await project.rename("Named while away");
    await studio.context.setOffline(false);
    await studio.connection("Live");
    await studio.reach("Named while away");
    const events = page.getByRole("listitem").filter({ hasText: "Named while away" });
    await expect.poll(() => events.count()).toBe(1);
    expect(await rename.getAttribute("aria-disabled")).toBeNull();
    await project.rename(project.label);
    await studio.reach(project.label);
  });

  test("that was away when the page was opened is found by itself", async () => {
    studio = await browser.open(owner, { expectedComplaint: /ERR_FAILED/ });
    const { page } = studio;
    await page.route("**/api/**", (route) => route.abort());
    await page.goto(inject("platform").url + home());
    await studio.reach("The Studio cannot open");
    await page.getByText("The platform does not answer.").waitFor();
    await studio.expectSound();
    await page.unroute("**/api/**");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await studio.reach(project.label);
    await studio.connection("Live");
  });

  test("tells who may look no longer, at once, and keeps what they see", async () => {
    studio = await browser.open(at(2));
    await studio.goTo(home(), project.label);
    await studio.connection("Live");
    const path = `/api/organizations/${house.organizationId}/members/${at(2).userId}`;
    expect((await owner.api.send("PATCH", path, { json: { role: "buyer" } })).status).toBe(200);
    await studio.connection("No longer allowed");
    await studio.page.getByRole("alert").filter({ hasText: "You may no longer see this project" }).waitFor();
    await studio.reach(project.label);
    expect(await studio.page.getByRole("button", { name: "Rename" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
    await studio.expectSound();
  });

  test("tells who was signed out elsewhere, with the way back", async () => {
    const person = at(1);
    studio = await browser.open(person);
    await studio.goTo(home(), project.label);
    await studio.connection("Live");
    expect((await person.api.send("DELETE", "/api/sessions")).status).toBe(200);
    await studio.connection("Signed out");
    await studio.page.getByRole("link", { name: "Sign in again" }).click();
    await studio.page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(new URL(studio.page.url()).searchParams.get("next")).toBe(home());
  });
});

describe.each([
  ["a phone", PHONE],
  ["a tablet", TABLET],
  ["a desktop", DESKTOP],
])("on %s", (_name, viewport) => {
  test.each(["dark", "light"] as const)("every view fits and axe finds nothing, %s", async (theme) => {
    await openHome({ viewport, theme });
    await studio.expectSound();
    await studio.goTo("/studio", "Projects");
    await studio.page
      .getByRole("article", { name: project.label })
      .getByText(/dev: revision/)
      .waitFor();
    await studio.expectSound();
    await studio.goTo("/studio/status", "Status");
    await studio.page.getByText("All parts answer").waitFor();
    await studio.expectSound();
  });
});

test("on a phone the menu leads on, and closes", async () => {
  await openHome({ viewport: PHONE });
  const { page } = studio;
  await page.getByRole("button", { name: "Menu" }).click();
  const menu = page.getByRole("dialog", { name: "Studio" });
  await menu.waitFor();
  await studio.expectSound();
  await menu.getByRole("link", { name: "Projects" }).click();
  await studio.reach("Projects");
  await menu.waitFor({ state: "hidden" });
});

test("the look that is chosen stays, and is there before the first paint", async () => {
  studio = await browser.open(owner, { theme: "light", expectedComplaint: /ERR_FAILED/ });
  await studio.goTo("/studio", "Projects");
  const { page } = studio;
  await page.locator("summary").click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByLabel("High contrast").check();
  await studio.expectSound();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await ground()).toBe("rgb(0, 0, 0)");
  // Before any module has run there is the plain script's word.
  await page.route("**/*.js", (route) =>
    route.request().url().includes("look.js") ? route.continue() : route.abort(),
  );
  await page.reload({ waitUntil: "domcontentloaded" });
  expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject({
    theme: "dark",
    contrast: "more",
  });
});

test("without scripts there is a sentence instead of nothing", async () => {
  studio = await browser.open(owner);
  const answer = await studio.context.request.get(`${inject("platform").url}/studio/anything/at/all`);
  expect(answer.status()).toBe(200);
  expect(await answer.text()).toMatch(/<noscript>[\s\S]*The Studio needs scripts/);
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("frame-ancestors 'none'");
});
