// Whatever is read gives a Result, never an exception: manifest, container, envelope, detached form, statements, keys.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { drawSeed } from "../../test/random/seeded-random.ts";
import { parseEnvelope, readStatement, verifyEnvelope } from "../signing/dsse.ts";
import { parsePrivateKey, parsePublicKey } from "../signing/key-format.ts";
import { parseAuthoredManifest } from "./authored-manifest.ts";
import { joinBytes } from "./bytes.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { type CapsuleFixture, inChunks, makeCapsule } from "./capsule-fixture.ts";
import { readContainer } from "./container-reader.ts";
import { parseDetached, writeDetached } from "./detached-capsule.ts";
import { isLicenseExpression } from "./license.ts";
import { checkManifest, parseManifest } from "./manifest.ts";
import { checkPath, findCollision } from "./path.ts";
import { parseStrictJson } from "./strict-json.ts";
import { verifyContainer } from "./verify-capsule.ts";
import { webHashing } from "./web-hashing.ts";

const RUNS = 1_500;
const decoder = new TextDecoder();
let capsule: CapsuleFixture;
let detached: Uint8Array;
beforeAll(async () => {
  capsule = await makeCapsule();
  detached = await writeDetached(capsule.manifest, capsule.envelopes, webHashing);
});

/** Values that programs stumble over, beside any JSON. */
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }),
  fc.constantFrom<unknown>(
    -0,
    2 ** 53,
    1e308,
    "",
    "\0",
    "\ud800",
    "__proto__",
    "../../x",
    "a".repeat(10_000),
    {},
    [],
    null,
    [[[[]]]],
    JSON.parse('{"__proto__":{"constructor":1},"toString":1}'),
  ),
);

/** Where in a JSON value something is to be replaced, taken out or added. */
type Edit = {
  readonly steps: readonly number[];
  readonly kind: "replace" | "delete" | "add";
  readonly value: unknown;
};
const edit: fc.Arbitrary<Edit> = fc.record({
  steps: fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }),
  kind: fc.constantFrom("replace", "delete", "add"),
  value: oddValue,
});

function applyEdit(value: unknown, { steps, kind, value: odd }: Edit): unknown {
  if (typeof value !== "object" || value === null) return odd;
  const keys = Object.keys(value);
  const [step = 0, ...rest] = steps;
  const key = keys[step % Math.max(1, keys.length)];
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  if (key === undefined || (rest.length === 0 && kind === "add")) {
    if (Array.isArray(copy)) copy.push(odd);
    else Reflect.set(copy, (JSON.stringify(odd) ?? "").slice(0, 20), odd);
  } else if (rest.length > 0)
    Reflect.set(copy, key, applyEdit(Reflect.get(copy, key), { steps: rest, kind, value: odd }));
  else if (kind === "delete") Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, odd);
  return copy;
}

/** Bytes changed in places, cut, or added to. */
type Cut = { readonly at: number; readonly removed: number; readonly added: Uint8Array };
const cuts = fc.array(
  fc.record({ at: fc.nat(), removed: fc.nat(64), added: fc.uint8Array({ maxLength: 64 }) }),
  { minLength: 1, maxLength: 4 },
);

function applyCuts(bytes: Uint8Array, list: readonly Cut[]): Uint8Array {
  return list.reduce((current, { at, removed, added }) => {
    const start = at % (current.length + 1);
    return joinBytes([current.subarray(0, start), added, current.subarray(start + removed)]);
  }, bytes);
}

/** As JSON that may well be no I-JSON. */
function looseBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value) ?? "undefined");
}

function options(what: string) {
  return { numRuns: RUNS, seed: drawSeed(what) | 0 };
}

