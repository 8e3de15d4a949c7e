// Builds the vendored packages, then the one Worker with the site inside it. Skips what has not changed.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeBuildConfig } from "./build-config.ts";
import { buildOnce } from "./build-once.ts";
import { buildVendor } from "./build-vendor.ts";
import { ROOT } from "./platform/state-folder.ts";
import { preloadStudio, requireStudioBudget } from "./studio-size.ts";

/** What browsers are served as it is. */
export const CLIENT_FOLDER = join(ROOT, "dist", "client");
/** The reader of the API page, served from here so that it works offline. */
const READER = join(ROOT, "node_modules", "@scalar", "api-reference", "dist", "browser", "standalone.js");
const READER_COPY = join("site", "public", "_docs", "reader.js");
/** The style sheet of sign-in and account, which wear the site's own colours. */
const PAGE_STYLES = [
  join("site", "styles", "tokens.css"),
  join("site", "styles", "base.css"),
  join("workers", "identity", "pages", "pages.css"),
];
const PAGE_STYLES_JOINED = join("site", "public", "_identity", "pages.css");
const INPUTS = [
  "adapters",
  "astro.config.mjs",
  "core",
  "durable-objects",
  "package-lock.json",
  "package.json",
  "schemas",
  join("scripts", "build-config.ts"),
  join("scripts", "build-platform.ts"),
  join("scripts", "build-vendor.ts"),
  join("scripts", "studio-size.ts"),
  "site",
  "workers",
  "wrangler.toml",
];

/** Builds what changed since the last build; `isForced` builds in any case. */
export async function buildPlatform(isForced = false): Promise<void> {
  await buildOnce({
    inputs: INPUTS,
    ignored: (path) => path.includes(".test.") || [READER_COPY, PAGE_STYLES_JOINED].includes(path),
    output: join(ROOT, "dist", "server", "entry.mjs"),
    stampFile: join(ROOT, "dist", "build-stamp"),
    build: buildAll,
    isForced,
  });
}

async function buildAll(): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = "1";
  await writeBuildConfig(ROOT);
  await buildVendor();
  await cp(READER, join(ROOT, READER_COPY));
  await joinPageStyles();
  // Loaded only when there is something to build: that alone takes half a second.
  const { build } = await import("astro");
  await build({ root: ROOT, logLevel: "warn" });
  await preloadStudio(CLIENT_FOLDER);
  await requireStudioBudget(CLIENT_FOLDER);
  // The adapter leaves a redirect that a later `wrangler deploy` would take for its configuration.
  await rm(join(ROOT, ".wrangler", "deploy"), { recursive: true, force: true });
}

async function joinPageStyles(): Promise<void> {
  const sheets = await Promise.all(PAGE_STYLES.map((path) => readFile(join(ROOT, path), "utf8")));
  const joined = join(ROOT, PAGE_STYLES_JOINED);
  await mkdir(dirname(joined), { recursive: true });
  await writeFile(joined, sheets.join("\n"));
}
