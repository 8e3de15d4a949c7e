import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findRawStyles, findUnknownTokens, findWeakContrast } from "./check-tokens.ts";
import { ROOT } from "./platform/state-folder.ts";

const TOKENS = join("site", "styles", "tokens.css");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oursynth-tokens-"));
  await mkdir(join(folder, dirname(TOKENS)), { recursive: true });
  await cp(join(ROOT, TOKENS), join(folder, TOKENS));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(folder, dirname(path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

describe("the check of the site's styles", () => {
  test("finds a raw value in a style sheet and in a page's style, and passes over what the build makes", async () => {
    await write("site/a.css", "a { color: red }");
    await write("site/pages/b.astro", "<b></b>\n<style>b { margin: 3px }</style>");
    await write("site/public/made.css", "a { color: red }");
    expect(findRawStyles(folder)).toEqual([
      expect.stringMatching(/^site.a\.css:1:12 red\./),
      expect.stringMatching(/^site.pages.b\.astro:2:20 3px\./),
    ]);
  });

  test("fails when one colour of the tokens gets too pale", async () => {
    expect(findWeakContrast(folder)).toEqual([]);
    const css = await readFile(join(folder, TOKENS), "utf8");
    const paled = css.replace(/--color-muted: light-dark\(#\w+, /, "--color-muted: light-dark(#8a9aa6, ");
    expect(paled).not.toBe(css);
    await write(TOKENS, paled);
    expect(findWeakContrast(folder)).toContainEqual(
      expect.stringMatching(/^light: muted on ground has a contrast of 2\./),
    );
  });

  test("finds a token that is used and declared nowhere, in styles and in drawings", async () => {
    await write("site/c.css", "a { --own: var(--space-1); color: var(--own); margin: var(--space-99) }");
    await write(
      "site/d.tsx",
      'const a = <path fill="var(--color-text)" />;\nconst b = "var( --color-lost )";',
    );
    expect(findUnknownTokens(folder)).toEqual([
      expect.stringMatching(/^site.c\.css:1 --space-99 /),
      expect.stringMatching(/^site.d\.tsx:2 --color-lost /),
    ]);
  });

  test("is content with the site as it is", () => {
    expect(findUnknownTokens(ROOT)).toEqual([]);
    expect(findRawStyles(ROOT)).toEqual([]);
    expect(findWeakContrast(ROOT)).toEqual([]);
  });
});
