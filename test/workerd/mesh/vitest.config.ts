// Tests of simulations inside workerd, with real objects, loader, R2 and D1. Run: vitest run -c test/workerd/mesh/vitest.config.ts
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
      main: "./test/workerd/mesh/fixture-worker.ts",
      miniflare: {
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
        workerLoaders: { LOADER: {} },
        bindings: {
          TEST_MIGRATIONS: migrations,
          OURSYNTH_HOSTS: "localhost",
          OURSYNTH_APPS_DOMAIN: "apps.localhost",
          OURSYNTH_VAULT_KEY: Buffer.alloc(32, 7).toString("base64"),
        },
        r2Buckets: ["BLOBS"],
        d1Databases: ["DB"],
        durableObjects: {
          PROJECTS: { className: "ProjectObject", useSQLite: true },
          MESH_SIMULATIONS: { className: "MeshSimulationObject", useSQLite: true },
          MESH_NODES: { className: "MeshNodeObject", useSQLite: true },
          APP_LOGS: { className: "AppLogObject", useSQLite: true },
        },
      },
    }),
  ],
  test: {
    fsModuleCache: false,
    name: "mesh",
    include: ["test/workerd/mesh/**/*.workerd.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
