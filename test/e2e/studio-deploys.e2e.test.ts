// The room of deploys as people use it: deploy and watch, be refused, confirm, go back, see what others do.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Environment } from "../../schemas/environment.ts";
import { type MadeCapsule, makeGreeter, makeWorkerApp } from "./support/capsule-maker.ts";
import { ageSignIn, makeHouse, type Person } from "./support/people.ts";
import { startSimulation, waitForResult } from "./support/rehearse.ts";
import { PHONE, StudioBrowser, type StudioOptions, type StudioPage } from "./support/studio-browser.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

/** The platform's refusals are answers that the page tells; a browser also writes them on its console. */
const REFUSALS = /the server responded with a status of 4\d\d/;
const LOUD = `
export default { fetch(request) {
  console.log("somebody asked for " + new URL(request.url).pathname);
  return new Response("loud");
} };
`;

let browser: StudioBrowser;
let owner: Person;
let creator: Person;
let project: TestProject;
let first: MadeCapsule;
let second: MadeCapsule;
const opened: StudioPage[] = [];

beforeAll(async () => {
  browser = await StudioBrowser.start();
  const { people } = await makeHouse(["owner", "creator"]);
  [owner, creator] = people as [Person, Person];
  project = await makeProject(owner.api);
  first = await makeGreeter(project.key, "first", "1.0.0");
  second = await makeGreeter(project.key, "second", "2.0.0");
  await project.push(first, "main");
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const studio of opened.splice(0)) await studio.end();
});

const deploysPath = (query = ""): string => `/studio/p/${project.label}/deploys${query}`;

async function openDeploys(person: Person, query = "", options: StudioOptions = {}): Promise<StudioPage> {
  const studio = await browser.open(person, { expectedComplaint: REFUSALS, ...options });
  opened.push(studio);
  await studio.goTo(deploysPath(query), "Deploys");
  await studio.connection("Live");
  return studio;
}

async function activate(capsule: MadeCapsule, env: Environment): Promise<void> {
  const { revision } = await project.environment(env);
  const json = { capsuleDigest: capsule.capsuleDigest, expectedRevision: revision };
  const answer = await project.api.post(project.path(`/environments/${env}/activate`), json);
  if (answer.status !== 200) throw new Error(answer.text);
}

describe("a deploy to dev", () => {
  test("is tried dry, begun, watched phase by phase with its log, and live", async () => {
    const studio = await openDeploys(owner);
    const { page } = studio;
    await page.getByText("Nothing was deployed yet").waitFor();
    await page.getByRole("button", { name: "Deploy a capsule" }).click();
    const dialog = page.getByRole("dialog", { name: "Deploy a capsule" });
    await dialog.getByText("dev is open: every capsule that verifies may go there.").waitFor();
    await studio.expectSound();
    await dialog.getByRole("button", { name: "Dry run" }).click();
    await dialog.getByText("It would deploy.").waitFor();
    expect((await project.environment("dev")).live).toBeNull();
    await dialog.getByRole("button", { name: "Deploy to dev" }).click();

    await studio.reach("Deploy to dev");
    await page.getByRole("log").getByText("Live in dev, revision 1.").waitFor();
    await page.getByRole("status").getByText("done", { exact: true }).waitFor();
    const phases = page.getByRole("list", { name: "Phases" }).getByRole("listitem");
    expect(await phases.count()).toBe(6);
    await expect
      .poll(async () =>
        (await phases.allTextContents()).every((text) => /\(done\).*ms|\(done\).* s/.test(text)),
      )
      .toBe(true);
    await studio.expectSound();
    expect((await project.environment("dev")).live?.capsuleDigest).toBe(first.capsuleDigest);

    await page.getByRole("searchbox", { name: "Search the log" }).fill("revision 1");
    await page.getByText(/^1 of \d+ lines$/).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toMatch(/^dep_.*\.log$/);
    // The address is the whole state: loaded again, the run is there with its log.
    await page.reload();
    await page.getByRole("log").getByText("Done.").waitFor();
  });

  test("that lacks a secret fails, says so, and leads to where it is set", async () => {
    const app = { secrets: ["API_KEY"] };
    const needy = await makeWorkerApp(
      project.key,
      "export default { fetch: () => new Response('x') };",
      "3.0.0",
      app,
    );
    await project.push(needy, "needy");
    const deployId = await project.startDeploy(needy.capsuleDigest, "dev");
    await project.waitForDeploy(deployId);
    const studio = await openDeploys(owner, "?status=error");
    const { page } = studio;
    await page.getByRole("link", { name: /^3\.0\.0 .* to dev$/ }).click();
    await studio.reach("Deploy to dev");
    const alert = page.getByRole("alert");
    await alert
      .getByText(/API_KEY/)
      .first()
      .waitFor();
    await studio.expectSound();
    await alert.getByRole("link", { name: "Set secrets" }).click();
    await studio.reach("Secrets");
    expect(new URL(page.url()).search).toBe("?env=dev");
  });
});

