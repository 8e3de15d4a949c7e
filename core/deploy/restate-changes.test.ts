import { describe, expect, test } from "vitest";
import type { AuthoredManifestInput } from "../../schemas/manifest.ts";
import { MAX_RESTATED_FILES } from "../../schemas/restatement.ts";
import { makeCapsule } from "../capsule/capsule-fixture.ts";
import { restateChanges } from "./restate-changes.ts";

type App = NonNullable<AuthoredManifestInput["app"]>;

async function manifestOf(texts: Readonly<Record<string, string>>, app: App = {}, version = "1.0.0") {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return (await makeCapsule(files, { version, app: { entry: "a.js", ...app } })).manifest;
}

describe("what a release changes", () => {
  test("is told file by file, with counts", async () => {
    const live = await manifestOf({ "a.js": "1", "b.js": "2", "c.js": "3" });
    const next = await manifestOf({ "a.js": "1", "b.js": "22", "d.js": "4" }, {}, "1.1.0");
    const changes = await restateChanges(live, next);
    expect(changes).toEqual({
      files: {
        addedCount: 1,
        modifiedCount: 1,
        removedCount: 1,
        lines: ["~ b.js", "- c.js", "+ d.js"],
      },
      settings: [],
      variables: [],
      secrets: [],
    });
  });

  test("names variables and secrets, and never says a value", async () => {
    const live = await manifestOf({ "a.js": "1" }, { env: { KEPT: "k", GONE: "hush-1", MOVED: "hush-2" } });
    const next = await manifestOf(
      { "a.js": "1" },
      { env: { KEPT: "k", MOVED: "hush-3", NEW: "hush-4" }, secrets: ["TOKEN"], health: "/up" },
    );
    const changes = await restateChanges(live, next);
    expect(changes.variables).toEqual(["GONE", "MOVED", "NEW"]);
    expect(changes.secrets).toEqual(["TOKEN"]);
    expect(changes.settings).toEqual(["/app/health"]);
    expect(JSON.stringify(changes)).not.toContain("hush");
  });

  test("of a first release is all its files and names", async () => {
    const changes = await restateChanges(null, await manifestOf({ "a.js": "1" }, { env: { ONE: "1" } }));
    expect(changes.files).toMatchObject({ addedCount: 1, lines: ["+ a.js"] });
    expect(changes.variables).toEqual(["ONE"]);
    expect(changes.settings).toEqual([]);
  });

  test("of equal capsules is nothing", async () => {
    const manifest = await manifestOf({ "a.js": "1" });
    const changes = await restateChanges(manifest, manifest);
    expect(changes.files.lines).toEqual([]);
    expect([...changes.settings, ...changes.variables, ...changes.secrets]).toEqual([]);
  });

  test(`beyond ${MAX_RESTATED_FILES} files is counted, not told one by one`, async () => {
    const texts = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}.js`, "x"]));
    const { files } = await restateChanges(null, await manifestOf({ "a.js": "1", ...texts }));
    expect(files.addedCount).toBe(151);
    expect(files.lines).toHaveLength(MAX_RESTATED_FILES);
  });
});
