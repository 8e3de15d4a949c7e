// A vitest project in which the platform's own objects, R2, D1 and loader work together inside workerd.
import type { ViteUserConfig } from "vitest/config";
import { defineWorkerdProject, type Miniflare, readMigrations } from "./workerd-project.ts";

/** `more` is what this project binds besides projects and app logs. */
export function definePlatformProject(
  name: string,
  more: Pick<Miniflare, "bindings" | "durableObjects" | "ratelimits"> = {},
): ViteUserConfig {
  const { bindings, durableObjects, ...others } = more;
  return defineWorkerdProject({
    name,
    hasFixtureWorker: true,
    miniflare: {
      compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
      workerLoaders: { LOADER: {} },
      bindings: {
        TEST_MIGRATIONS: readMigrations(),
        OURSYNTH_HOSTS: "localhost",
        OURSYNTH_APPS_DOMAIN: "apps.localhost",
        OURSYNTH_VAULT_KEY: Buffer.alloc(32, 7).toString("base64"),
        ...bindings,
      },
      r2Buckets: ["BLOBS"],
      d1Databases: ["DB"],
      durableObjects: {
        PROJECTS: { className: "ProjectObject", useSQLite: true },
        APP_LOGS: { className: "AppLogObject", useSQLite: true },
        ...durableObjects,
      },
      ...others,
    },
    timeouts: { testTimeout: 60_000, hookTimeout: 30_000 },
  });
}
