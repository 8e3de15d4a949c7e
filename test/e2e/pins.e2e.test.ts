// Pinned moments: named once, seen by all, and every change of them an event.
import { beforeAll, expect, test } from "vitest";
import { makeCanaries } from "../../core/capsule/secret-fixture.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { MAX_PIN_NAME_CHARACTERS, pinSchema } from "../../schemas/api/pins.ts";
import { ownerClient } from "./support/api-client.ts";
import { expectRefusal } from "./support/expect-refusal.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

/** Of a shape that the rules know. */
const SECRET = makeCanaries(7).find(({ text }) => /^\w+$/.test(text))?.text ?? "";

let project: TestProject;

beforeAll(async () => {
  project = await makeProject(ownerClient());
});

async function pin(seq: number, name: string) {
  return await project.api.send("PUT", project.path(`/pins/${seq}`), { json: { name } });
}

async function pins() {
  return (await project.api.get(project.path("/pins"))).expect(200, pageSchema(pinSchema)).items;
}

test("a moment is pinned, renamed and unpinned, and the timeline tells each of it", async () => {
  expect(await pins()).toEqual([]);
  const made = (await pin(1, "  The beginning ")).expect(200, pinSchema);
  expect(made).toMatchObject({ at: 1, name: "The beginning" });
  (await pin(1, "Day one")).expect(200, pinSchema);
  expect(await pins()).toMatchObject([{ at: 1, name: "Day one" }]);
  expect((await project.api.send("DELETE", project.path("/pins/1"))).status).toBe(204);
  expect(await pins()).toEqual([]);
  const told = (await project.events()).filter(({ type }) => type.startsWith("moment."));
  expect(told.map(({ type, data }) => [type, data])).toEqual([
    ["moment.pinned", { at: 1, name: "The beginning" }],
    ["moment.pinned", { at: 1, name: "Day one" }],
    ["moment.unpinned", { at: 1 }],
  ]);
});

test("the same name again is no event", async () => {
  (await pin(2, "Twice")).expect(200, pinSchema);
  const { lastSeq } = await project.facts();
  const again = (await pin(2, "Twice")).expect(200, pinSchema);
  expect(again.name).toBe("Twice");
  expect((await project.facts()).lastSeq).toBe(lastSeq);
});

test("a moment that is not there, a name that is none, and a pin that is none are refused", async () => {
  await expectRefusal(project, () => pin(9_999, "later"), "not-found", /no event 9999 yet/);
  await expectRefusal(project, () => pin(1, "   "), "validation", /name/);
  await expectRefusal(project, () => pin(1, "x".repeat(MAX_PIN_NAME_CHARACTERS + 1)), "validation", /name/);
  await expectRefusal(project, () => pin(1, SECRET), "secret", /name/);
  const remove = () => project.api.send("DELETE", project.path("/pins/1"));
  await expectRefusal(project, remove, "not-found", /not pinned/);
});