describe("parsers that are given anything", () => {
  it("[C1] JSON, authored and stored manifests: any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        for (const result of [
          parseStrictJson(bytes, { maxBytes: 400 }),
          parseManifest(bytes),
          parseAuthoredManifest(bytes),
        ])
          expect(typeof result.ok).toBe("boolean");
      }),
      options("any bytes"),
    );
  });

  it("[C1, C7] manifests: a good one with anything in any place", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const value = edits.reduce(applyEdit, capsule.manifest as unknown);
        const checked = checkManifest(value);
        const parsed = parseManifest(looseBytes(value));
        if (parsed.ok) expect(canonicalBytes(parsed.value)).toEqual(looseBytes(value));
        if (!checked.ok) expect(checked.reason.issues.length).toBeGreaterThan(0);
        parseAuthoredManifest(looseBytes(value));
      }),
      options("edited manifests"),
    );
  });

  it("[C2] manifests: the canonical bytes, cut and pasted", () => {
    fc.assert(
      fc.property(cuts, (list) => {
        const changed = applyCuts(canonicalBytes(capsule.manifest), list);
        const parsed = parseManifest(changed);
        // What is accepted is canonical: it is written again as it stood.
        if (parsed.ok) expect(canonicalBytes(parsed.value)).toEqual(changed);
      }),
      options("cut manifests"),
    );
  });

  it("[K3] containers: any bytes, and a good one cut and pasted, in pieces of any size", async () => {
    const container = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      cuts.map((list) => applyCuts(capsule.container, list)),
    );
    await fc.assert(
      fc.asyncProperty(container, fc.integer({ min: 1, max: 5_000 }), async (bytes, chunkBytes) => {
        const result = await readContainer(inChunks(bytes, chunkBytes), { hashing: webHashing });
        const report = await verifyContainer(inChunks(bytes, chunkBytes), {
          trust: capsule.trust,
          hashing: webHashing,
        });
        expect(result.ok).toBe(report.verdict === "pass");
        if (!result.ok) {
          expect(result.reason.offset).toBeGreaterThanOrEqual(0);
          expect(result.reason.offset).toBeLessThanOrEqual(bytes.length);
        }
      }),
      options("containers"),
    );
  });

  it("[S1, S4] envelopes: a good one with anything in any place, and cut and pasted", async () => {
    const good = capsule.envelopes[0] ?? new Uint8Array(0);
    const changed = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      cuts.map((list) => applyCuts(good, list)),
      fc.array(edit, { minLength: 1, maxLength: 2 }).map((edits) => {
        return looseBytes(edits.reduce(applyEdit, JSON.parse(decoder.decode(good))));
      }),
    );
    await fc.assert(
      fc.asyncProperty(changed, async (bytes) => {
        const parsed = parseEnvelope(bytes);
        if (!parsed.ok) return;
        const verified = await verifyEnvelope(parsed.value, []);
        expect(verified.ok).toBe(false);
        readStatement(parsed.value);
      }),
      options("envelopes"),
    );
  });

  it("[K4] detached capsules: cut and pasted, and with anything in any place", async () => {
    const changed = fc.oneof(
      cuts.map((list) => applyCuts(detached, list)),
      edit.map((one) => looseBytes(applyEdit(JSON.parse(decoder.decode(detached)), one))),
    );
    await fc.assert(
      fc.asyncProperty(changed, async (bytes) => {
        expect(typeof (await parseDetached(bytes, webHashing)).ok).toBe("boolean");
      }),
      options("detached capsules"),
    );
  });

  it("[C5] paths: any text, alone and together", () => {
    const path = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc
        .array(
          fc.constantFrom("a", "A", "..", ".", "/", "\\", "ß", "ss", "ﬁ", "℀", " ", "con", "\0", "e\u0301"),
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(fc.array(path, { maxLength: 12 }), (paths) => {
        for (const one of paths) expect(typeof checkPath(one).ok).toBe("boolean");
        findCollision(paths);
      }),
      options("paths"),
    );
  });

  it("[S7, C7] keys and licences: any text", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.base64String(),
      fc.base64String().map((body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`),
      fc
        .array(fc.constantFrom("MIT", "AND", "OR", "WITH", "(", ")", "+", " "))
        .map((parts) => parts.join(" ")),
    );
    await fc.assert(
      fc.asyncProperty(text, async (one) => {
        expect(typeof parsePublicKey(one).ok).toBe("boolean");
        expect(typeof (await parsePrivateKey(one)).ok).toBe("boolean");
        expect(typeof isLicenseExpression(one)).toBe("boolean");
      }),
      options("keys"),
    );
  });
});
