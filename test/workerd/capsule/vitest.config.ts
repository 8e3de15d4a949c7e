// Published vectors and the conformance suite inside workerd. Run: vitest run -c test/workerd/capsule/vitest.config.ts
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineWorkerdProject, ROOT } from "../workerd-project.ts";

const CONFORMANCE = join(ROOT, "test/capsule-conformance");
const JCS = join(ROOT, "test/vectors/jcs/testdata");

/** Every file of a folder in base64, by name: workerd has no disk to read from. */
function readFolder(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")]),
  );
}

export default defineWorkerdProject({
  name: "capsule",
  miniflare: {
    bindings: {
      TEST_CASES: readFolder(join(CONFORMANCE, "cases")),
      TEST_LISTING: readFileSync(join(CONFORMANCE, "cases.json"), "utf8"),
      TEST_JCS: { input: readFolder(join(JCS, "input")), output: readFolder(join(JCS, "output")) },
    },
  },
});
