// The settings as people use them: members and roles, tokens shown once, keys, secrets that are never shown, policy.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { projectKeysSchema, whoamiSchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { policySchema } from "../../schemas/api/gate.ts";
import { memberSchema } from "../../schemas/api/organizations.ts";
import { secretSchema } from "../../schemas/api/secrets.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeWorkerApp } from "./support/capsule-maker.ts";
import { ageSignIn, type House, makeHouse, type Person } from "./support/people.ts";
import {
  DESKTOP,
  PHONE,
  StudioBrowser,
  type StudioOptions,
  type StudioPage,
} from "./support/studio-browser.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

/** The platform's refusals are answers that the page tells; a browser also writes them on its console. */
const REFUSALS = /the server responded with a status of 4\d\d/;
const SECTIONS = [
  "Members",
  "Tokens",
  "Keys",
  "Secrets",
  "Policy",
  "Environments",
  "Sharing",
  "Sessions",
] as const;

let browser: StudioBrowser;
let house: House;
let owner: Person;
let viewer: Person;
let project: TestProject;
let opened: StudioPage | null = null;

beforeAll(async () => {
  browser = await StudioBrowser.start();
  house = await makeHouse(["owner", "viewer", "creator"]);
  [owner, viewer] = house.people as [Person, Person, Person];
  project = await makeProject(owner.api);
  const app = { secrets: ["API_KEY"] };
  const source = "export default { fetch: () => new Response('x') };";
  await project.push(await makeWorkerApp(project.key, source, "1.0.0", app), "main");
});
afterAll(() => browser.close());
afterEach(async () => {
  await opened?.end();
  opened = null;
});

async function openSection(
  person: Person,
  name: (typeof SECTIONS)[number],
  options: StudioOptions & { readonly query?: string } = {},
): Promise<StudioPage> {
  const { query = "", ...rest } = options;
  opened = await browser.open(person, { expectedComplaint: REFUSALS, ...rest });
  await opened.goTo(`/studio/p/${project.label}/settings/${name.toLowerCase()}${query}`, name);
  await opened.connection("Live");
  return opened;
}

async function roleOf(person: Person): Promise<string | undefined> {
  const answer = await owner.api.get(`/api/organizations/${house.organizationId}/members`);
  const { items } = answer.expect(200, pageSchema(memberSchema));
  return items.find(({ userId }) => userId === person.userId)?.role;
}

async function readKeys(): Promise<z.infer<typeof projectKeysSchema>> {
  return (await project.api.get(project.path("/keys"))).expect(200, projectKeysSchema);
}

