import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findScriptProblems } from "./check-npm-scripts.ts";
import { ROOT } from "./platform/state-folder.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oursynth-scripts-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function problemsOf(command: string): Promise<string[]> {
  const file = join(folder, "package.json");
  await writeFile(file, JSON.stringify({ scripts: { it: command } }));
  return await findScriptProblems(file);
}

describe("npm scripts run alike under cmd.exe and sh", () => {
  test.each(["node scripts/start.ts", "biome check --write ."])("%s is plain", async (command) => {
    expect(await problemsOf(command)).toEqual([]);
  });

  test.each([
    "node a.ts && node b.ts",
    "PORT=1 node a.ts",
    "node a.ts | tee log",
    "rm -rf $HOME",
    "node 'a b.ts'",
    "node *.ts",
    "node a.ts > log",
  ])("%s is refused", async (command) => {
    expect(await problemsOf(command)).toHaveLength(1);
  });

  test("the project's own are plain", async () => {
    expect(await findScriptProblems(join(ROOT, "package.json"))).toEqual([]);
  });
});
