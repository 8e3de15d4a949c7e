import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import { runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

const TEXT = "one\ntwo\nthree\nfour\nfive\n";

/** Each run is a process of its own. */
const TIMEOUT_MS = 60_000;

function authored(version: string, env: Record<string, string>): string {
  const createdAt = 1_723_510_000_000;
  return JSON.stringify({ id: `urn:oursynth:app:demo@${version}`, createdAt, app: { env } });
}

/** Packs a folder of files to `<name>.caps` and gives its digest. */
async function pack(cwd: string, name: string, files: Record<string, string | Uint8Array>): Promise<string> {
  writeTree(join(cwd, name), files);
  const run = await runCli(["capsule", "pack", name, "--out", `${name}.caps`, "--json"], { cwd });
  expect(run.exitCode, run.stderr).toBe(0);
  return JSON.parse(run.stdout).capsuleDigest;
}

describe("oursynth capsule diff", { timeout: TIMEOUT_MS }, () => {
  it("[F1] prints a patch that git apply takes, with fields and binaries beside it, and exits 0", async () => {
    const cwd = temporaryFolder();
    const a = await pack(cwd, "a", {
      "capsule.json": authored("1.0.0", { MODE: "x" }),
      "a.txt": TEXT,
      "b.bin": Uint8Array.of(0),
      "run.sh": "#!/bin/sh\n",
    });
    writeTree(join(cwd, "b"), { "run.sh": "#!/bin/sh\n" });
    chmodSync(join(cwd, "b", "run.sh"), 0o755);
    const b = await pack(cwd, "b", {
      "capsule.json": authored("1.1.0", { MODE: "y" }),
      "a.txt": TEXT.replace("two", "TWO\r"),
      "b.bin": Uint8Array.of(0, 1),
      "new file.txt": "no end",
    });
    const shown = await runCli(["capsule", "diff", "a.caps", "b.caps"], { cwd });
    expect(shown.exitCode, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('manifest /app/env/MODE: "x" → "y"');
    expect(shown.stdout).toMatch(/^binary modified b\.bin: sha256 \w{64} → \w{64}$/m);
    expect(shown.stderr).toContain("2 files modified");
    execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: join(cwd, "a"), input: shown.stdout });
    for (const path of ["a.txt", "new file.txt"]) {
      expect(readFileSync(join(cwd, "a", path), "utf8")).toBe(readFileSync(join(cwd, "b", path), "utf8"));
    }
    const json = JSON.parse(
      (await runCli(["capsule", "diff", "a.caps", "b.caps", "--json"], { cwd })).stdout,
    );
    expect(json).toMatchObject({ from: a, to: b });
    const same = await runCli(["capsule", "diff", "a.caps", "a.caps"], { cwd });
    expect([same.exitCode, same.stdout, same.stderr]).toEqual([0, "", "No difference.\n"]);
  });

  it("[F1] takes digests, too: of one from the platform, of two asks the platform", async () => {
    const platform = await FakePlatform.start();
    const cwd = temporaryFolder();
    const env = { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN, OURSYNTH_PROJECT: PROJECT };
    await runCli(["capsule", "keygen", "--out", "keys"], { cwd });
    const a = await pack(cwd, "a", { "capsule.json": authored("1.0.0", {}), "a.txt": TEXT });
    const b = await pack(cwd, "b", { "capsule.json": authored("1.0.0", {}), "a.txt": `${TEXT}six\n` });
    const pushed = await runCli(["push", "a.caps"], { cwd, env });
    expect(pushed.exitCode, pushed.stderr).toBe(0);
    const mixed = await runCli(["capsule", "diff", a, "b.caps", "--json"], { cwd, env });
    expect(mixed.exitCode, mixed.stderr).toBe(0);
    expect(JSON.parse(mixed.stdout)).toMatchObject({ from: a, to: b, files: [{ kind: "modified" }] });
    await runCli(["capsule", "diff", a, b], { cwd, env });
    expect(
      platform.seen.some(({ path }) => path.endsWith(`/${encodeURIComponent(b)}`) || path.endsWith(b)),
    ).toBe(true);
  });

  it("[F1] says what is wrong with a file that is no capsule", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "a.caps"), "no capsule");
    const shown = await runCli(["capsule", "diff", "a.caps", "b.caps", "--json"], { cwd });
    expect(shown.exitCode).toBe(1);
    expect(JSON.parse(shown.stdout)).toMatchObject({ ok: false, code: "capsule-invalid" });
  });
});

