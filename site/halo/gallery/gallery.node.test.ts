// Whether the gallery shows everything that there is.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const HALO = join(import.meta.dirname, "..");
const GALLERY = import.meta.dirname;

/** The component files that a file imports, as names in site/halo. */
function importsOf(file: string): string[] {
  return Array.from(
    readFileSync(file, "utf8").matchAll(/from "\.{1,2}\/([a-z-]+\.tsx)"/g),
    ([, name = ""]) => name,
  );
}

test("every component of Halo stands in the gallery, by itself or inside another", () => {
  const components = readdirSync(HALO).filter((name) => name.endsWith(".tsx"));
  const sections = readdirSync(GALLERY).filter((name) => name.endsWith(".tsx"));
  const shown = new Set(sections.flatMap((name) => importsOf(join(GALLERY, name))));
  for (const name of shown) {
    if (!components.includes(name)) continue;
    for (const inner of importsOf(join(HALO, name))) shown.add(inner);
  }
  expect(components.length).toBeGreaterThan(30);
  expect(components.filter((name) => !shown.has(name))).toEqual([]);
});

test("every component brings its own style, under its own name", () => {
  for (const name of readdirSync(HALO).filter((file) => file.endsWith(".css"))) {
    const css = readFileSync(join(HALO, name), "utf8");
    const classes = Array.from(css.matchAll(/\.(-?[a-z][\w-]*)(?=[^{}]*\{)/g), ([, found = ""]) => found);
    const foreign = classes.filter((found) => !/^(?:halo|code)-/.test(found));
    expect(foreign, name).toEqual([]);
  }
});
