// The Capsules room in a real browser: what a capsule holds and proves, and a .caps that is checked without uploading.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { toBase64 } from "../../core/capsule/bytes.ts";
import { acceptedSchema } from "../../schemas/api/capsules.ts";
import { treeSchema } from "../../schemas/api/history.ts";
import { makeCapsule, newKey, packContainer } from "./support/capsule-maker.ts";
import { type House, makeHouse, type Person } from "./support/people.ts";
import { PHONE, StudioBrowser, type StudioOptions, type StudioPage } from "./support/studio-browser.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const LOCKFILE = readFileSync(join(import.meta.dirname, "../vectors/lockfiles/package-lock-v3.json"));
/** One red pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const SOURCE = "export default { fetch: () => new Response('hello') };\n";
const FILES = {
  "README.md": "# Greeter\n\nIt says hello.\n",
  "assets/dot.png": PIXEL,
  "assets/noise.bin": new Uint8Array([0, 1, 2, 250, 0, 65]),
  "package-lock.json": LOCKFILE,
  "src/index.js": SOURCE,
};
/** What a browser says of requests while its network is cut. */
const OFFLINE = { expectedComplaint: /ERR_INTERNET_DISCONNECTED/ } as const;

let browser: StudioBrowser;
let house: House;
let owner: Person;
let project: TestProject;
let studio: StudioPage;
let page: Page;
/** Pushed, and packed from a moment by the platform. */
let pushed: { readonly capsuleDigest: string };
let packed: { readonly capsuleDigest: string };

beforeAll(async () => {
  browser = await StudioBrowser.start();
  house = await makeHouse(["owner", "viewer"]);
  owner = at(0);
  project = await makeProject(owner.api);
  const settings = {
    name: "Greeter",
    version: "1.0.0",
    app: { entry: "src/index.js", env: { GREETING: "hello" } },
  };
  pushed = await project.push(await makeCapsule(project.key, FILES, settings), "main");
  const { headSeq } = (await project.api.get(project.path("/tree"))).expect(200, treeSchema);
  const text = new TextEncoder().encode(SOURCE.replace("hello", "good morning"));
  const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", text)).toString("hex");
  expect((await project.putBlob(sha256, text)).status).toBe(200);
  const committed = await project.api.post(project.path("/commits"), {
    branch: "main",
    expectedHead: headSeq,
    files: [
      { path: "src/index.js", sha256 },
      { path: "README.md", delete: true },
    ],
    settings: { version: "1.1.0", app: { entry: "src/index.js", env: { GREETING: "good morning" } } },
    message: "politer",
  });
  expect(committed.status, committed.text).toBe(201);
  const answer = await project.api.post(project.path("/capsules"), { reason: "to look at it" });
  packed = answer.expect(201, acceptedSchema);
  const run = await project.waitForDeploy(await project.startDeploy(packed.capsuleDigest, "dev"));
  expect(run.status, run.failure?.message).toBe("done");
});
afterAll(() => browser.close());
afterEach(() => studio.end());

function at(index: number): Person {
  const person = house.people[index];
  if (person === undefined) throw new Error(`nobody is number ${index}`);
  return person;
}

const room = (rest = ""): string => `/studio/p/${project.label}/capsules${rest}`;
const pageOf = (capsule: { readonly capsuleDigest: string }, query = ""): string =>
  room(`/${encodeURIComponent(capsule.capsuleDigest)}${query}`);

async function open(
  path: string,
  heading: string | RegExp,
  options?: StudioOptions,
  person = owner,
): Promise<void> {
  studio = await browser.open(person, options);
  ({ page } = studio);
  await studio.goTo(path, heading);
  await studio.connection("Live");
}

/** Drops a file anywhere on the page. */
async function drop(name: string, bytes: Uint8Array): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], fileName));
      return transfer;
    },
    [name, [...bytes]] as const,
  );
  for (const type of ["dragenter", "dragover", "drop"])
    await page.dispatchEvent("main", type, { dataTransfer });
}

const panel = () => page.getByRole("region", { name: /^Check(ing|ed) / });
const step = (title: string) => page.getByRole("listitem").filter({ hasText: title });

