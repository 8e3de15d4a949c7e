// The Mesh panel, the Evidence pane and the Chain of trust as a person goes through them, in a real browser.
import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { createRerun } from "../../core/mesh/rerun-capsim.ts";
import { verifyCapsim } from "../../core/mesh/verify-capsim.ts";
import { confirmationNeededSchema, decidedSchema } from "../../schemas/api/deploys.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeGreeter } from "./support/capsule-maker.ts";
import { makeHouse, type Person } from "./support/people.ts";
import { startSimulation, waitForResult } from "./support/rehearse.ts";
import { trustOf } from "./support/signing-keys.ts";
import { DESKTOP, PHONE, StudioBrowser, type StudioPage } from "./support/studio-browser.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const SIM_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

let browser: StudioBrowser;
let owner: Person;
let viewer: Person;
let project: TestProject;
let studio: StudioPage;
let capsuleDigest: string;
/** Rehearsed through the page by the first test, and looked at by the others. */
let simId: string;

beforeAll(async () => {
  browser = await StudioBrowser.start();
  const [first, second] = (await makeHouse(["owner", "viewer"])).people;
  if (first === undefined || second === undefined) throw new Error("nobody is there");
  owner = first;
  viewer = second;
  project = await makeProject(owner.api);
  const greeter = await makeGreeter(project.key, "hello");
  capsuleDigest = greeter.capsuleDigest;
  await project.ship(greeter);
});
afterAll(() => browser.close());
afterEach(() => studio.end());

const mesh = (rest = ""): string => `/studio/p/${project.label}/mesh${rest}`;
const trust = (rest = ""): string => `/studio/p/${project.label}/trust${rest}`;

