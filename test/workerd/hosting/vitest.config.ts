// Tests of hosting inside workerd, with a real loader, R2, D1 and objects. Run: vitest run -c test/workerd/hosting/vitest.config.ts
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const ROOT = join(import.meta.dirname, "../../..");

const MIGRATIONS_DIR = join(ROOT, "migrations");
const migrations = readdirSync(MIGRATIONS_DIR)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .flatMap((name) => readFileSync(join(MIGRATIONS_DIR, name), "utf8").split("--> statement-breakpoint"));

const EXAMPLE_DIR = join(ROOT, "examples/fair-share");
const example = Object.fromEntries(
  readdirSync(EXAMPLE_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(EXAMPLE_DIR.length + 1), readFileSync(path, "utf8")]),
);

export default defineConfig({
  root: ROOT,
  plugins: [
    cloudflareTest({
      main: "./test/workerd/hosting/fixture-worker.ts",
      miniflare: {
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
        workerLoaders: { LOADER: {} },
        bindings: {
          TEST_MIGRATIONS: migrations,
          TEST_EXAMPLE: example,
          OURSYNTH_VAULT_KEY: randomBytes(32).toString("base64"),
        },
        r2Buckets: ["BLOBS"],
        d1Databases: ["DB"],
        durableObjects: { APP_LOGS: { className: "AppLogObject", useSQLite: true } },
      },
    }),
  ],
  test: {
    fsModuleCache: false,
    name: "hosting",
    include: ["test/workerd/hosting/**/*.workerd.test.ts"],
    testTimeout: 15_000,
  },
});