describe("the list", () => {
  test("has every capsule, by whom, where it is live, and finds one", async () => {
    await open(room(), "Capsules");
    const rows = page.getByRole("row");
    await rows.nth(2).waitFor();
    expect(await rows.count()).toBe(3);
    expect(await rows.nth(1).textContent()).toMatch(/1\.1\.0.*live in dev.*you/);
    expect(await rows.nth(2).textContent()).not.toContain("live in");
    await page.getByLabel("Search capsules").fill("1.0");
    await page.getByRole("row", { name: /1\.1\.0/ }).waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("q")).toBe("1.0");
    await page.getByLabel("Search capsules").fill("nothing like it");
    await page.getByText("Nothing is found for “nothing like it”").waitFor();
  });

  test("shows a capsule the moment that it is accepted", async () => {
    const other = await makeProject(owner.api);
    studio = await browser.open(owner);
    ({ page } = studio);
    await studio.goTo(`/studio/p/${other.label}/capsules`, "Capsules");
    await page.getByText("No capsule yet").waitFor();
    await studio.connection("Live");
    await other.push(
      await makeCapsule(other.key, { "index.html": "<h1>x</h1>" }, { name: "Fresh", version: "3.0.0" }),
    );
    await page.getByRole("link", { name: "3.0.0 Fresh" }).waitFor();
  });

  test("leads to a comparison of the two that are chosen", async () => {
    await open(room(), "Capsules");
    await page.getByLabel("Compare Greeter 1.1.0").check();
    await page.getByText("1.1.0 is chosen").waitFor();
    await page.getByLabel("Compare Greeter 1.0.0").check();
    await page.getByRole("link", { name: "Compare 1.0.0 with 1.1.0" }).click();
    await studio.reach("Compare capsules");
    await page.getByText(/^Files: 1 removed, 1 changed; \d+ settings changed\.$/).waitFor();
    await page.getByRole("rowheader", { name: "/app/env/GREETING" }).waitFor();
    await page.getByRole("group", { name: "What differs in src/index.js" }).waitFor();
    await page.getByRole("radio", { name: "Side by side" }).check();
    await page.waitForURL(/layout=side-by-side/);
    await page.getByRole("button", { name: "Swap" }).click();
    await page.getByText(/^Files: 1 added, 1 changed/).waitFor();
  });
});

