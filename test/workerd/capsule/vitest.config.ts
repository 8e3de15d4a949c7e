// Published vectors and the conformance suite inside workerd. Run: vitest run -c test/workerd/capsule/vitest.config.ts
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const ROOT = join(import.meta.dirname, "../../..");
const CONFORMANCE = join(ROOT, "test/capsule-conformance");
const JCS = join(ROOT, "test/vectors/jcs/testdata");

/** Every file of a folder in base64, by name: workerd has no disk to read from. */
function readFolder(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")]),
  );
}

export default defineConfig({
  root: ROOT,
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat"],
        bindings: {
          TEST_CASES: readFolder(join(CONFORMANCE, "cases")),
          TEST_LISTING: readFileSync(join(CONFORMANCE, "cases.json"), "utf8"),
          TEST_JCS: { input: readFolder(join(JCS, "input")), output: readFolder(join(JCS, "output")) },
        },
      },
    }),
  ],
  test: {
    fsModuleCache: false,
    name: "capsule",
    include: ["test/workerd/capsule/**/*.workerd.test.ts"],
  },
});