describe("a deploy to prod", () => {
  test("is refused for want of evidence, rehearsed, confirmed in the Studio, and live", async () => {
    const studio = await openDeploys(owner, `?capsule=${first.capsuleDigest}&env=prod`);
    const { page } = studio;
    const start = page.getByRole("dialog", { name: "Deploy a capsule" });
    await start.getByText("The gate would refuse.").waitFor();
    await start.getByRole("button", { name: "Deploy to prod" }).click();
    const question = page.getByRole("dialog", { name: "A person must confirm this" });
    await question.getByText(/^The gate refuses it:/).waitFor();
    expect(await question.getByRole("button", { name: /^Confirm/ }).count()).toBe(0);
    await studio.expectSound();
    await question.getByRole("button", { name: "Refuse" }).click();
    await page.getByText("Refused. Nothing was done.").waitFor();
    expect((await project.environment("prod")).live).toBeNull();

    // The gate's word changes under one's eyes when the evidence comes.
    await page.goto(`${page.url().split("?")[0]}?capsule=${first.capsuleDigest}&env=prod`);
    await start.getByText("The gate would refuse.").waitFor();
    await studio.connection("Live");
    const asked = { kind: "gate", env: "prod" };
    const { simId } = await startSimulation(project, first.capsuleDigest, asked);
    expect((await waitForResult(project.api, simId)).outcome).toBe("pass");
    await start.getByText("The gate would open.").waitFor();
    await start.getByRole("button", { name: "Deploy to prod" }).click();
    await question.getByText(/^Deploy 1\.0\.0 .* in prod, where nothing is live yet\.$/).waitFor();
    await question.getByText(/min \d+ s left to answer/).waitFor();
    await question.getByText(`It rests on the simulation ${simId}.`).waitFor();
    await question.getByText(/^prod at revision 0, its policy at 0/).waitFor();
    await question.getByRole("button", { name: "Confirm: do it now" }).click();
    await studio.reach("Deploy to prod");
    await page.getByRole("log").getByText("Live in prod, revision 1.").waitFor();
    await page.getByText("by you").first().waitFor();
    expect((await project.environment("prod")).live?.capsuleDigest).toBe(first.capsuleDigest);
  });

  test("is asked for by a creator and waits for whoever may answer", async () => {
    const asking = await openDeploys(creator, `?capsule=${first.capsuleDigest}&env=prod`);
    const start = asking.page.getByRole("dialog", { name: "Deploy a capsule" });
    await start.getByText("The gate would open.").waitFor();
    const answering = await openDeploys(owner);
    await start.getByRole("button", { name: "Deploy to prod" }).click();
    const question = asking.page.getByRole("dialog", { name: "A person must confirm this" });
    await question.getByText(/Your role here is creator; this takes one of: owner, admin\./).waitFor();
    expect(await question.getByRole("button", { name: /^Confirm/ }).count()).toBe(0);

    await answering.page.getByRole("button", { name: "Read and answer" }).click();
    const answer = answering.page.getByRole("dialog", { name: "A person must confirm this" });
    await answer.getByText(/^Asked by Person .*, in a browser\.$/).waitFor();
    await answer.getByRole("button", { name: "Refuse" }).click();
    await answering.page.getByText("Refused. Nothing was done.").waitFor();
    await asking.page.getByRole("dialog", { name: "Nothing waits here" }).waitFor();
  });

  test("asks whoever signed in long ago for the password first, and leads back to the question", async () => {
    const { people } = await makeHouse(["owner"], undefined);
    const late = people[0] as Person;
    const lateProject = await makeProject(late.api);
    const capsule = await makeGreeter(lateProject.key, "late");
    await lateProject.push(capsule, "main");
    await ageSignIn(late.browserSessionId, 20 * 60_000);
    const studio = await browser.open(late, { expectedComplaint: REFUSALS });
    opened.push(studio);
    const { page } = studio;
    await studio.goTo(`/studio/p/${lateProject.label}/settings/policy?env=prod`, "Policy");
    await page.getByLabel("Nodes", { exact: true }).fill("4");
    await page.getByRole("button", { name: "Ask for the change" }).click();
    const question = page.getByRole("dialog", { name: "A person must confirm this" });
    await question.getByText("nodes: 5 becomes 4.").waitFor();
    const link = question.getByRole("link", { name: "Give your password once more, then confirm" });
    const here = new URL(page.url());
    expect(here.searchParams.get("confirm")).not.toBeNull();
    await link.click();
    await page.getByRole("heading", { name: "Is it you?" }).waitFor();
    expect(new URL(page.url()).searchParams.get("next")).toBe(here.pathname + here.search);
    // Given once more, the session is fresh: what the page of the password does, seen from the way back.
    await ageSignIn(late.browserSessionId, 0);
    await page.goto(here.href);
    await question.getByRole("button", { name: "Confirm: do it now" }).click();
    await page.getByText(/The policy is at revision 1/).waitFor();
  });
});

