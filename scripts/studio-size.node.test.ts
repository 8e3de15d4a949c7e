import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { preloadStudio, requireStudioBudget, STUDIO_BUDGET_BYTES, weighStudio } from "./studio-size.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "studio-size-"));
  await mkdir(join(folder, "studio"));
  await mkdir(join(folder, "_astro"));
  await writeFile(
    join(folder, "studio", "index.html"),
    '<astro-island component-url="/_astro/app.js" renderer-url="/_astro/client.js"></astro-island>',
  );
  await chunk("client.js", 'import "./shared.js";');
  await chunk(
    "app.js",
    'import "./shared.js"; const a = () => import("./small.js"), b = () => import(`./big.js`);',
  );
  await chunk("shared.js", noise(1_000));
  await chunk("small.js", noise(500));
  await chunk("big.js", 'import "./only-big.js";');
  await chunk("only-big.js", noise(20_000));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const chunk = (name: string, code: string) => writeFile(join(folder, "_astro", name), code);
/** A comment that gzip cannot make small: two hexadecimal digits hold one byte. */
const noise = (gzBytes: number) => `/*${randomBytes(gzBytes).toString("hex")}*/`;

test("counts what the page names and imports at once, and the heaviest view beside it", async () => {
  const size = await weighStudio(folder);
  expect(size.frameBytes).toBeGreaterThan(1_000);
  expect(size.frameBytes).toBeLessThan(2_000);
  expect(size.largestView).toBe("big.js");
  expect(size.largestBytes - size.frameBytes).toBeGreaterThan(20_000);
  await requireStudioBudget(folder);
});

test("every script of the frame is named in the page's head, once, and none of a view", async () => {
  await writeFile(
    join(folder, "studio", "index.html"),
    '<head><script src="/_astro/shared.js"></script></head><astro-island component-url="/_astro/app.js"></astro-island>',
  );
  const before = await weighStudio(folder);
  await preloadStudio(folder);
  const html = await readFile(join(folder, "studio", "index.html"), "utf8");
  expect(html).toContain('<link rel="modulepreload" href="/_astro/app.js"></head>');
  expect(html.match(/shared\.js/g)).toHaveLength(1);
  expect(html).not.toContain("big.js");
  expect(await weighStudio(folder)).toEqual(before);
});

test("a view above the budget fails the build and is named", async () => {
  await chunk("only-big.js", noise(STUDIO_BUDGET_BYTES));
  await expect(requireStudioBudget(folder)).rejects.toThrow(/big\.js.*too much/s);
});

test("a chunk that is not there fails too: nothing is weighed as nothing", async () => {
  await rm(join(folder, "_astro", "shared.js"));
  await expect(requireStudioBudget(folder)).rejects.toThrow(/ENOENT/);
});
