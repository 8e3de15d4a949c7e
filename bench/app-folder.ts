// A folder with an app of 67 TypeScript files (about 81 KB), and one with static files: what a small shop ships.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export const APP_FILE_COUNT = 67;
const PADDING_LINES = 11;
const PART_COUNT = APP_FILE_COUNT - 2;

/** Writes the app. Another edition differs in every file; another version in one. */
export async function writeAppFolder(folder: string, edition: number, version: number): Promise<void> {
  const names = Array.from({ length: PART_COUNT }, (_, index) => `part-${index}`);
  await writeText(
    join(folder, "capsule.json"),
    JSON.stringify({
      id: "urn:oursynth:app:bench@1.0.0",
      name: "Bench",
      version: "1.0.0",
      app: { framework: "hono", entry: "src/index.ts", health: "/hello" },
      rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true },
    }),
  );
  await writeText(join(folder, "src/version.ts"), `export const VERSION: number = ${version};\n`);
  await writeText(join(folder, "src/index.ts"), writeEntry(names));
  for (const [index, name] of names.entries())
    await writeText(join(folder, `src/parts/${name}.ts`), writePart(edition, index));
}

/** Writes a static app of one file of this size. */
export async function writeStaticFolder(folder: string, sizeBytes: number): Promise<void> {
  await writeText(
    join(folder, "capsule.json"),
    JSON.stringify({
      id: "urn:oursynth:app:bench-static@1.0.0",
      name: "Bench static",
      version: "1.0.0",
      app: { framework: "static", entry: null, assets: { directory: "public" }, health: "/page.html" },
      rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true },
    }),
  );
  await writeText(join(folder, "public/page.txt"), `${"word ".repeat(sizeBytes / 5)}\n`);
  await writeText(join(folder, "public/page.html"), "<!doctype html><title>Bench</title><p>Hello.");
}

function writeEntry(names: readonly string[]): string {
  const imports = names.map((name, index) => `import { total as total${index} } from "./parts/${name}.ts";`);
  const sum = names.map((_, index) => `total${index}([1, 2, 3])`).join(" + ");
  return [
    'import { Hono } from "hono";',
    'import { VERSION } from "./version.ts";',
    ...imports,
    "const app = new Hono();",
    'app.get("/hello", (context) => context.json({ hello: "world", version: VERSION }));',
    `app.get("/sum", (context) => context.json({ sum: ${sum} }));`,
    "export default app;",
    "",
  ].join("\n");
}

function writePart(edition: number, index: number): string {
  const cases = Array.from(
    { length: PADDING_LINES },
    (_, line) =>
      `  if (values.length === ${line + index}) return { ...nothing, count: ${line} } satisfies Tally;`,
  );
  return [
    `// Edition ${edition}.`,
    "type Tally = { readonly count: number; readonly sum: number };",
    "const nothing: Tally = { count: 0, sum: 0 };",
    "export function total(values: readonly number[]): number {",
    `  return tally(values).sum + ${index};`,
    "}",
    "function tally(values: readonly number[]): Tally {",
    ...cases,
    "  return values.reduce<Tally>((all, value) => ({ count: all.count + 1, sum: all.sum + value }), nothing);",
    "}",
    "",
  ].join("\n");
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
