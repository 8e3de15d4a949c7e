// Tests of sign-in's parts inside workerd, with a real D1. Run: vitest run -c test/workerd/identity/vitest.config.ts
import { defineWorkerdProject, readMigrations } from "../workerd-project.ts";

export default defineWorkerdProject({
  name: "identity",
  miniflare: { bindings: { TEST_MIGRATIONS: readMigrations() }, d1Databases: ["DB"] },
  timeouts: { testTimeout: 30_000 },
});
