// Tests of hosting inside workerd, with a real loader, R2, D1 and objects. Run: vitest run -c test/workerd/hosting/vitest.config.ts
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineWorkerdProject, ROOT, readMigrations } from "../workerd-project.ts";

const EXAMPLE_DIR = join(ROOT, "examples/fair-share");
const example = Object.fromEntries(
  readdirSync(EXAMPLE_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(EXAMPLE_DIR.length + 1), readFileSync(path, "utf8")]),
);

export default defineWorkerdProject({
  name: "hosting",
  hasFixtureWorker: true,
  miniflare: {
    compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
    workerLoaders: { LOADER: {} },
    bindings: {
      TEST_MIGRATIONS: readMigrations(),
      TEST_EXAMPLE: example,
      OURSYNTH_VAULT_KEY: randomBytes(32).toString("base64"),
    },
    r2Buckets: ["BLOBS"],
    d1Databases: ["DB"],
    durableObjects: { APP_LOGS: { className: "AppLogObject", useSQLite: true } },
  },
  timeouts: { testTimeout: 15_000 },
});