describe("going back", () => {
  test("chooses an earlier capsule and swaps the pointer; nothing is built", async () => {
    await project.ship(second, "dev");
    const studio = await openDeploys(owner);
    const { page } = studio;
    const before = (await project.environment("dev")).revision;
    await page.getByRole("button", { name: "Roll back dev" }).click();
    const dialog = page.getByRole("dialog", { name: "Roll back dev" });
    await dialog.getByText(/Live in dev now: 2\.0\.0/).waitFor();
    expect(await dialog.getByLabel("Capsule").textContent()).toContain("1.0.0");
    await studio.expectSound();
    await dialog.getByRole("button", { name: "Roll back dev" }).click();
    await page.getByText(`Live in dev, revision ${before + 1}.`).waitFor();
    expect((await project.environment("dev")).live?.capsuleDigest).toBe(first.capsuleDigest);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`As before: live in dev, revision ${before + 2}.`).waitFor();
    expect((await project.environment("dev")).live?.capsuleDigest).toBe(second.capsuleDigest);
    await activate(first, "dev");
  });

  test("is not done from a revision that has passed: what moved is told, and one looks again", async () => {
    const studio = await openDeploys(owner, "?rollback=dev");
    const { page } = studio;
    const dialog = page.getByRole("dialog", { name: "Roll back dev" });
    await dialog.getByText(/Live in dev now: 1\.0\.0/).waitFor();
    await activate(second, "dev");
    await dialog.getByText(/^Somebody changed dev meanwhile/).waitFor();
    const go = dialog.getByRole("button", { name: "Roll back dev" });
    expect(await go.getAttribute("aria-disabled")).toBe("true");
    await dialog.getByRole("button", { name: "Look again" }).click();
    await dialog.getByText(/Live in dev now: 2\.0\.0/).waitFor();
    await go.click();
    await page.getByText(/^Live in dev, revision/).waitFor();
    expect((await project.environment("dev")).live?.capsuleDigest).toBe(first.capsuleDigest);
  });

  test("what is live in dev is promoted to staging", async () => {
    const studio = await openDeploys(owner);
    const { page } = studio;
    await page.getByRole("button", { name: "Promote to staging" }).click();
    const dialog = page.getByRole("dialog", { name: "Promote from dev to staging" });
    await dialog.getByText("Nothing is live in staging yet.").waitFor();
    await dialog.getByRole("button", { name: "Promote to staging" }).click();
    await page.getByText("Live in staging, revision 1.").waitFor();
    expect((await project.environment("staging")).live?.capsuleDigest).toBe(first.capsuleDigest);
  });
});

test("two browsers see each other's deploy without loading anything again", async () => {
  const watching = await openDeploys(creator);
  const acting = await openDeploys(owner, `?capsule=${second.capsuleDigest}&env=dev`);
  const list = watching.page.locator("ol.deploys__list > li");
  await list.first().waitFor();
  const before = await list.count();
  const { revision } = await project.environment("dev");
  await acting.page.getByRole("button", { name: "Deploy to dev" }).last().click();
  await acting.reach("Deploy to dev");
  await expect.poll(() => list.count()).toBe(before + 1);
  await list.first().getByText("done", { exact: true }).waitFor();
  const card = watching.page.getByRole("article", { name: "dev" });
  await card.getByText(String(revision + 1), { exact: true }).waitFor();
  await card.getByText(/2\.0\.0/).waitFor();
});

test("what the app writes is followed live, paused and searched", async () => {
  const loud = await makeWorkerApp(project.key, LOUD, "4.0.0");
  await project.push(loud, "loud");
  await project.waitForDeploy(await project.startDeploy(loud.capsuleDigest, "staging"));
  const studio = await openDeploys(owner, "?logs=staging");
  const { page } = studio;
  const dialog = page.getByRole("dialog", { name: "What the app in staging writes" });
  await project.visit("staging", "/one");
  await dialog.getByText("somebody asked for /one").waitFor();
  await studio.expectSound();
  await dialog.getByRole("button", { name: "Pause" }).click();
  await project.visit("staging", "/two");
  await dialog.getByRole("button", { name: /^Follow \(\d+ new\)$/ }).waitFor();
  expect(await dialog.getByText("somebody asked for /two").count()).toBe(0);
  await dialog.getByRole("button", { name: /^Follow/ }).click();
  await dialog.getByText("somebody asked for /two").waitFor();
  await dialog.getByRole("searchbox", { name: "Search the log" }).fill("/two");
  await dialog.getByText(/^1 of \d+ lines$/).waitFor();
});

test.each(["dark", "light"] as const)("the room is sound on a phone, in the %s", async (theme) => {
  const studio = await openDeploys(owner, "", { viewport: PHONE, theme });
  await studio.page.getByRole("article", { name: "prod" }).getByText("guarded").waitFor();
  await studio.expectSound();
  const runs = studio.page.locator(".deploys__run-link");
  await runs.first().click();
  await studio.reach(/^Deploy to/);
  await studio.page
    .getByRole("log")
    .getByText(/^(Done|.+)\.$/)
    .last()
    .waitFor();
  await studio.expectSound();
});
