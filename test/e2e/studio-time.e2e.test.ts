// The Time Machine and the files in a real browser: scrub, search, compare, branch, restore and undo, pin, edit, conflict.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { makeCanaries } from "../../core/capsule/secret-fixture.ts";
import { committedSchema, treeSchema } from "../../schemas/api/history.ts";
import { makeGreeter } from "./support/capsule-maker.ts";
import { type House, makeHouse, type Person } from "./support/people.ts";
import { PHONE, StudioBrowser, type StudioOptions, type StudioPage } from "./support/studio-browser.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

/** Of a shape that the rules know. */
const SECRET = makeCanaries(7).find(({ text }) => /^\w+$/.test(text))?.text ?? "";
const NOTES = "notes/plan.txt";
const EVENTS_OF_A_LONG_HISTORY = 1_300;

let browser: StudioBrowser;
let house: House;
let project: TestProject;
let opened: StudioPage[] = [];

beforeAll(async () => {
  browser = await StudioBrowser.start();
  house = await makeHouse(["owner", "creator", "viewer"]);
  project = await makeProject(at(0).api);
  await project.push(await makeGreeter(project.key, "hello"), "main");
});
afterAll(() => browser.close());
afterEach(async () => {
  const pages = opened;
  opened = [];
  for (const page of pages) await page.end();
});

function at(index: number): Person {
  const person = house.people[index];
  if (person === undefined) throw new Error(`nobody is number ${index}`);
  return person;
}

async function open(path: string, heading: string, person = at(0), options: StudioOptions = {}) {
  const studio = await browser.open(person, options);
  opened.push(studio);
  await studio.goTo(`/studio/p/${project.label}${path}`, heading);
  await studio.connection("Live");
  return studio;
}

async function headOf(branch = "main"): Promise<number> {
  return (await project.facts()).branches.find(({ name }) => name === branch)?.headSeq ?? 0;
}

/** A commit from elsewhere; gives its seq. */
async function commit(text: string, message: string, path = NOTES): Promise<number> {
  const bytes = new TextEncoder().encode(text);
  const sha256 = nodeHashing.sha256HexSync?.(bytes) ?? "";
  expect((await project.putBlob(sha256, bytes)).status).toBe(200);
  const json = { branch: "main", expectedHead: await headOf(), files: [{ path, sha256 }], message };
  return (await project.api.post(project.path("/commits"), json)).expect(201, committedSchema).event.seq;
}

async function textNow(path = NOTES): Promise<string> {
  return (await project.api.get(project.path(`/files/${path}`))).text;
}

function slider({ page }: StudioPage, name = "The moment that is looked at") {
  return page.getByRole("slider", { name });
}

async function expectAt(studio: StudioPage, seq: number): Promise<void> {
  await studio.page.getByRole("region", { name: `The moment #${seq}` }).waitFor();
  expect(await slider(studio).getAttribute("aria-valuenow")).toBe(String(seq));
}

