// The vectors of RFC 8785 inside workerd; core/capsule/canonical-json.node.test.ts has them in Node.
import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../../../core/capsule/canonical-json.ts";
import { parseStrictJson } from "../../../core/capsule/strict-json.ts";
import { fileIn, testData } from "./test-data.ts";

const { input, output } = testData.TEST_JCS;
const names = Object.keys(input);

describe("RFC 8785 vectors", () => {
  it("there are six", () => expect(names).toHaveLength(6));

  it.each(names)("[C2] %s comes out byte for byte", (name) => {
    const parsed = parseStrictJson(fileIn(input, name), { maxBytes: 100_000 });
    if (!parsed.ok) throw new Error(parsed.reason.message);
    expect(canonicalBytes(parsed.value)).toEqual(fileIn(output, name));
  });
});
