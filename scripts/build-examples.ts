// `node scripts/build-examples.ts`: builds the demo app whose capsule carries what a generator makes of its sources.
import { join } from "node:path";
import { build } from "astro";

const FIELD_NOTES = join(import.meta.dirname, "..", "examples", "field-notes");

/**
 * Writes `dist/` in `root`, the folder of Field Notes. The same sources and Astro give the same bytes. Rejects with
 * Astro's reason when something does not build. Not for two calls at a time on one folder.
 */
export async function buildFieldNotes(root: string): Promise<void> {
  process.env["ASTRO_TELEMETRY_DISABLED"] = "1";
  await build({ root, logLevel: "warn" });
}

if (import.meta.main) await buildFieldNotes(FIELD_NOTES);
