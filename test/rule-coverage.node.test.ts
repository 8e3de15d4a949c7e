// Every rule of CAPSULE.md and MESH.md is named by a test, and the reader of titles finds what it should.
import { describe, expect, it } from "vitest";
import {
  EXEMPT_RULES,
  findRuleCoverage,
  readAllTestTitles,
  readRuleIds,
  readSpecification,
  readTestTitles,
} from "../scripts/check-rule-coverage.ts";
import { ROOT } from "../scripts/platform/state-folder.ts";

describe("the rules of CAPSULE.md and MESH.md", () => {
  const specification = readSpecification(ROOT);

  it("each stands in the title of a test, or is exempt for a reason", () => {
    const { missing, unknown } = findRuleCoverage(specification, readAllTestTitles(ROOT), EXEMPT_RULES);
    expect({ missing, unknown }).toEqual({ missing: [], unknown: [] });
    for (const [rule, reason] of Object.entries(EXEMPT_RULES)) expect(reason, rule).not.toBe("");
  });

  it("are all found in the text", () => {
    const count = { C: 11, K: 5, S: 9, F: 3, B: 1, M: 19 };
    const expected = Object.entries(count).flatMap(([letter, last]) =>
      Array.from({ length: last }, (_, index) => `${letter}${index + 1}`),
    );
    expect(readRuleIds(specification)).toEqual(expected);
  });
});

describe("findRuleCoverage", () => {
  const specification = "- C1 one\n- C2 two\n  - C3 not cited: - C4\n";

  it("names a rule that lost its last test, and one whose exemption may go", () => {
    const all = ["[C1] a", "[C2, C3] b"];
    expect(findRuleCoverage(specification, all, {})).toEqual({ missing: [], tested: [], unknown: [] });
    expect(findRuleCoverage(specification, all.slice(0, 1), { C1: "x", C3: "y" })).toEqual({
      missing: ["C2"],
      tested: ["C1"],
      unknown: [],
    });
    expect(findRuleCoverage(specification, [...all, "[C10] c"], {}).unknown).toEqual(["C10"]);
  });
});

describe("readTestTitles", () => {
  it("reads titles of tests and groups in every form, and nothing else", () => {
    const source = [
      'describe("[C1] a", () => { it(`[C2] b`, f); });',
      "it.each([['x', 1]])(\"[C3] c %s\", f);",
      "test.for(rows)('[C4] d', f);",
      `it(\`[C5] e \${name}\`, f);`,
      '// it("[C6] in a comment", f);',
      'expect("[C7] a value").toBe(1);',
    ].join("\n");
    expect(readTestTitles(source)).toEqual([
      "[C1] a",
      "[C2] b",
      "[C3] c %s",
      "[C4] d",
      `\`[C5] e \${name}\``,
    ]);
  });
});