describe("oursynth capsule merge", { timeout: TIMEOUT_MS }, () => {
  it("[B1] makes a bill of materials of the merged lockfile", async () => {
    const cwd = temporaryFolder();
    const lockfile = readFileSync(
      join(import.meta.dirname, "../../test/vectors/lockfiles/package-lock-v3.json"),
    );
    const files = { "package-lock.json": lockfile, "a.txt": TEXT };
    await pack(cwd, "base", { ...files, "capsule.json": authored("1.0.0", {}) });
    await pack(cwd, "ours", { ...files, "capsule.json": authored("1.1.0", {}), "b.txt": "b" });
    await pack(cwd, "theirs", { ...files, "capsule.json": authored("1.0.1", {}), "c.txt": "c" });
    const sides = ["base.caps", "ours.caps", "theirs.caps"];
    const out = ["--version", "2.0.0", "--out", "merged.caps"];
    const merged = await runCli(["capsule", "merge", ...sides, ...out, "--json"], { cwd });
    expect(merged.exitCode, merged.stderr).toBe(0);
    const shown = await runCli(["capsule", "inspect", "merged.caps", "--json"], { cwd });
    expect(JSON.parse(shown.stdout).sbom).toContainEqual(expect.objectContaining({ name: "hono" }));
  });

  async function packThree(cwd: string, theirs: string, mode: string): Promise<void> {
    const big = new Uint8Array(1_500_000).fill(7);
    await pack(cwd, "base", {
      "capsule.json": authored("1.0.0", { MODE: "x" }),
      "a.txt": TEXT,
      "big.bin": big,
    });
    await pack(cwd, "ours", {
      "capsule.json": authored("1.1.0", { MODE: "y" }),
      "a.txt": TEXT.replace("two", "TWO"),
      "big.bin": big,
    });
    await pack(cwd, "theirs", {
      "capsule.json": authored("1.0.1", { MODE: mode }),
      "a.txt": theirs,
      "big.bin": big,
    });
  }
  const MERGE = ["capsule", "merge", "base.caps", "ours.caps", "theirs.caps", "--version", "2.0.0"];

  it("[F2] writes a signed capsule that verifies and has both parents", async () => {
    const cwd = temporaryFolder();
    await packThree(cwd, TEXT.replace("four", "FOUR"), "x");
    await runCli(["capsule", "keygen", "--out", "keys"], { cwd });
    const merged = await runCli(
      [...MERGE, "--out", "merged.caps", "--key", "keys/key.pem", "--reason", "both", "--json"],
      { cwd },
    );
    expect(merged.exitCode, merged.stderr).toBe(0);
    const facts = JSON.parse(merged.stdout);
    expect(facts).toMatchObject({ id: "urn:oursynth:app:demo@2.0.0", fileCount: 2, conflicts: [] });
    expect(facts.parents).toHaveLength(2);
    const verified = await runCli(
      ["capsule", "verify", "merged.caps", "--key", "keys/key.pub.pem", "--expect", facts.capsuleDigest],
      { cwd },
    );
    expect(verified.exitCode, verified.stdout).toBe(0);
    await runCli(["capsule", "unpack", "merged.caps", "--key", "keys/key.pub.pem"], { cwd });
    expect(readFileSync(join(cwd, "merged", "a.txt"), "utf8")).toBe("one\nTWO\nthree\nFOUR\nfive\n");
  });

  it("[F2] lists conflicts, writes nothing and exits 1, until each is decided", async () => {
    const cwd = temporaryFolder();
    await packThree(cwd, TEXT.replace("two", "2"), "z");
    const stopped = await runCli([...MERGE, "--out", "merged.caps"], { cwd });
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stdout).toContain("    <<<<<<< ours\n    TWO\n    ||||||| base\n    two\n");
    expect(stopped.stdout).toContain('    theirs: "z"');
    expect(stopped.stderr).toContain("2 conflicts: nothing was written");
    expect(existsSync(join(cwd, "merged.caps"))).toBe(false);
    const json = JSON.parse((await runCli([...MERGE, "--out", "merged.caps", "--json"], { cwd })).stdout);
    expect(json.conflicts.map(({ path }: { path: string }) => path)).toEqual(["/app/env/MODE", "a.txt"]);

    writeFileSync(join(cwd, "mine.txt"), "mine\n");
    const decided = await runCli(
      [...MERGE, "--out", "merged.caps", "--theirs", "/app/env/MODE", "--take", "a.txt=mine.txt"],
      { cwd },
    );
    expect(decided.exitCode, decided.stderr).toBe(0);
    await runCli(["capsule", "unpack", "merged.caps"], { cwd });
    expect(readFileSync(join(cwd, "merged", "a.txt"), "utf8")).toBe("mine\n");
    expect(JSON.parse(readFileSync(join(cwd, "merged", "capsule.json"), "utf8")).app.env).toEqual({
      MODE: "z",
    });
  });

  it("[F2] refuses decisions about nothing, and a conflict that is decided twice", async () => {
    const cwd = temporaryFolder();
    await packThree(cwd, TEXT, "x");
    const unused = await runCli([...MERGE, "--out", "merged.caps", "--ours", "nothing.txt"], { cwd });
    expect([unused.exitCode, existsSync(join(cwd, "merged.caps"))]).toEqual([1, false]);
    expect(unused.stderr).toContain("nothing.txt");
    const twice = await runCli([...MERGE, "--out", "m.caps", "--ours", "a", "--theirs", "a"], { cwd });
    expect(twice.exitCode).toBe(2);
  });
});
