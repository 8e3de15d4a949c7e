// `node scripts/build-examples.ts`: builds the demo app whose capsule carries what a generator makes of its sources.
import { join } from "node:path";
import { build } from "astro";

/**
 * Writes `examples/field-notes/dist`; `root` is the folder of the repository. The same sources and Astro give the same
 * bytes. Rejects with Astro's reason when something does not build. Not for two calls at a time.
 */
export async function buildFieldNotes(root: string): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = "1";
  await build({ root: join(root, "examples", "field-notes"), logLevel: "warn" });
}

if (import.meta.main) await buildFieldNotes(join(import.meta.dirname, ".."));