describe("a capsule's page", () => {
  test("reads its files: text, a picture, and bytes that are neither", async () => {
    await open(pageOf(pushed), "Greeter 1.0.0");
    await page.getByRole("article", { name: "README.md" }).getByText("It says hello.").waitFor();
    await page.getByRole("link", { name: /^dot\.png/ }).click();
    await page.getByText("1 × 1 pixels").waitFor();
    await page.getByRole("link", { name: /^noise\.bin/ }).click();
    await page.getByText("00000000  00 01 02 fa 00 41").waitFor();
    await page.getByRole("link", { name: /^index\.js/ }).click();
    await page.getByRole("article", { name: "src/index.js" }).locator(".code-keyword").first().waitFor();
    expect(new URL(page.url()).searchParams.get("path")).toBe("src/index.js");
    await page.goBack();
    await page.getByRole("article", { name: "assets/noise.bin" }).waitFor();
  });

  test("has the stored report, and runs the verification again when it is asked to", async () => {
    await open(pageOf(packed, "?tab=verification"), "Greeter 1.1.0");
    await page.getByText("This is the report that let the capsule in").waitFor();
    const steps = page.getByRole("list", { name: "Steps of the verification" }).getByRole("listitem");
    expect(await steps.count()).toBe(12);
    expect(await step("Container bytes as dictated").textContent()).toContain("not-a-container");
    const asked = page.waitForRequest((request) => request.url().includes("again=1"));
    await page.getByRole("button", { name: "Verify again" }).click();
    await asked;
    await page.getByText("Every byte was hashed anew").waitFor();
    await page.getByRole("heading", { name: "Verified" }).waitFor();
    expect(await steps.count()).toBe(12);
    // The stored capsule's digest is expected this time.
    expect(await step("Digest as expected").textContent()).toContain("(done)");
  });

  test("lists its bill of materials and finds a package; one without says so", async () => {
    await open(pageOf(packed, "?tab=sbom"), "Greeter 1.1.0");
    const rows = page.getByRole("row");
    await rows.nth(1).waitFor();
    await page.getByLabel("Search the bill of materials").fill("noble hash");
    await page.getByText(/^1 of \d+ packages$/).waitFor();
    expect(await rows.nth(1).textContent()).toMatch(/@noble\/hashes.*1\.4\.0.*MIT.*pkg:npm/);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download CycloneDX" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.cdx\.json$/);
    await studio.goTo(pageOf(pushed, "?tab=sbom"), "Greeter 1.0.0");
    await page.getByText("No bill of materials").waitFor();
  });

  test("shows who signed what about it, decoded and as it is kept", async () => {
    await open(pageOf(packed, "?tab=provenance"), "Greeter 1.1.0");
    const card = page.getByRole("article", { name: "How it was built" });
    await card.getByText("trusted as builder").waitFor();
    await card.getByText("to look at it").first().waitFor();
    await page.getByRole("article", { name: "Receipt of the log" }).getByText("“How it was built”").waitFor();
    await card.getByText("The statement, decoded").click();
    await card.getByText("https://in-toto.io/Statement/v1").waitFor();
    await card.getByText("The DSSE envelope, as it is kept").click();
    await card.getByText("application/vnd.in-toto+json").waitFor();
  });

  test("has its digests and commands to copy", async () => {
    await open(pageOf(packed, "?tab=facts"), "Greeter 1.1.0");
    await studio.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const command = `oursynth deploy ${packed.capsuleDigest} --project ${project.label} --env dev --wait`;
    await page.getByRole("button", { name: `Copy the command: ${command}` }).click();
    // With the address of this platform, where the command line would look elsewhere.
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.startsWith(command), copied).toBe(true);
    await page.getByRole("button", { name: "Copy the capsule digest" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(packed.capsuleDigest);
  });

  test("that is not here says so", async () => {
    const complaint = { expectedComplaint: /404/ };
    studio = await browser.open(owner, complaint);
    await studio.goTo(room(`/sha256%3A${"0".repeat(64)}`), "This capsule cannot be opened");
  });
});

describe("a .caps that is dropped", () => {
  async function download(): Promise<Uint8Array> {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download .caps" }).click(),
    ]);
    return await readFile(await file.path());
  }

  test("is verified in this browser, byte by byte, with the network cut", async () => {
    await open(pageOf(packed), "Greeter 1.1.0", OFFLINE);
    const bytes = await download();
    await studio.context.setOffline(true);
    await drop("greeter.caps", bytes);
    await panel().getByRole("heading", { name: "Verified", exact: true }).waitFor();
    const text = (await panel().textContent()) ?? "";
    expect(text).toContain(packed.capsuleDigest);
    expect(text).toContain("trusted as builder");
    expect(text).toContain("nothing was sent");
    expect(
      await page.getByRole("list", { name: "Steps of the verification" }).getByRole("listitem").count(),
    ).toBe(12);
    const push = panel().getByRole("button", { name: "Push it to this project" });
    await studio.connection(/Offline/);
    expect(await push.getAttribute("aria-disabled")).toBe("true");
  });

  test("fails at the step that a changed byte belongs to, with what was expected and what is there", async () => {
    await open(pageOf(pushed), "Greeter 1.0.0", OFFLINE);
    const bytes = Buffer.from(await download());
    await studio.context.setOffline(true);
    const place = bytes.indexOf("It says hello.");
    bytes.write("It says HELLO.", place);
    await drop("changed.caps", bytes);
    await panel().getByRole("heading", { name: "Not what it says it is" }).waitFor();
    const failed = (await step("Every file as the manifest says").textContent()) ?? "";
    expect(failed).toContain("(failed)");
    expect(failed).toContain("file-mismatch");
    expect(failed).toMatch(/Expected[0-9a-f]{64}Actual[0-9a-f]{64}/);
    expect(await panel().getByRole("button", { name: /Push/ }).count()).toBe(0);
    await drop("cut.caps", bytes.subarray(0, bytes.length - 9));
    await page.getByRole("region", { name: /cut\.caps$/ }).waitFor();
    await drop("no-capsule.caps", Buffer.from("something else"));
    await page
      .getByRole("region", { name: /no-capsule\.caps$/ })
      .getByText("Not what it says it is")
      .waitFor();
    expect(await step("Container bytes as dictated").textContent()).toContain("(failed)");
  });

  test("of strangers is whole, and is not called verified", async () => {
    // The refusal of the push at the end.
    await open(room(), "Capsules", { expectedComplaint: /status of 400/ });
    const made = await makeCapsule(await newKey(), { "a.txt": "a" }, { name: "Stranger", version: "9.0.0" });
    await drop("stranger.caps", await packContainer(made));
    await panel().getByRole("heading", { name: "Whole, but signed by nobody this project trusts" }).waitFor();
    await panel().getByText("a key that is not at hand").waitFor();
    await panel().getByRole("button", { name: "Push it to this project" }).click();
    await panel().getByRole("alert").getByText("The capsule does not verify. Enough").waitFor();
  });

  test("is pushed by a step of its own, and not before", async () => {
    await open(room(), "Capsules");
    const made = await makeCapsule(project.key, { "a.txt": "a" }, { name: "Brought", version: "2.0.0" });
    const uploads: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") uploads.push(request.url());
    });
    await drop("brought.caps", await packContainer(made));
    await panel().getByRole("heading", { name: "Verified", exact: true }).waitFor();
    expect(uploads).toEqual([]);
    await panel().getByRole("button", { name: "Push it to this project" }).click();
    await panel().getByText(`Brought 2.0.0 is in ${project.label} now`).waitFor();
    expect(uploads).toHaveLength(1);
    await panel().getByRole("link", { name: "Open the capsule" }).click();
    await studio.reach("Brought 2.0.0");
    await page.getByRole("button", { name: "Close the check" }).click();
    await panel().waitFor({ state: "detached" });
  });

  test("can be checked by who may only look; pushing says why not", async () => {
    await open(room(), "Capsules", {}, at(1));
    const made = await makeCapsule(project.key, { "a.txt": "a" }, { version: "2.1.0" });
    await page.getByLabel("A .caps file to check").setInputFiles({
      name: "mine.caps",
      mimeType: "application/zip",
      buffer: Buffer.from(await packContainer(made)),
    });
    await panel().getByRole("heading", { name: "Verified", exact: true }).waitFor();
    const push = panel().getByRole("button", { name: "Push it to this project" });
    expect(await push.getAttribute("aria-disabled")).toBe("true");
  });
});

