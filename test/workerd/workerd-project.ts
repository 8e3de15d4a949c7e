// A vitest project whose tests run inside workerd: those of one folder beside this file, with what they need bound.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig, type ViteUserConfig } from "vitest/config";

export const ROOT = join(import.meta.dirname, "../..");

type PluginOptions = Exclude<Parameters<typeof cloudflareTest>[0], (...parameters: never[]) => unknown>;
export type Miniflare = NonNullable<PluginOptions["miniflare"]>;

export type WorkerdProject = {
  /** The project's name, and its folder's. */
  readonly name: string;
  /** The folder's `fixture-worker.ts` has the classes of the objects that are bound. */
  readonly hasFixtureWorker?: boolean;
  /** What is bound, and flags in place of `nodejs_compat` alone. */
  readonly miniflare: Miniflare;
  /** Of vitest, in milliseconds. */
  readonly timeouts?: { readonly testTimeout: number; readonly hookTimeout?: number };
};

export function defineWorkerdProject({
  name,
  hasFixtureWorker = false,
  miniflare,
  timeouts,
}: WorkerdProject): ViteUserConfig {
  const folder = `test/workerd/${name}`;
  return defineConfig({
    root: ROOT,
    plugins: [
      cloudflareTest({
        ...(hasFixtureWorker ? { main: `./${folder}/fixture-worker.ts` } : {}),
        miniflare: {
          compatibilityDate: "2026-10-01",
          compatibilityFlags: ["nodejs_compat"],
          ...miniflare,
        },
      }),
    ],
    test: {
      fsModuleCache: false,
      expect: { poll: { timeout: 15_000 } },
      name,
      include: [`${folder}/**/*.workerd.test.ts`],
      ...timeouts,
    },
  });
}

/** The statements of all migrations in order, for a binding: workerd has no disk to read them from (open-database.ts). */
export function readMigrations(): string[] {
  const folder = join(ROOT, "migrations");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint"));
}
