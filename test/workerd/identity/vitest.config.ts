// Tests of sign-in's parts inside workerd, with a real D1. Run: vitest run -c test/workerd/identity/vitest.config.ts
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
      miniflare: {
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat"],
        bindings: { TEST_MIGRATIONS: migrations },
        d1Databases: ["DB"],
      },
    }),
  ],
  test: {
    fsModuleCache: false,
    name: "identity",
    include: ["test/workerd/identity/**/*.workerd.test.ts"],
    testTimeout: 30_000,
  },
});