describe("the Mesh panel", () => {
  test("controls and JSON say the same, an error stands at its field, and nothing wrong can be started", async () => {
    studio = await browser.open(owner);
    await studio.goTo(mesh(), "Mesh");
    const { page } = studio;
    await page.getByText("Nothing was rehearsed yet").waitFor();
    await page.getByRole("button", { name: /^Flaky Wi-Fi/ }).click();
    await page.getByRole("tab", { name: "JSON" }).click();
    const text = page.getByLabel("Parameters as JSON");
    expect(JSON.parse(await text.inputValue())).toMatchObject({ packetLoss: 8, loss: "gilbert-elliott" });
    await text.fill(
      '{"nodes": 4, "packetLoss": 3, "chaos": [{"node": "node-9", "at": 5, "action": "crash"}]}',
    );
    await page.getByRole("tab", { name: "Controls" }).click();
    expect(await page.getByLabel("Nodes", { exact: true }).inputValue()).toBe("4");
    expect(await page.getByLabel("Packet loss", { exact: true }).inputValue()).toBe("3");
    const chaos = page.getByLabel("Faults of your own");
    expect(await chaos.getAttribute("aria-invalid")).toBe("true");
    await page.getByText("0.node: node-9 is not there: must be from node-1 to node-4").waitFor();
    const start = page.getByRole("button", { name: "Start", exact: true });
    expect(await start.getAttribute("aria-disabled")).toBe("true");
    await chaos.fill('[{"node": "node-2", "at": 5, "action": "crash"}]');
    await page.getByLabel("Nodes, slider").fill("3");
    expect(await start.getAttribute("aria-disabled")).toBeNull();
    await page.getByRole("tab", { name: "JSON" }).click();
    expect(JSON.parse(await text.inputValue())).toEqual({
      nodes: 3,
      packetLoss: 3,
      chaos: [{ node: "node-2", at: 5, action: "crash" }],
    });
    await text.fill('{"nodes": ');
    await page.getByText(/This is not JSON yet/).waitFor();
    expect(await start.getAttribute("aria-disabled")).toBe("true");
  });

  test("with chaos: started, watched to the verdict, and the trace is the sealed one", async () => {
    studio = await browser.open(owner);
    await studio.goTo(mesh(), "Mesh");
    const { page } = studio;
    await page.getByRole("button", { name: /^Chaos/ }).click();
    await page.getByRole("button", { name: "Roll" }).click();
    const seed = await page.getByLabel(/^Seed/).inputValue();
    expect(Number(seed)).toBeGreaterThanOrEqual(0);
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.waitForURL(SIM_ID);
    simId = SIM_ID.exec(page.url())?.[0] ?? "";
    await page.getByText("The sealed trace").waitFor();
    const result = await waitForResult(project.api, simId);
    expect(result.params).toMatchObject({ chaosMode: true, packetLoss: 5, seeds: [Number(seed)] });
    const stamp = result.outcome === "pass" ? "Passed" : "Failed";
    await page.getByText(stamp, { exact: true }).waitFor();
    expect(await page.locator(".watch__source").textContent()).toContain(result.traceHash.slice(0, 12));
    // With less motion it stands still at the end, where the counts are those of the result.
    await page.getByRole("button", { name: "Play" }).waitFor();
    expect(await readCounts(studio)).toEqual({
      Sent: result.counts.sent,
      Delivered: result.counts.delivered,
      Dropped: result.counts.dropped,
      Duplicated: result.counts.duplicated,
    });
    // The crash is marked; jumping to it shows the node down, and the address holds the moment.
    const crash = page.getByRole("button", { name: /node-\d: crash/ });
    const node = /node-\d/.exec((await crash.textContent()) ?? "")?.[0] ?? "";
    await crash.click();
    await page.locator(".node-list__nodes li", { hasText: node }).getByText("down").waitFor();
    const moment = Math.ceil(Number(await page.getByLabel("Moment on the virtual clock").inputValue()));
    await page.waitForURL(`**/*at=${moment}`);
    await page.reload();
    await page.locator(".node-list__nodes li", { hasText: node }).getByText("down").waitFor();
  });

  test("playing moves the clock and the picture; pausing holds them", async () => {
    studio = await browser.open(owner);
    await studio.goTo(mesh(`/${simId}?at=0`), /^Rehearsal/);
    const { page } = studio;
    const clock = page.getByLabel("Moment on the virtual clock");
    await clock.waitFor();
    const before = await paintedPixels(studio);
    await page.getByRole("button", { name: "Play" }).click();
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLInputElement>(".scrubber__track input")?.value) > 300,
    );
    await page.getByRole("button", { name: "Pause" }).click();
    const held = Number(await clock.inputValue());
    expect(await paintedPixels(studio)).not.toBe(before);
    await clock.focus();
    await page.keyboard.press("ArrowRight");
    expect(Number(await clock.inputValue())).toBeGreaterThan(held);
    await page.getByRole("button", { name: "Next event" }).click();
    expect(Number(await clock.inputValue())).toBeGreaterThan(held);
  });

  test("as a gate asks: its parameters are shown, not changed, and twenty seeds run", async () => {
    studio = await browser.open(owner);
    await studio.goTo(mesh(`?capsule=${capsuleDigest}&env=prod`), "Mesh");
    const { page } = studio;
    await page.getByText("asks for evidence").waitFor();
    expect(await page.getByLabel("Nodes", { exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.waitForURL(SIM_ID);
    await page.getByText("20 of 20 seeds passed", { exact: false }).waitFor();
    const gateId = SIM_ID.exec(page.url())?.[0] ?? "";
    const { params, kind } = await waitForResult(project.api, gateId);
    expect(kind).toBe("gate");
    const other = String(params.seeds[7]);
    await page.getByLabel("Seed that is looked at").selectOption(other);
    await page.getByRole("tab", { name: "Figures" }).click();
    await page.getByRole("heading", { name: `Packets of seed ${other}` }).waitFor();
  });

  test("while it runs: survives a reload, tells how far it is, and can be stopped", async () => {
    const seeds = Array.from({ length: 4_000 }, (_, index) => index);
    const long = await startSimulation(project, capsuleDigest, {
      params: { nodes: 10, packetLoss: 20, seeds },
    });
    studio = await browser.open(owner);
    await studio.goTo(mesh(`/${long.simId}`), /^Rehearsal/);
    const { page } = studio;
    await page
      .getByText(/of 4000 seeds/)
      .first()
      .waitFor();
    await page.reload();
    await page
      .getByText(/[1-9]\d* of 4000 seeds/)
      .first()
      .waitFor();
    await page.getByText(/The first seed, as the platform streams it/).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("It was cancelled").waitFor();
    await studio.goTo(mesh(), "Mesh");
    await page.getByRole("row", { name: /cancelled/ }).waitFor();
  });

  test("whoever may only look watches it all and can start nothing", async () => {
    studio = await browser.open(viewer);
    await studio.goTo(mesh(), "Mesh");
    const { page } = studio;
    const start = page.getByRole("button", { name: "Start", exact: true });
    await start.waitFor();
    expect(await start.getAttribute("aria-disabled")).toBe("true");
    await page.locator(".start-form__actions .muted", { hasText: "Your role here is viewer" }).waitFor();
    await studio.goTo(mesh(`/${simId}?tab=evidence`), /^Rehearsal/);
    expect(await page.getByRole("button", { name: "Replay" }).getAttribute("aria-disabled")).toBe("true");
  });
});

describe("the Evidence pane", () => {
  test("a replay gives the same trace and says that it is no evidence", async () => {
    studio = await browser.open(owner);
    await studio.goTo(mesh(`/${simId}?tab=evidence`), /^Rehearsal/);
    const { page } = studio;
    await page.getByText("trusted as simulator").waitFor();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText("The same trace", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Open the replay" }).click();
    await page.waitForURL((url) => SIM_ID.test(url.pathname) && !url.pathname.includes(simId));
    await page.getByText(/A replay: it never counts as evidence/).waitFor();
    const replayId = SIM_ID.exec(page.url())?.[0] ?? "";
    const [first, second] = [
      await waitForResult(project.api, simId),
      await waitForResult(project.api, replayId),
    ];
    expect(second.traceHash).toBe(first.traceHash);
    expect(second.replayOf).toBe(simId);
  });

  test("beside a baseline that was asked otherwise it says so, and what differs", async () => {
    const worse = await startSimulation(project, capsuleDigest, {
      params: { seeds: [1], packetLoss: 30, latencyMs: [200, 400] },
    });
    await waitForResult(project.api, worse.simId);
    studio = await browser.open(owner);
    await studio.goTo(mesh(`/${worse.simId}?tab=compare&with=${simId}`), /^Rehearsal/);
    const { page } = studio;
    await page.getByText(/They were asked for different things/).waitFor();
    await page.getByText(/\d regressed/).waitFor();
    const row = page.getByRole("row", { name: /^packetLoss/ });
    expect(await row.getByRole("cell").allTextContents()).toEqual(["5", "30"]);
    expect(await page.getByRole("row", { name: /^verifySignatures/ }).count()).toBe(0);
  });

  test("the exported file passes without the platform; in the browser it is checked with the network gone", async () => {
    studio = await browser.open(owner, { expectedComplaint: /ERR_INTERNET_DISCONNECTED|WebSocket/ });
    await studio.goTo(mesh(`/${simId}?tab=evidence`), /^Rehearsal/);
    const { page, context } = studio;
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export .capsim" }).first().click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`${simId}.capsim`);
    const bytes = new Uint8Array(await readFile(await download.path()));
    const { items, revision } = await trustOf(project);
    const keys = items.map(({ isPlatformKey: _mark, ...key }) => key);
    const report = await verifyCapsim(bytes, {
      trust: { revision, thresholds: {}, keys } as never,
      hashing: nodeHashing,
      rerun: createRerun(),
    });
    expect(report.verdict).toBe("pass");
    await page.getByText("trusted as simulator").waitFor();
    await context.setOffline(true);
    await page.getByRole("button", { name: "Check it here" }).click();
    await page.getByText("Sound evidence").waitFor();
    const steps = page.getByRole("list", { name: "Steps of the check" });
    expect(await steps.locator(".check-here__step--fail").count()).toBe(0);
    expect(await steps.getByText(/1 seed again, every trace the same/).count()).toBe(1);
    // By keys that have nothing to do with it, nobody vouches for the result.
    await page.getByLabel("that I bring").check();
    await page.getByRole("button", { name: "Check it here" }).click();
    await page.getByText("Not decidable").waitFor();
    await context.setOffline(false);
  });
});

describe("the Chain of trust", () => {
  test("leads from the capsule to what is live; a node opens its statement with valid signatures", async () => {
    studio = await browser.open(owner);
    await studio.goTo(trust(), "Chain of trust");
    const { page } = studio;
    await page.getByText("The chain holds").waitFor();
    const graph = page.getByRole("group", { name: "Chain of trust", exact: true });
    await graph.getByRole("button", { name: /dev revision 1/ }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("valid signature").first().waitFor();
    const text = await drawer.locator(".halo-code__text").first().textContent();
    const statement = JSON.parse(text ?? "");
    expect(statement.predicateType).toBe("urn:oursynth:predicate:deploy:v1");
    expect(`sha256:${statement.subject[0].digest.sha256}`).toBe(capsuleDigest);
    await studio.expectSound();
    await page.keyboard.press("Escape");
    // The arrows walk along the chain.
    await graph.getByRole("button", { name: /dev revision 1/ }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await studio.focused()).toContain("Live");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(page.url()).toContain("node=environment%3Adev");
  });

  test("what is live in prod rests on a rehearsal and the gate's decision, whose signed summary it opens", async () => {
    await releaseToProd();
    studio = await browser.open(owner);
    await studio.goTo(trust("?as=graph"), "Chain of trust");
    const { page } = studio;
    const graph = page.getByRole("group", { name: "Chain of trust", exact: true });
    const gate = graph.getByRole("button", { name: /prod: allowed \(evidence\)/ });
    expect(await gate.getAttribute("aria-description")).toMatch(/comes from gate pass \w+ \(decided on\)/);
    await gate.click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("valid signature").first().waitFor();
    const text = await drawer.locator(".halo-code__text").first().textContent();
    expect(JSON.parse(text ?? "").predicate.verificationResult).toBe("PASSED");
    await studio.expectSound();
  });

  test("a rehearsal's node opens the sealed result, and the list says the same as the graph", async () => {
    studio = await browser.open(owner);
    await studio.goTo(trust(`?capsule=${encodeURIComponent(capsuleDigest)}&as=list`), "Chain of trust");
    const { page } = studio;
    const sealed = page.getByRole("button", { name: "gate pass" });
    await sealed.first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("valid signature").first().waitFor();
    expect(await drawer.getByRole("heading", { level: 3 }).allTextContents()).toEqual(["Sealed rehearsal"]);
    await drawer.getByRole("link", { name: "Watch this rehearsal" }).click();
    await page.getByRole("heading", { level: 1, name: /^Rehearsal/ }).waitFor();
  });
});

describe("every view", () => {
  test.each([
    ["dark", DESKTOP],
    ["light", DESKTOP],
    ["dark", PHONE],
    ["light", PHONE],
  ] as const)(
    "in the %s theme at %o: no violation that axe finds, nothing wider than the window",
    async (theme, viewport) => {
      studio = await browser.open(owner, { theme, viewport });
      const { page } = studio;
      await studio.goTo(mesh(), "Mesh");
      await page
        .getByRole("link", { name: /ago|just now/ })
        .first()
        .waitFor();
      await page.getByText("What it must show").click();
      await page.getByText("More trouble on the links").click();
      await studio.expectSound();
      await page.getByRole("tab", { name: "JSON" }).click();
      await studio.expectSound();
      for (const tab of ["watch", "figures", "evidence", "compare", "parameters"]) {
        await studio.goTo(mesh(`/${simId}?tab=${tab}`), /^Rehearsal/);
        await page
          .getByText("Packets of seed")
          .or(page.getByText("The sealed trace"))
          .or(page.getByText("trusted as simulator"))
          .or(page.getByText("What they were asked"))
          .or(page.getByText("parameters.json"))
          .first()
          .waitFor();
        await studio.expectSound();
      }
      for (const query of ["?as=graph", "?as=list", "?capsule=all&as=graph"]) {
        await studio.goTo(trust(query), "Chain of trust");
        await page.getByText("The chain holds").waitFor();
        await studio.expectSound();
      }
    },
  );
});

/** The gate's rehearsal was run through the page; a person confirms. */
async function releaseToProd(): Promise<void> {
  const { projectId, api } = project;
  const asked = await api.post("/api/deploys", { projectId, capsuleDigest, env: "prod" });
  const { confirmationId } = confirmationNeededSchema.parse(asked.json());
  const confirmed = await new ApiClient(api.url, null).send("POST", `/api/confirmations/${confirmationId}`, {
    json: { decision: "confirm" },
    headers: { ...owner.browser },
  });
  const { outcome } = confirmed.expect(200, decidedSchema);
  if (outcome?.kind !== "deploy") throw new Error("no deploy was begun");
  expect((await project.waitForDeploy(outcome.deployId)).failure).toBeNull();
}

/** What is counted beside the stage. */
async function readCounts({ page }: StudioPage): Promise<Record<string, number>> {
  const pairs = await page
    .locator(".node-list__counts > div")
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.querySelector("dt")?.textContent ?? "",
        Number((row.querySelector("dd")?.textContent ?? "").replaceAll(",", "")),
      ]),
    );
  return Object.fromEntries(pairs);
}

/** A mark of the packets that are drawn just now. */
async function paintedPixels({ page }: StudioPage): Promise<string> {
  return await page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}
