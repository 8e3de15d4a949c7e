// Three kinds of tests: `unit` in Node, `workerd` inside the runtime, `e2e` against the built platform with real clients.
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// What comes later comes when the machine gets to it: the second that `expect.poll` waits by default is a busy one's pause.
const everyProject = {
  fsModuleCache: false,
  passWithNoTests: true,
  expect: { poll: { timeout: 20_000 } },
} as const;
const shared = ["core/**/*.test.ts", "schemas/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everyProject,
          name: "unit",
          environment: "node",
          include: [
            ...shared,
            "{core,cli,scripts,test,examples,workers,adapters,durable-objects}/**/*.node.test.ts",
          ],
          exclude: ["**/node_modules/**", "test/e2e/**", "**/*.workerd.test.ts"],
        },
      },
      {
        plugins: [
          cloudflareTest({
            miniflare: { compatibilityDate: "2026-10-01", compatibilityFlags: ["nodejs_compat"] },
          }),
        ],
        test: {
          ...everyProject,
          name: "workerd",
          include: [...shared, "core/**/*.workerd.test.ts"],
          exclude: ["**/node_modules/**", "**/*.node.test.ts"],
        },
      },
      "./test/workerd/hosting/vitest.config.ts",
      "./test/workerd/capsule/vitest.config.ts",
      "./test/workerd/store/vitest.config.ts",
      "./test/workerd/door/vitest.config.ts",
      "./test/workerd/identity/vitest.config.ts",
      "./test/workerd/mesh/vitest.config.ts",
      {
        test: {
          ...everyProject,
          name: "e2e",
          environment: "node",
          include: ["test/e2e/**/*.e2e.test.ts"],
          globalSetup: ["./test/e2e/global-setup.ts"],
          // One platform serves them all; each file makes projects of its own.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
