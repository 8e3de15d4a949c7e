// The simulator's source uses nothing that differs between engines or runs (MESH.md M2).
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/platform/state-folder.ts";

const SOURCES = globSync("core/mesh/*.ts", { cwd: ROOT }).filter((file) => !file.endsWith(".test.ts"));
/** Arithmetic that every engine does alike; whatever else Math has may differ in the last digit, or is not repeatable. */
const EXACT_MATH = new Set(["abs", "ceil", "floor", "imul", "max", "min", "round"]);
const FORBIDDEN = /\bDate\.now\b|\bperformance\b|\bsetTimeout\b|\bcrypto\b|\*\*|\blocaleCompare\b|\bIntl\b/;

describe("[M2] the source of core/mesh", () => {
  it("calculates with exact functions only", () => {
    expect(SOURCES.length).toBeGreaterThan(25);
    const used = SOURCES.flatMap((file) =>
      [...readSource(file).matchAll(/\bMath\.(\w+)/g)].map(([, name = ""]) => ({ file, name })),
    );
    expect(used.filter(({ name }) => !EXACT_MATH.has(name))).toEqual([]);
  });

  it("reads no clock, no randomness and no locale", () => {
    expect(SOURCES.filter((file) => FORBIDDEN.test(readSource(file)))).toEqual([]);
  });

  it("and these checks find what they look for", () => {
    expect(FORBIDDEN.test("const now = Date.now();")).toBe(true);
    expect(FORBIDDEN.test("const half = Math.floor(2 * 3);")).toBe(false);
    expect(FORBIDDEN.test("const square = 2 ** 3;")).toBe(true);
  });
});

/** Without its comments. */
function readSource(file: string): string {
  return readFileSync(join(ROOT, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