describe("the Time Machine", () => {
  test("scrubs by keyboard and by pointer; the moment has its facts, files and difference, and an address", async () => {
    const first = await commit("one\n", "Plan, part one");
    const second = await commit("one\ntwo\n", "Plan, part two");
    const studio = await open("/time", "Time Machine");
    const { page } = studio;
    await expectAt(studio, second);
    await slider(studio).focus();
    await page.keyboard.press("ArrowLeft");
    await expectAt(studio, first);
    await page.waitForURL(`**/time?at=${first}`);
    const moment = page.getByRole("region", { name: `The moment #${first}` });
    await moment.getByText("main: Plan, part one").waitFor();
    await moment.getByRole("link", { name: NOTES }).waitFor();
    await moment.getByLabel(`What differs in ${NOTES}`).getByText("two").waitFor();
    // The same address shows the same moment.
    await page.reload();
    await expectAt(studio, first);

    const box = await page.locator(".time-surface").boundingBox();
    if (box === null) throw new Error("the timeline is not drawn");
    const y = box.y + box.height - 10;
    await page.mouse.move(box.x + box.width - 4, y);
    await page.mouse.down();
    const seen = new Set<string | null>();
    for (let share = 0.98; share > 0.02; share -= 0.04) {
      await page.mouse.move(box.x + box.width * share, y);
      seen.add(await slider(studio).getAttribute("aria-valuenow"));
    }
    await page.mouse.up();
    await expectAt(studio, 1);
    expect(seen.size).toBe(second);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await expectAt(studio, second);
    expect(new URL(page.url()).search).toBe("");
  });

  test("what happens elsewhere is there at once; who looks at now goes with it, who looks at the past stays", async () => {
    const studio = await open("/time", "Time Machine");
    const seq = await commit("one\ntwo\nthree\n", "From elsewhere");
    await expectAt(studio, seq);
    await slider(studio).focus();
    await studio.page.keyboard.press("Home");
    await expectAt(studio, 1);
    const next = await commit("one\ntwo\nthree\nfour\n", "Again from elsewhere");
    await studio.page.getByRole("option", { name: /Again from elsewhere/ }).waitFor();
    await expectAt(studio, 1);
    expect(await slider(studio).getAttribute("aria-valuemax")).toBe(String(next));
  });

  test("finds by words, source and type; the search stands in the address, and the list is walked by keys", async () => {
    const wanted = await commit("needle\n", "A needle in the hay");
    await commit("hay\n", "Hay again");
    const studio = await open("/time", "Time Machine");
    const { page } = studio;
    await page.getByRole("searchbox", { name: "Search events" }).fill("needle hay");
    await page.getByText("1 found").waitFor();
    await page.waitForURL("**q=needle+hay*");
    const list = page.getByRole("listbox", { name: "Events, the newest first" });
    expect(await list.getByRole("option").count()).toBe(1);
    await list.focus();
    await page.keyboard.press("Home");
    await expectAt(studio, wanted);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("Source").selectOption("capsule");
    await page.getByText("1 found").waitFor();
    await page.reload();
    await page.getByText("1 found").waitFor();
    await page.getByRole("searchbox", { name: "Search events" }).fill("nowhere at all");
    await page.getByText("No event is like that").waitFor();
  });

  test("compares with a second handle", async () => {
    const from = await commit("alpha\n", "Alpha");
    const middle = await commit("beta\n", "Beta");
    const last = await commit("gamma\n", "Gamma");
    const studio = await open(`/time?at=${from}`, "Time Machine");
    const { page } = studio;
    await page.getByRole("button", { name: "Compare" }).click();
    const second = slider(studio, "The moment that it is compared with");
    await second.focus();
    expect(await second.getAttribute("aria-valuenow")).toBe(String(last));
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(`**/time?at=${from}&to=${middle}`);
    await page.getByRole("heading", { name: `From #${from} to #${middle}` }).waitFor();
    const difference = page.getByLabel(`What differs in ${NOTES}`);
    await difference.getByText("beta").first().waitFor();
    expect(await difference.textContent()).not.toContain("gamma");
  });

  test("branches from a moment, and the fork stands on the timeline", async () => {
    const seq = await commit("to branch from\n", "To branch from");
    const studio = await open(`/time?at=${seq}`, "Time Machine");
    const { page } = studio;
    await page.getByRole("button", { name: "Branch from here" }).click();
    const dialog = page.getByRole("dialog", { name: `Branch from #${seq}` });
    await dialog.getByLabel("Name of the branch").fill("idea");
    await page.keyboard.press("Enter");
    await page.locator(".time-row", { hasText: "idea" }).waitFor();
    const began = await headOf("idea");
    await expectAt(studio, began);
    await page.getByRole("heading", { name: "Files then on idea" }).waitFor();
    const moment = await project.api.get(project.path("/tree?branch=idea"));
    const main = await project.api.get(project.path(`/tree?at=${seq}`));
    expect(moment.expect(200, treeSchema).snapshot).toEqual(main.expect(200, treeSchema).snapshot);
  });

  test("restores as a new event, and undoes that with one click", async () => {
    const good = await commit("good\n", "Good");
    await commit("bad\n", "Bad");
    const studio = await open(`/time?at=${good}`, "Time Machine");
    const { page } = studio;
    const lastSeq = (await project.facts()).lastSeq;
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText(`main is again as it was at #${good}`).waitFor();
    expect(await textNow()).toBe("good\n");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: main is again as it was").waitFor();
    expect(await textNow()).toBe("bad\n");
    expect((await project.facts()).lastSeq).toBe(lastSeq + 2);
  });

  test("an undo that would take somebody's work back is refused, and says so", async () => {
    const good = await commit("good again\n", "Good again");
    await commit("worse\n", "Worse");
    const studio = await open(`/time?at=${good}`, "Time Machine", at(0), { expectedComplaint: /409/ });
    const { page } = studio;
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText(`main is again as it was at #${good}`).waitFor();
    await commit("somebody's work\n", "Somebody's work");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Not undone.").waitFor();
    expect(await textNow()).toBe("somebody's work\n");
  });

  test("recreates the capsule of a moment", async () => {
    const seq = await commit("to be packed\n", "To be packed");
    const studio = await open(`/time?at=${seq}`, "Time Machine");
    const before = (await project.capsules()).length;
    await studio.page.getByRole("button", { name: "Recreate capsule" }).click();
    await studio.page.getByText(/Packed and signed/).waitFor();
    expect((await project.capsules()).length).toBe(before + 1);
  });

  test("a pinned moment has its name on every open timeline, at once", async () => {
    const seq = await commit("to be pinned\n", "To be pinned");
    const other = await open("/time", "Time Machine", at(2));
    const studio = await open(`/time?at=${seq}`, "Time Machine", at(1));
    const { page } = studio;
    await page.getByRole("button", { name: "Pin", exact: true }).click();
    await page.getByLabel("Name of the moment").fill("The day it worked");
    await page.keyboard.press("Enter");
    await other.page.getByRole("button", { name: `The day it worked #${seq}` }).click();
    await expectAt(other, seq);
    await page.getByRole("button", { name: "Pinned", exact: true }).click();
    await page.getByRole("button", { name: "Unpin" }).click();
    await other.page.getByRole("list", { name: "Pinned moments" }).waitFor({ state: "detached" });
  });

  test("who may only look is told why, and can scrub all the same", async () => {
    const studio = await open("/time", "Time Machine", at(2));
    const branch = studio.page.getByRole("button", { name: "Branch from here" });
    expect(await branch.getAttribute("aria-disabled")).toBe("true");
    await branch.hover();
    await studio.page
      .locator("[role=tooltip]:popover-open", { hasText: "Your role here is viewer" })
      .waitFor();
    await slider(studio).focus();
    await studio.page.keyboard.press("Home");
    await expectAt(studio, 1);
  });
});

