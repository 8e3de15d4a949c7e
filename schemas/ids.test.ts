import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createId, ID_PREFIXES, type IdKind, isId } from "./ids.ts";

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));

describe("an id", () => {
  test("says its kind by a prefix that no other kind has", () => {
    const prefixes = Object.values(ID_PREFIXES);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z]{3}_$/);
    for (const kind of KINDS) {
      const id = createId(kind, random);
      expect(id).toMatch(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{20}$/);
      expect(KINDS.filter((candidate) => isId(candidate, id))).toEqual([kind]);
    }
  });

  test("comes from the random bytes alone, five bits of each", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const id = createId("project", () => bytes);
        const masked = createId("project", () => bytes.map((byte) => byte & 31));
        expect(id).toBe(masked);
        expect(isId("project", id)).toBe(true);
      }),
    );
    expect(createId("project", (count) => new Uint8Array(count))).toBe(`prj_${"0".repeat(20)}`);
    expect(createId("deploy", (count) => new Uint8Array(count).fill(31))).toBe(`dep_${"z".repeat(20)}`);
  });

  test("asks for as many bytes as it needs", () => {
    const asked: number[] = [];
    createId("event", (count) => {
      asked.push(count);
      return new Uint8Array(count);
    });
    expect(asked).toEqual([20]);
  });

  test("is not an id when cut, lengthened, of another alphabet or another kind", () => {
    const id = createId("run", random);
    const wrong = [
      "",
      "run_",
      id.slice(0, -1),
      `${id}0`,
      id.slice(4),
      ID_PREFIXES.deploy + id.slice(4),
      `run_${"u".repeat(20)}`,
      `run_${"I".repeat(20)}`,
      id.toUpperCase(),
      ` ${id.slice(1)}`,
    ];
    for (const text of wrong) expect(isId("run", text), text).toBe(false);
  });
});