describe("the page at /verify, which needs no account and no network", () => {
  test("checks a .caps by the keys that were typed in, and says what no key can prove", async () => {
    studio = await browser.open(null, OFFLINE);
    ({ page } = studio);
    await page.goto(`${inject("platform").url}/verify`, { waitUntil: "networkidle" });
    await studio.context.setOffline(true);
    const made = await makeCapsule(project.key, FILES, { name: "Greeter", version: "1.0.0" });
    const bytes = Buffer.from(await packContainer(made));
    const choose = (buffer: Buffer) =>
      page.setInputFiles("#evidence", { name: "greeter.caps", mimeType: "application/zip", buffer });
    await choose(bytes);
    await page.getByRole("heading", { name: "Whole; nobody's signature was checked" }).waitFor();
    await page.getByLabel("Public keys that you trust").fill(toBase64(project.key.publicKey));
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByRole("heading", { name: "Verified", exact: true }).waitFor();
    await page.getByText(made.capsuleDigest).first().waitFor();
    await studio.expectSound();
    const place = bytes.indexOf("It says hello.");
    bytes.write("It says HELLO.", place);
    await choose(bytes);
    await page.getByRole("heading", { name: "Not what it says it is" }).waitFor();
    expect(await step("Every file as the manifest says").textContent()).toContain("file-mismatch");
  });
});

describe.each(["dark", "light"] as const)("in the %s theme", (theme) => {
  test.each([
    ["at a desk", undefined],
    ["on a phone", PHONE],
  ])("every view is sound %s", async (_name, viewport) => {
    const options = viewport === undefined ? { theme } : { theme, viewport };
    await open(room(), "Capsules", options);
    await page.getByRole("row").nth(2).waitFor();
    await studio.expectSound();
    const ready: Readonly<Record<string, string>> = {
      contents: "package-lock.json",
      verification: "This is the report that let the capsule in",
      sbom: "Package URL",
      provenance: "How it was built",
      facts: "On the command line",
    };
    for (const [tab, text] of Object.entries(ready)) {
      await studio.goTo(pageOf(packed, `?tab=${tab}`), "Greeter 1.1.0");
      await page.getByText(text).first().waitFor({ state: "attached" });
      await studio.expectSound();
    }
    const { a, b } = { a: pushed.capsuleDigest, b: packed.capsuleDigest };
    await studio.goTo(room(`/compare?${new URLSearchParams({ a, b })}`), "Compare capsules");
    await page.getByText(/^Files: /).waitFor();
    await studio.expectSound();
    const made = await makeCapsule(project.key, FILES, { version: "4.0.0" });
    await drop("again.caps", await packContainer(made));
    await panel().getByRole("heading", { name: "Verified", exact: true }).waitFor();
    await studio.expectSound();
  });
});
