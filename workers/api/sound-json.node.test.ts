// The scan of a JSON body before it is parsed.
import { expect, test } from "vitest";
import { MAX_JSON_DEPTH, scanJson } from "./sound-json.ts";

const scan = (text: string) => scanJson(new TextEncoder().encode(text));
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

test("the last depth that is allowed passes, the next does not", () => {
  expect(scan(nested(MAX_JSON_DEPTH)).isTooDeep).toBe(false);
  expect(scan(nested(MAX_JSON_DEPTH + 1)).isTooDeep).toBe(true);
  expect(scan('{"a":'.repeat(MAX_JSON_DEPTH + 1)).isTooDeep).toBe(true);
});

test("brackets side by side, and brackets in strings, are no depth", () => {
  expect(scan(`[${Array(5_000).fill("{}").join(",")}]`).isTooDeep).toBe(false);
  expect(scan(JSON.stringify("[{".repeat(5_000))).isTooDeep).toBe(false);
  expect(scan(`["\\"${"[".repeat(500)}"]`).isTooDeep).toBe(false);
  expect(scan(`["\\\\", ${nested(MAX_JSON_DEPTH)}]`).isTooDeep).toBe(true);
});

test("an escape of a surrogate is seen, one of a backslash before it is not", () => {
  expect(scan('["\\ud83d\\ude00"]').hasSurrogateEscape).toBe(true);
  expect(scan('["\\uDEAD"]').hasSurrogateEscape).toBe(true);
  expect(scan('["\\\\ud83d"]').hasSurrogateEscape).toBe(false);
  expect(scan('["\\u00d8", "\\ud7ff"]').hasSurrogateEscape).toBe(false);
});
