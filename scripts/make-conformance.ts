// Writes test/capsule-conformance: every case as a file, cases.json and the table in README.md, byte for byte the same
// each time. Run: node scripts/make-conformance.ts
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeListing } from "../test/capsule-conformance/conformance-listing.ts";
import { conformanceTrust, craftAllCases } from "../test/capsule-conformance/craft/all-cases.ts";
import type { ConformanceCase } from "../test/capsule-conformance/craft/conformance-case.ts";
import { ROOT } from "./platform/state-folder.ts";

export const CONFORMANCE_FOLDER = join(ROOT, "test", "capsule-conformance");
const TABLE_START = "<!-- cases: written by scripts/make-conformance.ts -->";
const README = "README.md";

/** Every file of the suite that is made: name below its folder → bytes. */
export async function makeConformance(readme: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const cases = await craftAllCases();
  const listing = makeListing(cases, await conformanceTrust());
  return new Map([
    ...cases.map(({ name, bytes }) => [`cases/${name}.caps`, bytes] as const),
    ["cases.json", Buffer.from(`${JSON.stringify(listing, null, 2)}\n`)],
    [README, Buffer.from(writeTable(readme, cases))],
  ]);
}

/** The text up to the mark stays; behind it stands one table for each kind of case. */
function writeTable(readme: string, cases: readonly ConformanceCase[]): string {
  const [head = ""] = readme.split(TABLE_START);
  const kinds = Map.groupBy(cases, ({ name }) => name.slice(0, name.indexOf("-")));
  const tables = [...kinds].map(([kind, listed]) =>
    [
      `### ${kind} (${listed.length})`,
      "",
      "| case | rule | why | verdict | step |",
      "|---|---|---|---|---|",
      ...listed.map(
        ({ name, rule, why, verdict, refusal }) =>
          `| \`${name}\` | ${rule} | ${why.replaceAll("|", "\\|")} | ${verdict} | ${refusal?.step ?? ""} |`,
      ),
      "",
    ].join("\n"),
  );
  return `${head}${TABLE_START}\n\n${tables.join("\n")}`;
}

if (import.meta.main) {
  const made = await makeConformance(readFileSync(join(CONFORMANCE_FOLDER, README), "utf8"));
  const folder = join(CONFORMANCE_FOLDER, "cases");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of made) writeFileSync(join(CONFORMANCE_FOLDER, name), bytes);
  console.log(`${made.size} files written to test/capsule-conformance`);
}
