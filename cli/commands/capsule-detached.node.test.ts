import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

const APP = {
  "capsule.json": '{"id":"urn:oursynth:app:demo@1.2.3","createdAt":1723510000000}',
  "index.html": "<h1>hi</h1>",
};

describe("oursynth capsule, detached", { timeout: 60_000 }, () => {
  it("[K4] pack --detached writes <slug>.capsule.json, and verify reads it", async () => {
    const cwd = temporaryFolder();
    writeTree(join(cwd, "app"), APP);
    const { publicKey, secretKey } = JSON.parse(
      (await runCli(["capsule", "keygen", "--json"], { cwd })).stdout,
    );
    const packed = await runCli(["capsule", "pack", "app", "--detached", "--json"], {
      cwd,
      env: { CAPSULE_SECRET: secretKey },
    });
    expect(JSON.parse(packed.stdout).detachedFile, packed.stderr).toBe(join(cwd, "demo.capsule.json"));
    const ends: readonly (readonly [number, ...string[]])[] = [
      [0, "demo.capsule.json"],
      [0, "demo.capsule.json", "--files", "app"],
      [1, "demo.capsule.json", "--expect", `sha256:${"0".repeat(64)}`],
      [2, "demo.capsule.json", "--files", "nowhere"],
      [2, "demo-1.2.3.caps", "--files", "app"],
    ];
    const runs = ends.map(([, ...args]) =>
      runCli(["capsule", "verify", ...args, "--pub", publicKey], { cwd }),
    );
    for (const [index, run] of (await Promise.all(runs)).entries())
      expect(run.exitCode, run.stdout + run.stderr).toBe(ends[index]?.[0]);
  });
});
