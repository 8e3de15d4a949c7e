// Builds the vendored packages, then the one Worker with the site inside it. Skips what has not changed.
import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "astro";
import { writeBuildConfig } from "./build-config.ts";
import { buildVendor } from "./build-vendor.ts";

const ROOT = join(import.meta.dirname, "..");
const STAMP = join(ROOT, "dist", "build-stamp");
/** The reader of the API page, served from here so that it works offline. */
const READER = join(ROOT, "node_modules", "@scalar", "api-reference", "dist", "browser", "standalone.js");
/** Everything that can change what is built. */
const INPUTS = ["adapters", "core", "durable-objects", "schemas", "site", "workers"];
const INPUT_FILES = [
  "astro.config.mjs",
  "package-lock.json",
  "package.json",
  "scripts/build-config.ts",
  "scripts/build-platform.ts",
  "scripts/build-vendor.ts",
  "wrangler.toml",
];

/** Builds what changed since the last build; `isForced` builds in any case. */
export async function buildPlatform(isForced = false): Promise<void> {
  const stamp = await digestInputs();
  if (!isForced && (await readFile(STAMP, "utf8").catch(() => "")) === stamp) return;
  await buildAll();
  await writeFile(STAMP, stamp);
}

async function buildAll(): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = "1";
  await writeBuildConfig(ROOT);
  await buildVendor();
  await cp(READER, join(ROOT, "site", "public", "_docs", "reader.js"));
  await build({ root: ROOT, logLevel: "warn" });
  // The adapter leaves a redirect that a later `wrangler deploy` would take for its configuration.
  await rm(join(ROOT, ".wrangler", "deploy"), { recursive: true, force: true });
}

async function digestInputs(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const file of [...INPUT_FILES, ...(await listFiles()).sort()]) {
    hash
      .update(`${file}\0`)
      .update(await readFile(join(ROOT, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

async function listFiles(): Promise<string[]> {
  const files: string[] = [];
  for (const folder of INPUTS) {
    const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile() && !entry.name.includes(".test.") && entry.name !== "reader.js")
        files.push(join(entry.parentPath, entry.name).slice(ROOT.length + 1));
    }
  }
  return files;
}
