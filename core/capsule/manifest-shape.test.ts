// The fast look at a manifest's files and the schema say the same, of any value.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Manifest, manifestSchema } from "../../schemas/manifest.ts";
import { drawSeed } from "../../test/random/seeded-random.ts";
import { makeCapsule } from "./capsule-fixture.ts";
import { parseManifestShape } from "./manifest-shape.ts";

let manifest: Manifest;
beforeAll(async () => {
  manifest = (await makeCapsule()).manifest;
});

const good = fc.record({
  mode: fc.constantFrom("file", "executable"),
  path: fc.string({ minLength: 1, maxLength: 40 }),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  sizeBytes: fc.maxSafeNat(),
});
const odd = fc.oneof(
  fc.anything(),
  fc.constantFrom(-0, -1, 0.5, 2 ** 53, Number.NaN, "", "x".repeat(1_024), "x".repeat(1_025), "A".repeat(64)),
);
/** A line with one field of another value, one too many, one too few, or in another order. */
const nearlyGood = fc
  .tuple(good, fc.constantFrom("mode", "path", "sha256", "sizeBytes", "extra", "__proto__"), odd, fc.nat(3))
  .map(([line, name, value, kind]) => {
    const entries = Object.entries(line);
    if (kind === 0) return Object.fromEntries(entries.toReversed());
    if (kind === 1) return Object.fromEntries(entries.filter(([key]) => key !== name));
    return Object.fromEntries([...entries.filter(([key]) => key !== name), [name, value]]);
  });
const lines = fc.oneof(
  fc.array(good, { maxLength: 5 }),
  fc.array(fc.oneof(good, nearlyGood, odd), { maxLength: 5 }),
  fc.anything(),
);

describe("parseManifestShape", () => {
  it("[C1] [C4] gives what the schema gives, with any lines of files", () => {
    const seed = drawSeed("manifest shape");
    let validCount = 0;
    fc.assert(
      fc.property(lines, fc.constantFrom({}, { name: 7 }, { extra: 1 }), (files, changes) => {
        const value = { ...manifest, files, ...changes };
        const expected = manifestSchema.safeParse(value);
        const actual = parseManifestShape(value);
        expect(actual.success).toBe(expected.success);
        expect(actual.data).toEqual(expected.data);
        // Fields in the same order, too: that is what is written.
        expect(JSON.stringify(actual.data)).toBe(JSON.stringify(expected.data));
        expect(actual.error?.issues).toEqual(expected.error?.issues);
        validCount += expected.success ? 1 : 0;
      }),
      { seed, numRuns: 2_000 },
    );
    expect(validCount).toBeGreaterThan(100);
  });

  it("[C1] gives what the schema gives for what is no manifest at all", () => {
    for (const value of [null, undefined, 1, "files", [], { files: [] }, { files: null }]) {
      const actual = parseManifestShape(value);
      expect(actual.error?.issues).toEqual(manifestSchema.safeParse(value).error?.issues);
    }
  });

  it("[C4] gives lines of its own: a change of what was parsed changes no manifest", () => {
    const line = { mode: "file", path: "a", sha256: "0".repeat(64), sizeBytes: 1 };
    const parsed = parseManifestShape({ ...manifest, files: [line] });
    line.path = "b";
    expect(parsed.data?.files[0]?.path).toBe("a");
  });
});
