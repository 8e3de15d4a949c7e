import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

const APP = {
  "capsule.json": JSON.stringify({
    id: "urn:oursynth:app:styled@1.0.0",
    createdAt: 1_723_510_000_000,
    app: { entry: "./index.html", assets: "." },
  }),
  "index.html": "<h1>hi</h1>\n<style>\n  h1 { color: var(--ink) }\n</style>\n",
  "styles/tokens.css": ":root { --ink: #123456; --gap: 12px }\n",
  "styles/app.css": "p {\n  margin: var(--gap);\n}\n",
};

/** Each run is a process of its own. */
const TIMEOUT_MS = 60_000;

async function pack(files: Readonly<Record<string, string>>, ...options: string[]) {
  const cwd = temporaryFolder();
  writeTree(join(cwd, "app"), { ...APP, ...files });
  return await runCli(["capsule", "pack", "app", "--json", ...options], { cwd });
}

describe("capsule pack --lint-tokens", { timeout: TIMEOUT_MS }, () => {
  it("packs an app whose colours and sizes are in its tokens file", async () => {
    const packed = await pack({}, "--lint-tokens");
    expect(packed.exitCode, packed.stderr).toBe(0);
    expect(JSON.parse(packed.stdout).fileCount).toBe(3);
  });

  it("refuses raw values, and names each by file, line and column", async () => {
    const styles = {
      "styles/app.css": "p {\n  margin: 12px;\n}\n",
      "index.html": "<style>h1 { color: red }</style>",
    };
    const refused = await pack(styles, "--lint-tokens");
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      ok: false,
      code: "raw-style",
      errors: [
        { path: "index.html:1:20", message: expect.stringContaining("red") },
        { path: "styles/app.css:2:11", message: expect.stringContaining("12px") },
      ],
    });
  });

  it("refuses a style sheet that is too large to be looked at, rather than pass over it", async () => {
    const refused = await pack({ "styles/huge.css": `/*${" ".repeat(1_100_000)}*/` }, "--lint-tokens");
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stdout).errors).toMatchObject([{ path: "styles/huge.css" }]);
  });

  it("looks at nothing without the option", async () => {
    const packed = await pack({ "styles/app.css": "p { margin: 12px }" });
    expect(packed.exitCode, packed.stderr).toBe(0);
  });
});
