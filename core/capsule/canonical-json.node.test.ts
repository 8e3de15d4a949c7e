import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonicalBytes } from "./canonical-json.ts";
import { parseStrictJson } from "./strict-json.ts";

const folder = new URL("../../test/vectors/jcs/testdata/", import.meta.url);
const names = readdirSync(new URL("input/", folder));

describe("RFC 8785 vectors", () => {
  it("there are six", () => expect(names).toHaveLength(6));

  it.each(names)("[C2] %s comes out byte for byte", (name) => {
    const parsed = parseStrictJson(readFileSync(new URL(`input/${name}`, folder)), { maxBytes: 100_000 });
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    const hex = readFileSync(new URL(`outhex/${name.replace(".json", ".txt")}`, folder), "utf8").replace(
      /\s+/g,
      "",
    );
    expect(Buffer.from(canonicalBytes(parsed.value)).toString("hex")).toBe(hex);
    expect(Buffer.from(canonicalBytes(parsed.value))).toEqual(
      readFileSync(new URL(`output/${name}`, folder)),
    );
  });
});
