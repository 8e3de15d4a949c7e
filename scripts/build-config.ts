// Astro's build wants a configuration whose `main` is the source; wrangler.toml describes what comes out of it.
// So the second is derived from the first, and there is one place to change a binding.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const BUILT_ONLY = /^(no_bundle|find_additional_modules|base_dir|rules|preview_urls)\b.*$/gm;

/** Writes `.generated/wrangler.build.toml`, the configuration of the unbuilt worker. */
export async function writeBuildConfig(root: string): Promise<void> {
  const built = await readFile(join(root, "wrangler.toml"), "utf8");
  const source = built
    .replace(/^main = .*$/m, 'main = "../workers/index.ts"')
    .replace(BUILT_ONLY, "")
    .replace(/\[build\]\ncommand = .*\n/, "")
    .replace(/^directory = "\.\/dist\/client"$/m, 'directory = "../dist/client"')
    .replace(/^migrations_dir = .*$/m, 'migrations_dir = "../migrations"');
  await mkdir(join(root, ".generated"), { recursive: true });
  await writeFile(join(root, ".generated", "wrangler.build.toml"), source);
}
