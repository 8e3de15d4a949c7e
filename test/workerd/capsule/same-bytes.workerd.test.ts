// The same parts give the same bytes in workerd as in Node and Chromium (test/capsule-conformance/same-bytes).
import { describe, expect, it } from "vitest";
import given from "../../capsule-conformance/same-bytes/given.json" with { type: "json" };
import { makeBytes } from "../../capsule-conformance/same-bytes/make-bytes.ts";

describe("the bytes of a capsule in workerd", () => {
  it("[C10] are those that are written down, in either order", async () => {
    for (const isReversed of [false, true]) expect(await makeBytes(isReversed)).toMatchObject(given.expected);
  });
});