describe("members", () => {
  test("somebody is invited, and the invitation is taken back", async () => {
    const { page } = await openSection(owner, "Members");
    const email = "grace@example.org";
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByText(`A mail with a link is on its way to ${email}.`).waitFor();
    const open = page.getByRole("list", { name: "Open invitations" });
    await open.getByText(email).waitFor();
    await page.getByRole("button", { name: `Take back the invitation of ${email}` }).click();
    await page.getByText("No invitation is open.").waitFor();
  });

  test("a role is changed; the last owner can neither leave nor take another", async () => {
    const { page } = await openSection(owner, "Members");
    const members = page.getByRole("list", { name: "Members" });
    const name = `Person ${viewer.userId.slice(-4)}`;
    await members.getByLabel(`Role of ${name}`).selectOption("creator");
    await page.getByText(`${name} is creator now.`).waitFor();
    expect(await roleOf(viewer)).toBe("creator");
    await members.getByLabel(`Role of ${name}`).selectOption("viewer");
    await page.getByText(`${name} is viewer now.`).waitFor();
    const leave = members.getByRole("button", { name: /^Leave/ });
    expect(await leave.getAttribute("aria-disabled")).toBe("true");
    await leave.focus();
    await page.getByRole("tooltip", { name: /this is the last one/ }).waitFor();
    await members
      .getByText(/this is the last one; make somebody else an owner first/)
      .first()
      .waitFor();
  });

  test("a viewer may change nothing, and is told why", async () => {
    const { page } = await openSection(viewer, "Members");
    await page.getByText("Your role here is viewer; this takes one of: owner, admin.").waitFor();
    const selects = page.getByRole("list", { name: "Members" }).getByRole("combobox");
    await expect.poll(() => selects.count()).toBe(3);
    for (const select of await selects.all()) expect(await select.isDisabled()).toBe(true);
    const removes = page.getByRole("button", { name: /^Remove/ });
    for (const remove of await removes.all()) expect(await remove.getAttribute("aria-disabled")).toBe("true");
  });

  test("a member is removed after one more question", async () => {
    const { people } = await makeHouse(["viewer"], house.organizationId);
    const guest = people[0] as Person;
    const { page } = await openSection(owner, "Members");
    const name = `Person ${guest.userId.slice(-4)}`;
    await page.getByRole("button", { name: `Remove ${name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Remove ${name}?` });
    await dialog.getByRole("button", { name: "Remove" }).click();
    await dialog.waitFor({ state: "hidden" });
    await expect.poll(() => roleOf(guest)).toBeUndefined();
  });

  test("an old sign-in is told, and leads to the password and back", async () => {
    const { people } = await makeHouse(["owner"], house.organizationId);
    const late = people[0] as Person;
    await ageSignIn(late.browserSessionId, 20 * 60_000);
    const { page } = await openSection(late, "Members");
    const invite = page.getByRole("button", { name: "Invite", exact: true });
    expect(await invite.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("link", { name: "Give your password once more" }).click();
    await page.getByRole("heading", { name: "Is it you?" }).waitFor();
    expect(new URL(page.url()).searchParams.get("next")).toBe(`/studio/p/${project.label}/settings/members`);
    await owner.api.send("DELETE", `/api/organizations/${house.organizationId}/members/${late.userId}`);
  });
});

test("a token is shown once, works, is listed without its secret, and is revoked", async () => {
  const studio = await openSection(owner, "Tokens");
  const { page } = studio;
  await page.getByLabel("Name").fill("ci of the test");
  await page.getByRole("button", { name: "Reading only" }).click();
  await page.getByRole("button", { name: "Make the token" }).click();
  const dialog = page.getByRole("dialog", { name: "Your new token" });
  const token = (await dialog.locator("code").first().textContent()) ?? "";
  expect(token).toMatch(/^osk_/);
  await studio.expectSound();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const program = new ApiClient(owner.api.url, token);
  const me = (await program.get("/api/whoami")).expect(200, whoamiSchema);
  expect([...new Set(me.scopes.map((scope) => scope.split(":")[1]))]).toEqual(["read"]);
  expect(me.projectId).toBe(project.projectId);
  expect(me.freshUntil).toBeNull();

  await page.reload();
  await studio.reach("Tokens");
  const row = page
    .getByRole("list", { name: "Tokens" })
    .getByRole("listitem")
    .filter({ hasText: "ci of the test" });
  await row.getByText(/For this project/).waitFor();
  expect(await page.content()).not.toContain(token);
  await row.getByRole("button", { name: "Revoke ci of the test" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await row.waitFor({ state: "detached" });
  expect((await program.get("/api/whoami")).status).toBe(401);
});

describe("secrets", () => {
  const VALUE = "a value that nobody reads again";

  test("what the app declares and nobody set is told; a secret is set, and never shown", async () => {
    const studio = await openSection(owner, "Secrets");
    const { page } = studio;
    await page.getByText(/nobody has set them in dev/).waitFor();
    await page.getByRole("button", { name: "API_KEY" }).click();
    expect(await page.getByLabel("Name of the secret").inputValue()).toBe("API_KEY");
    await page.getByLabel("Value").fill(VALUE);
    await page.getByRole("button", { name: "Set it in dev" }).click();
    await page.getByText(/^API_KEY is set in dev/).waitFor();
    const list = page.getByRole("list", { name: "Secrets of dev" });
    await list.getByText("API_KEY").waitFor();
    expect(await page.getByText(/nobody has set them in dev/).count()).toBe(0);
    expect(await page.getByLabel("Value").inputValue()).toBe("");
    expect(await page.content()).not.toContain(VALUE);
    const answer = await project.api.get(project.path("/secrets?env=dev"));
    expect(answer.expect(200, pageSchema(secretSchema)).items.map(({ name }) => name)).toEqual(["API_KEY"]);
    expect(answer.text).not.toContain(VALUE);
    await studio.expectSound();

    await list.getByRole("button", { name: "Remove API_KEY" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("No secret is set in dev").waitFor();
  });

  test("of prod waits for a person, who confirms it in the Studio", async () => {
    const { page } = await openSection(owner, "Secrets", { query: "?env=prod" });
    await page.getByLabel("Name of the secret").fill("API_KEY");
    await page.getByLabel("Value").fill(VALUE);
    await page.getByRole("button", { name: "Set it in prod" }).click();
    const question = page.getByRole("dialog", { name: "A person must confirm this" });
    await question.getByText(`Set the secret API_KEY of ${project.label} in prod.`).waitFor();
    expect(await page.content()).not.toContain(VALUE);
    await question.getByRole("button", { name: "Confirm: do it now" }).click();
    await page.getByText("Confirmed. The secret API_KEY is set.").waitFor();
    await page.getByRole("list", { name: "Secrets of prod" }).getByText("API_KEY").waitFor();
  });
});

test("what was asked is void when something it covers moves, and that is told", async () => {
  const { page } = await openSection(owner, "Secrets", { query: "?env=prod" });
  await page.getByLabel("Name of the secret").fill("OTHER_KEY");
  await page.getByLabel("Value").fill("another value");
  await page.getByRole("button", { name: "Set it in prod" }).click();
  const question = page.getByRole("dialog", { name: "A person must confirm this" });
  await question.getByText("What it covers").waitFor();
  const moved = await project.api.post("/api/keys", {
    name: "mover",
    make: true,
    projectId: project.projectId,
  });
  expect(moved.status).toBe(201);
  await question.getByRole("button", { name: "Confirm: do it now" }).click();
  await question.getByRole("alert").getByText(/trust/).waitFor();
  expect(await question.getByRole("button", { name: /^Confirm/ }).count()).toBe(0);
  await question.getByRole("button", { name: "Close, and ask again" }).click();
  const answer = await project.api.get(project.path("/secrets?env=prod"));
  expect(answer.expect(200, pageSchema(secretSchema)).items.map(({ name }) => name)).not.toContain(
    "OTHER_KEY",
  );
});

test("a key is made in the vault, rotated with a reason, and its successor revoked", async () => {
  const { page } = await openSection(owner, "Keys");
  await page.getByRole("radio", { name: "Make it in the vault" }).check();
  await page.getByLabel("Name of the key").fill("bench key");
  await page.getByRole("button", { name: "Make and trust it" }).click();
  await page.getByText(/^bench key \(.*\) is trusted\.$/).waitFor();
  const made = (await readKeys()).items.find(({ name }) => name === "bench key");
  expect(made).toMatchObject({ isInVault: true, roles: ["builder"] });
  const rows = page.getByRole("list", { name: "Keys" }).getByRole("listitem");
  await rows
    .filter({ hasText: made?.fingerprint ?? "none" })
    .getByRole("button", { name: "Rotate bench key" })
    .click();
  const rotate = page.getByRole("dialog", { name: "Rotate: bench key" });
  await rotate.getByLabel("Reason").fill("yearly");
  await rotate.getByRole("button", { name: "Rotate" }).click();
  await page.getByText(/^bench key is rotated; its successor is/).waitFor();
  const successor = (await readKeys()).items.find(
    ({ name, state }) => name === "bench key" && state === undefined,
  );
  const row = rows.filter({ hasText: successor?.fingerprint ?? "none" });
  await row.getByRole("button", { name: "Revoke bench key" }).click();
  const revoke = page.getByRole("dialog", { name: "Revoke: bench key" });
  await revoke.getByLabel("Reason").fill("lost");
  await revoke.getByRole("button", { name: "Revoke" }).click();
  await row.getByText(/^revoked/).waitFor();
});

test("a policy is shown as a sentence and changed; the change takes a new revision", async () => {
  const { page } = await openSection(owner, "Policy", { query: "?env=staging" });
  await page.getByText(/^staging is open/).waitFor();
  expect(await page.getByRole("button", { name: "Change the policy" }).getAttribute("aria-disabled")).toBe(
    "true",
  );
  await page.getByLabel("Nodes", { exact: true }).fill("6");
  await page.getByRole("button", { name: "Change the policy" }).click();
  await page.getByText("The policy of staging is at revision 1.").waitFor();
  const answer = await project.api.get(project.path("/environments/staging/policy"));
  expect(answer.expect(200, policySchema)).toMatchObject({
    policyRevision: 1,
    policy: { nodes: 6, isGuarded: false },
  });
});

test("all other sessions are signed out, this one stays", async () => {
  const { people } = await makeHouse(["creator"], house.organizationId);
  const person = people[0] as Person;
  const { page } = await openSection(person, "Sessions");
  await page.getByRole("list", { name: "Your sessions" }).getByText("Command line").waitFor();
  await page.getByRole("button", { name: "Sign out all others" }).click();
  await page.getByText("Signed out there.").waitFor();
  const list = page.getByRole("list", { name: "Your sessions" }).getByRole("listitem");
  await expect.poll(() => list.count()).toBe(1);
  expect((await person.api.get("/api/whoami")).status).toBe(401);
});

describe.each([
  ["dark", DESKTOP],
  ["light", DESKTOP],
  ["dark", PHONE],
] as const)("in the %s at %o", (theme, viewport) => {
  test("every section is sound", async () => {
    const studio = await openSection(owner, "Members", { theme, viewport });
    for (const name of SECTIONS) {
      await studio.page.getByRole("link", { name, exact: true }).first().click();
      await studio.reach(name);
      await studio.page.waitForLoadState("networkidle");
      await studio.expectSound();
    }
  });
});