describe("the past of a long history", () => {
  test("comes in behind what is shown, all of it, and the first event can be gone to", async () => {
    const long = await makeProject(at(0).api);
    for (let count = 0; count < EVENTS_OF_A_LONG_HISTORY; count += 50) {
      const names = Array.from({ length: 50 }, (_, index) => `Name ${count + index}`);
      const put = (name: string) => long.api.send("PUT", long.path("/pins/1"), { json: { name } });
      const answers = await Promise.all(names.map(put));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    const { lastSeq } = await long.facts();
    const studio = await browser.open(at(0));
    opened.push(studio);
    await studio.goTo(`/studio/p/${long.label}/time?at=3`, "Time Machine");
    await studio.page.getByRole("region", { name: "The moment #3" }).getByText("#1 as Name").waitFor();
    await slider(studio).focus();
    expect(await slider(studio).getAttribute("aria-valuemin")).toBe("1");
    expect(await slider(studio).getAttribute("aria-valuemax")).toBe(String(lastSeq));
    // A list of so many has only the rows that are in view.
    expect(await studio.page.getByRole("option").count()).toBeLessThan(60);
    await studio.page.getByRole("listbox").focus();
    await studio.page.keyboard.press("End");
    await expectAt(studio, lastSeq);
  });
});

describe("the files", () => {
  test("are read at any moment, and two moments are compared", async () => {
    const then = await commit("then\n", "Then");
    const now = await commit("now\n", "Now it is so");
    const studio = await open(`/files?at=${then}&path=${NOTES}`, "Files");
    const { page } = studio;
    const file = page.getByRole("region", { name: NOTES, exact: true });
    await file.getByText("then", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Go to now" }).click();
    await file.getByText("now", { exact: true }).waitFor();
    await page.getByLabel("Compare with").selectOption(String(then));
    await page.getByRole("heading", { name: new RegExp(`From #${then} to #${now}`) }).waitFor();
    await page.getByRole("radio", { name: "Side by side" }).check();
    const difference = page.getByLabel(`What differs in ${NOTES}`);
    await difference.getByText("then").first().waitFor();
    await page.getByRole("searchbox", { name: "Find a file" }).fill("plan");
    expect(
      await page.getByRole("navigation", { name: "Files of this moment" }).getByRole("link").count(),
    ).toBe(1);
  });

  test("an edit is a commit with a message, and one click takes it back", async () => {
    await commit("before the edit\n", "Before the edit");
    const studio = await open(`/files?path=${NOTES}`, "Files");
    const { page } = studio;
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel(`Text of ${NOTES}`).fill("after the edit\n");
    await page.getByLabel("Message").fill("Edited in the Studio");
    await page.getByRole("button", { name: "Commit", exact: true }).click();
    await page.getByText(/Committed to main as event/).waitFor();
    expect(await textNow()).toBe("after the edit\n");
    const events = await project.events("&type=commit.created");
    expect(events.at(-1)?.data).toMatchObject({ branch: "main", message: "Edited in the Studio" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone").waitFor();
    expect(await textNow()).toBe("before the edit\n");
  });

  test("an edit that another one overtook is never lost: compare, take both, commit", async () => {
    await commit("a\nb\nc\nd\n", "Four lines");
    const studio = await open(`/files?path=${NOTES}`, "Files");
    const { page } = studio;
    await page.getByRole("button", { name: "Edit" }).click();
    const text = page.getByLabel(`Text of ${NOTES}`);
    await text.fill("MINE\nb\nc\nd\n");
    await page.getByLabel("Message").fill("Mine");
    await commit("a\nb\nc\nTHEIRS\n", "Theirs");
    const conflict = page.getByRole("alert", { name: "The branch has moved" });
    await conflict.getByText("Theirs").waitFor();
    expect(await text.inputValue()).toBe("MINE\nb\nc\nd\n");
    await conflict.getByRole("button", { name: "Compare" }).click();
    await conflict.getByLabel(/What differs/).waitFor();
    await conflict.getByRole("button", { name: "Take both changes" }).click();
    expect(await text.inputValue()).toBe("MINE\nb\nc\nTHEIRS\n");
    await page.getByRole("button", { name: "Commit", exact: true }).click();
    await page.getByText(/Committed to main/).waitFor();
    expect(await textNow()).toBe("MINE\nb\nc\nTHEIRS\n");
  });

  test("a commit that comes too late is refused, keeps the text, and goes on top when asked", async () => {
    await commit("old\n", "Old");
    const studio = await open(`/files?path=${NOTES}`, "Files", at(0), {
      expectedComplaint: /409|Failed to load resource|WebSocket/,
    });
    const { page } = studio;
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel(`Text of ${NOTES}`).fill("mine\n");
    await page.getByLabel("Message").fill("Mine on top");
    // The commit arrives after somebody else's, which this page has not heard of yet.
    await page.route(
      "**/commits",
      async (route) => {
        await commit("theirs\n", "Theirs came first");
        await route.continue();
      },
      { times: 1 },
    );
    await page.getByRole("button", { name: "Commit", exact: true }).click();
    const conflict = page.getByRole("alert", { name: "The branch has moved" });
    await conflict.getByText("your commit was not taken").waitFor();
    expect(await textNow()).toBe("theirs\n");
    // A reload does not lose it either.
    await page.reload();
    await page.getByText("Your uncommitted edit of earlier").waitFor();
    expect(await page.getByLabel(`Text of ${NOTES}`).inputValue()).toBe("mine\n");
    await conflict.getByText("The same lines were changed by both").waitFor();
    await conflict.getByRole("button", { name: "Commit mine on top" }).click();
    await page.getByText(/Committed to main/).waitFor();
    expect(await textNow()).toBe("mine\n");
  });

  test("a message that holds a secret is refused, and the text stays", async () => {
    await commit("plain\n", "Plain");
    const studio = await open(`/files?path=${NOTES}`, "Files", at(0), { expectedComplaint: /400/ });
    const { page } = studio;
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel(`Text of ${NOTES}`).fill("edited\n");
    await page.getByLabel("Message").fill(`Use ${SECRET}`);
    await page.getByRole("button", { name: "Commit", exact: true }).click();
    await page.getByText(/must not be kept here/).waitFor();
    expect(await page.getByLabel(`Text of ${NOTES}`).inputValue()).toBe("edited\n");
    expect(await textNow()).toBe("plain\n");
  });

  test("pictures are seen, what is no text is told, and both can be downloaded", async () => {
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64",
    );
    for (const [path, bytes] of [
      ["notes/dot.png", new Uint8Array(png)],
      ["notes/raw.bin", new Uint8Array([0, 1, 2, 255])],
    ] as const) {
      const sha256 = nodeHashing.sha256HexSync?.(bytes) ?? "";
      expect((await project.putBlob(sha256, bytes)).status).toBe(200);
      const json = { branch: "main", expectedHead: await headOf(), files: [{ path, sha256 }], message: path };
      (await project.api.post(project.path("/commits"), json)).expect(201, committedSchema);
    }
    const studio = await open("/files?path=notes/dot.png", "Files");
    const { page } = studio;
    const image = page.getByRole("img", { name: "notes/dot.png" });
    await image.waitFor();
    await page.getByText("1 × 1 pixels").waitFor();
    await page.getByRole("link", { name: "raw.bin" }).click();
    await page.getByText("Not text").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("raw.bin");
  });
});

describe("for everybody", () => {
  for (const theme of ["dark", "light"] as const) {
    test(`no violation that axe finds, on a desk and on a telephone, ${theme}`, async () => {
      const seq = await headOf();
      const pages = [
        [`/time?at=${seq}&to=1`, "Time Machine"],
        [`/files?path=${NOTES}`, "Files"],
      ] as const;
      for (const [path, heading] of pages) {
        for (const options of [{ theme }, { theme, viewport: PHONE }]) {
          const studio = await open(path, heading, at(0), options);
          if (heading === "Files")
            await studio.page.getByRole("region", { name: NOTES, exact: true }).waitFor();
          else await studio.page.getByRole("heading", { name: /^From #1/ }).waitFor();
          await studio.expectSound();
        }
      }
    });
  }
});
