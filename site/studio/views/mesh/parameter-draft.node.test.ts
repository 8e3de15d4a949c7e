// The form, its text and its presets say the same thing, and what is wrong is said where it is wrong.
import { describe, expect, it } from "vitest";
import { meshParametersInputSchema } from "../../../../schemas/mesh-parameters.ts";
import {
  checkDraft,
  errorsElsewhere,
  errorsOf,
  formatDraft,
  parameterOf,
  parseDraft,
  parseJson,
  setParameter,
} from "./parameter-draft.ts";
import { PARAMETER_DEFAULTS, PARAMETER_GROUPS } from "./parameter-fields.ts";
import { PRESETS } from "./presets.ts";

const SERVICES = [{ name: "app", digest: `sha256:${"a".repeat(64)}` }];
const FIELDS = PARAMETER_GROUPS.flatMap(({ fields }) => fields);

describe("the fields", () => {
  it("are every parameter once; the seed has a field of its own", () => {
    const names = [...FIELDS.map(({ name }) => name), "seed"].sort();
    expect(names).toEqual(Object.keys(meshParametersInputSchema.shape).sort());
  });

  it("reach no further than the schema does", () => {
    for (const field of FIELDS) {
      if (field.kind !== "number") continue;
      const [lowest, highest] = field.bounds;
      for (const value of [lowest, highest, Math.min(field.sliderMax, highest)])
        expect(errorsOf(checkDraft({ [field.name]: value }, SERVICES), field.name)).toEqual([]);
      const beyond = errorsOf(checkDraft({ [field.name]: highest + 1 }, SERVICES), field.name);
      expect(beyond.join()).toMatch(`from ${lowest} to ${highest}`);
    }
  });

  it("offer only choices that there are", () => {
    for (const field of FIELDS) {
      if (field.kind !== "choice") continue;
      for (const { value } of field.choices)
        expect(checkDraft({ [field.name]: value }, SERVICES)).toEqual([]);
    }
  });
});

describe("a draft", () => {
  it("says only what differs from the defaults, and goes through its text unchanged", () => {
    let draft = setParameter({}, "nodes", 7);
    draft = setParameter(draft, "packetLoss", 2.5);
    expect(draft).toEqual({ nodes: 7, packetLoss: 2.5 });
    expect(parseDraft(formatDraft(draft))).toEqual({ ok: true, value: draft });
    expect(setParameter(draft, "nodes", PARAMETER_DEFAULTS.nodes)).toEqual({ packetLoss: 2.5 });
    expect(parameterOf(draft, "nodes")).toBe(7);
    expect(parameterOf(draft, "healMs")).toBe(30_000);
    expect(setParameter({ seed: 4 }, "seed", undefined)).toEqual({});
  });

  it("text that is no object of JSON is told, and changes nothing", () => {
    expect(parseDraft('{"nodes": 3,').ok).toBe(false);
    expect(parseDraft("[1]")).toMatchObject({
      ok: false,
      reason: expect.stringContaining("one JSON object"),
    });
    expect(parseJson(" ")).toEqual({ ok: true, value: undefined });
  });

  it("each error stands at its field, with the way into it", () => {
    const errors = checkDraft(
      { nodes: 1, chaos: [{ node: "node-9", at: -1, action: "melt" }], nonsense: true },
      SERVICES,
    );
    expect(errorsOf(errors, "nodes")).toEqual(["must be a whole number from 2 to 10"]);
    expect(errorsOf(errors, "chaos").length).toBeGreaterThan(1);
    expect(errorsOf(errors, "chaos").every((text) => text.startsWith("0."))).toBe(true);
    expect(errorsElsewhere(errors, ["nodes", "chaos"]).map(({ path }) => path)).toEqual(["nonsense"]);
  });

  it("what the platform says of a field is found under the same name", () => {
    const errors = [{ path: "params.previous", message: "must be a capsule of this project" }];
    expect(errorsOf(errors, "previous")).toEqual(["must be a capsule of this project"]);
    expect(errorsElsewhere(errors, ["previous"])).toEqual([]);
  });

  it("drift must be of a service that the capsule has", () => {
    const drift = [{ node: "node-2", service: "web", digest: `sha256:${"b".repeat(64)}` }];
    expect(errorsOf(checkDraft({ drift }, SERVICES), "drift")).toEqual([
      "0.service: must be a service of the capsule: app",
    ]);
  });
});

describe("the presets", () => {
  it.each(PRESETS.map((preset) => [preset.name, preset] as const))(
    "%s is valid and names no seed",
    (_, preset) => {
      expect(checkDraft(preset.draft, SERVICES)).toEqual([]);
      expect(Object.keys(preset.draft)).not.toContain("seed");
      const names = FIELDS.map(({ name }) => name as string);
      expect(Object.keys(preset.draft).every((name) => names.includes(name))).toBe(true);
    },
  );
});
