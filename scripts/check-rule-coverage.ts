// Which rules of CAPSULE.md and MESH.md no test names: every rule id stands in the title of at least one test (STYLE 37).
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./platform/state-folder.ts";

export type RuleCoverage = {
  /** Rules that no title names and that are not exempt. */
  readonly missing: readonly string[];
  /** Exempt rules that a title names by now: their line in the list may go. */
  readonly tested: readonly string[];
  /** Ids in titles or exemptions that the specification does not have. */
  readonly unknown: readonly string[];
};

/** Rules without a test, each with the reason. Delete a line once a test names its rule. */
export const EXEMPT_RULES: Readonly<Record<string, string>> = {
  K5: "encryption comes with version 1.1",
};

const SPECIFICATIONS = ["CAPSULE.md", "MESH.md"];
const RULE_LINE = /^\s*- ([CKSFBM]\d+) /;
/** What a title may quote: `[C4]`, `[C4, K3]` or `[C4][K3]`. */
const QUOTED_RULES = /\[([CKSFBM]\d+(?:,\s*[CKSFBM]\d+)*)\]/g;
const TEST_FUNCTIONS: ReadonlySet<string> = new Set(["it", "test", "describe"]);

/** Compares the rules of the specification's text with those that the titles quote. */
export function findRuleCoverage(
  specification: string,
  titles: readonly string[],
  exempt: Readonly<Record<string, string>>,
): RuleCoverage {
  const rules = readRuleIds(specification);
  const quoted = new Set(titles.flatMap(quotedRules));
  const isExempt = (rule: string) => Object.hasOwn(exempt, rule);
  return {
    missing: rules.filter((rule) => !quoted.has(rule) && !isExempt(rule)),
    tested: rules.filter((rule) => quoted.has(rule) && isExempt(rule)),
    unknown: [...quoted, ...Object.keys(exempt)].filter((rule) => !rules.includes(rule)).sort(),
  };
}

/** The ids of the rules, in the order of the text: each begins a list item. */
export function readRuleIds(specification: string): string[] {
  return specification.split("\n").flatMap((line) => RULE_LINE.exec(line)?.[1] ?? []);
}

/** The titles of all tests and groups in a source text, without running it: `it("…")`, `describe.each(…)("…")`. */
export function readTestTitles(source: string, fileName = "source.test.ts"): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    const title =
      ts.isCallExpression(node) && isTestFunction(node.expression) ? node.arguments[0] : undefined;
    if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    else if (title !== undefined && ts.isTemplateExpression(title)) titles.push(title.getText(file));
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, false);
  visit(file);
  return titles;
}

/** Every title in the tests of this project. */
export function readAllTestTitles(root: string): string[] {
  const files = globSync(
    "{core,schemas,adapters,durable-objects,workers,cli,site,scripts,test}/**/*.test.ts",
    {
      cwd: root,
    },
  );
  return files.sort().flatMap((file) => readTestTitles(readFileSync(join(root, file), "utf8"), file));
}

/** The text of both specifications, as this repository carries them. */
export function readSpecification(root: string): string {
  return SPECIFICATIONS.map((name) => readFileSync(join(root, "docs", "spec", name), "utf8")).join("\n");
}

function quotedRules(title: string): string[] {
  return [...title.matchAll(QUOTED_RULES)].flatMap(([, rules = ""]) => rules.split(/,\s*/));
}

/** `it`, `it.only`, `it.each(rows)`: whatever begins with the name of a test function. */
function isTestFunction(expression: ts.Expression): boolean {
  if (ts.isIdentifier(expression)) return TEST_FUNCTIONS.has(expression.text);
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return isTestFunction(expression.expression);
  return ts.isTaggedTemplateExpression(expression) && isTestFunction(expression.tag);
}

if (import.meta.main) {
  const coverage = findRuleCoverage(readSpecification(ROOT), readAllTestTitles(ROOT), EXEMPT_RULES);
  for (const rule of coverage.missing) console.log(`${rule}: no test names it`);
  for (const rule of coverage.unknown) console.log(`${rule}: no specification has such a rule`);
  for (const rule of coverage.tested) console.log(`${rule}: has a test; its exemption may go`);
  process.exitCode = coverage.missing.length + coverage.unknown.length > 0 ? 1 : 0;
}
