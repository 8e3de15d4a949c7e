// Tests of the API's door inside workerd, with real D1, R2, objects and limiter. Run: vitest run -c test/workerd/door/vitest.config.ts
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

export default defineConfig({
  root: ROOT,
  plugins: [
    cloudflareTest({
      main: "./test/workerd/door/fixture-worker.ts",
      miniflare: {
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
        workerLoaders: { LOADER: {} },
        bindings: {
          TEST_MIGRATIONS: migrations,
          OURSYNTH_HOSTS: "localhost",
          OURSYNTH_APPS_DOMAIN: "apps.localhost",
          OURSYNTH_VAULT_KEY: Buffer.alloc(32, 7).toString("base64"),
          // Windows so long that no test waits through one.
          OURSYNTH_QUOTAS: "caller=40/60, deploys=3/86400, sign-in=2/86400",
        },
        ratelimits: { CALLERS: { namespace_id: "1001", simple: { limit: 40, period: 60 } } },
        r2Buckets: ["BLOBS"],
        d1Databases: ["DB"],
        durableObjects: {
          PROJECTS: { className: "ProjectObject", useSQLite: true },
          APP_LOGS: { className: "AppLogObject", useSQLite: true },
          QUOTAS: { className: "QuotaObject", useSQLite: true },
        },
      },
    }),
  ],
  test: {
    fsModuleCache: false,
    name: "door",
    include: ["test/workerd/door/**/*.workerd.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
