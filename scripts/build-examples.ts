// `node scripts/build-examples.ts`: builds the demo app whose capsule carries what a generator makes of its sources.
import { join } from "node:path";
import { buildOnce } from "./build-once.ts";
import { ROOT } from "./platform/state-folder.ts";

const FOLDER = join("examples", "field-notes");

/**
 * Writes `examples/field-notes/dist` when its sources have changed. The same sources and Astro give the same bytes.
 * Rejects with Astro's reason when something does not build.
 */
export async function buildFieldNotes(): Promise<void> {
  await buildOnce({
    inputs: ["src", "public", "astro.config.mjs", "package.json", "tsconfig.json"]
      .map((name) => join(FOLDER, name))
      .concat("package-lock.json"),
    output: join(ROOT, FOLDER, "dist", "index.html"),
    // Beside what is built, not inside: it must not travel in the capsule.
    stampFile: join(ROOT, FOLDER, ".astro", "build-stamp"),
    build: async () => {
      process.env.ASTRO_TELEMETRY_DISABLED = "1";
      const { build } = await import("astro");
      await build({ root: join(ROOT, FOLDER), logLevel: "warn" });
    },
  });
}

if (import.meta.main) await buildFieldNotes();
