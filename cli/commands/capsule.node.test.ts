import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preAuthEncoding } from "../../core/signing/dsse.ts";
import { runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

const MISSION = join(import.meta.dirname, "../../test/vectors/mission/mission-capsule.json");
const MANIFEST = JSON.stringify({
  id: "urn:oursynth:app:demo@1.2.3",
  createdAt: 1_723_510_000_000,
  app: { entry: "./src/index.ts", assets: "./public", env: { MODE: "x", DB_PASSWORD: "hunter2" } },
});
const APP = {
  "capsule.json": MANIFEST,
  "src/index.ts": "export default { fetch: () => new Response('hi') };\n",
  "public/index.html": "<h1>hi</h1>",
  "public/ünïcode/a-b.txt": "x",
  "public/big.bin": new Uint8Array(3_000_000).fill(7),
  "run.sh": "#!/bin/sh\n",
  "node_modules/x/index.js": "never packed",
  "notes.log": "ignored",
  ".capsuleignore": "*.log\n",
};

function makeApp(): string {
  const folder = temporaryFolder();
  writeTree(join(folder, "app"), APP);
  chmodSync(join(folder, "app", "run.sh"), 0o755);
  return folder;
}

async function keygen(cwd: string): Promise<{ keyId: string; publicKey: string; secretKey: string }> {
  return JSON.parse((await runCli(["capsule", "keygen", "--out", "keys", "--json"], { cwd })).stdout);
}

/** The names of all files below a folder, sorted. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** As a token has it, from many characters; behind a prefix it is a secret for the rules. */
const TOKEN_BODY = "aB3dE6gH9jK2".repeat(3);

/** Each run is a process of its own. */
const TIMEOUT_MS = 60_000;

describe("oursynth capsule", { timeout: TIMEOUT_MS }, () => {
  it("packs, verifies, inspects and unpacks to what was packed", async () => {
    const cwd = makeApp();
    const { keyId, publicKey } = await keygen(cwd);
    const packed = await runCli(
      ["capsule", "pack", "app", "--key", "keys/key.pem", "--reason", "first", "--json"],
      { cwd },
    );
    expect(packed.exitCode, packed.stderr).toBe(0);
    expect(packed.stderr).toContain("DB_PASSWORD");
    const facts = JSON.parse(packed.stdout);
    expect(facts).toMatchObject({ keyId, fileCount: 6, redacted: ["DB_PASSWORD"], isReproducible: true });
    expect(facts.manifest.app).toMatchObject({ env: { MODE: "x" }, secrets: ["DB_PASSWORD"] });
    expect(facts.file).toBe(join(cwd, "demo-1.2.3.caps"));
    expect(readFileSync(facts.file).includes("hunter2")).toBe(false);

    const verified = await runCli(
      ["capsule", "verify", "demo-1.2.3.caps", "--pub", publicKey, "--expect", facts.capsuleDigest],
      { cwd },
    );
    expect(verified.exitCode, verified.stdout).toBe(0);
    expect(verified.stdout).toContain("PASS");
    expect(verified.stdout.match(/✓/g)).toHaveLength(12);

    const inspected = await runCli(["capsule", "inspect", "demo-1.2.3.caps", "--json"], { cwd });
    const { envelopes, manifest } = JSON.parse(inspected.stdout);
    expect(manifest).toEqual(facts.manifest);
    expect(envelopes).toMatchObject([{ predicateType: "https://slsa.dev/provenance/v1", keyIds: [keyId] }]);
    expect(envelopes[0].statement.predicate.buildDefinition.externalParameters).toEqual({ reason: "first" });

    const unpacked = await runCli(
      ["capsule", "unpack", "demo-1.2.3.caps", "--out", "out", "--key", "keys/key.pub.pem"],
      { cwd },
    );
    expect(unpacked.exitCode, unpacked.stderr).toBe(0);
    expect(filesIn(join(cwd, "out"))).toEqual(
      [...facts.manifest.files.map(({ path }: { path: string }) => path), "capsule.json"].sort(),
    );
    expect(
      readFileSync(join(cwd, "out/public/big.bin")).equals(readFileSync(join(cwd, "app/public/big.bin"))),
    ).toBe(true);
    expect(statSync(join(cwd, "out/run.sh")).mode & 0o111).not.toBe(0);

    const again = await runCli(["capsule", "pack", "out", "--out", "again.caps", "--json"], { cwd });
    expect(JSON.parse(again.stdout).capsuleDigest).toBe(facts.capsuleDigest);
    expect(again.stderr).toContain("Not signed");
  });

  it("[C10] gives the same bytes whatever the folder, order, time zone and locale", async () => {
    const cwd = makeApp();
    writeTree(join(cwd, "elsewhere/deep"), Object.fromEntries(Object.entries(APP).reverse()));
    chmodSync(join(cwd, "elsewhere/deep/run.sh"), 0o755);
    cpSync(join(cwd, "elsewhere/deep"), join(cwd, "ünïcode copy"), { recursive: true });
    const runs = await Promise.all([
      runCli(["capsule", "pack", "app", "--out", "a.caps"], { cwd, env: { TZ: "UTC", LC_ALL: "C" } }),
      runCli(["capsule", "pack", "elsewhere/deep", "--out", "b.caps"], {
        cwd,
        env: { TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
      }),
      runCli(["capsule", "pack", "ünïcode copy", "--out", "c.caps"], {
        cwd,
        env: { TZ: "America/St_Johns", LC_ALL: "sv_SE.UTF-8", LANG: "sv_SE.UTF-8" },
      }),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    for (const other of ["b.caps", "c.caps"])
      expect(readFileSync(join(cwd, "a.caps")).equals(readFileSync(join(cwd, other)))).toBe(true);
  });

  it("[C11] packs the mission's manifest as it stands, once its files exist", async () => {
    const cwd = temporaryFolder();
    writeTree(join(cwd, "login"), {
      "db/schema.sql": "create table t(x);",
      "db/seeds.sql": "insert into t values (1);",
    });
    copyFileSync(MISSION, join(cwd, "login/capsule.json"));
    const packed = await runCli(["capsule", "pack", "login", "--json"], { cwd });
    expect(packed.exitCode, packed.stderr).toBe(0);
    const { manifest } = JSON.parse(packed.stdout);
    expect(manifest).toMatchObject({ createdAt: 1_723_510_000_000, rights: { license: "OSL-3.0" } });
    expect(manifest.app.env).toEqual({ NEXT_TELEMETRY_DISABLED: "1" });
    const verified = await runCli(["capsule", "verify", "login-page-0.1.0.caps"], { cwd });
    expect(verified.exitCode).toBe(2);
  });

  it("[C7] takes createdAt from the commit of a clean work tree, else the clock, and says so", async () => {
    const cwd = temporaryFolder();
    const folder = writeTree(join(cwd, "repo"), { "index.html": "x" });
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
        env: { ...process.env, GIT_COMMITTER_DATE: "2024-01-02T03:04:05Z" },
      });
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "x");
    git("remote", "add", "origin", "https://user:s3cret@example.org/a/b.git");
    await keygen(cwd);
    const args = ["capsule", "pack", "repo", "--key", "keys/key.pem", "--out", "repo/app.caps", "--json"];
    const clean = await runCli(args, { cwd });
    expect(JSON.parse(clean.stdout)).toMatchObject({
      createdAt: Date.parse("2024-01-02T03:04:05Z"),
      createdAtSource: "git",
    });
    // The container that was just written does not make the folder unclean.
    expect(JSON.parse((await runCli(args, { cwd })).stdout).createdAtSource).toBe("git");
    const { envelopes } = JSON.parse(
      (await runCli(["capsule", "inspect", "repo/app.caps", "--json"], { cwd })).stdout,
    );
    const [dependency] = envelopes[0].statement.predicate.buildDefinition.resolvedDependencies;
    expect(dependency.uri).toMatch(/^git\+https:\/\/example\.org\/a\/b\.git@[0-9a-f]{40}$/);
    writeFileSync(join(folder, "index.html"), "y");
    const dirty = await runCli(args, { cwd });
    expect(dirty.stderr).toContain("not reproducible");
    const epoch = await runCli(args, { cwd, env: { SOURCE_DATE_EPOCH: "1700000000" } });
    expect(JSON.parse(epoch.stdout)).toMatchObject({ createdAt: 1_700_000_000_000, isReproducible: true });
    expect((await runCli(args, { cwd, env: { SOURCE_DATE_EPOCH: "today" } })).exitCode).toBe(2);
  });

  it("[C5] names every symlink and stops; copies those that stay inside when asked", async () => {
    const cwd = temporaryFolder();
    const app = writeTree(join(cwd, "app"), { a: "a", "sub/b": "b" });
    symlinkSync("a", join(app, "link"));
    symlinkSync("../sub", join(app, "sub2"));
    symlinkSync("sub", join(app, "folder"));
    const refused = await runCli(["capsule", "pack", "app", "--json"], { cwd });
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stdout).errors.map(({ path }: { path: string }) => path)).toEqual([
      "folder",
      "link",
      "sub2",
    ]);
    const outside = await runCli(["capsule", "pack", "app", "--follow-symlinks"], { cwd });
    expect(outside.exitCode).toBe(1);
    expect(outside.stderr).toContain("sub2");
    writeFileSync(join(app, ".capsuleignore"), "sub2\n");
    const followed = await runCli(["capsule", "pack", "app", "--follow-symlinks", "--json"], { cwd });
    const paths = JSON.parse(followed.stdout).manifest.files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual([".capsuleignore", "a", "folder/b", "link", "sub/b"]);
  });

  it("[C8] refuses secrets unless allowed by path, and leaves nothing behind", async () => {
    const cwd = temporaryFolder();
    await keygen(cwd);
    writeTree(join(cwd, "app"), {
      ".env": "A=1",
      ".env.example": "A=",
      "conf/key.pem": readFileSync(join(cwd, "keys/key.pem")),
      "long.js": `${"x ".repeat(700_000)}npm_${TOKEN_BODY}`,
    });
    const refused = await runCli(["capsule", "pack", "app", "--json"], { cwd });
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      code: "secret",
      errors: [{ path: ".env" }, { path: "conf/key.pem" }, { path: "long.js" }],
    });
    expect(readdirSync(cwd).sort()).toEqual(["app", "keys"]);
    const allow = ["--allow", ".env", "--allow", "./conf/", "--allow", "long.js"];
    expect((await runCli(["capsule", "pack", "app", ...allow], { cwd })).exitCode).toBe(0);
    writeTree(join(cwd, "app"), {
      "capsule.json": JSON.stringify({ build: { environment: { X: `npm_${TOKEN_BODY}` } } }),
    });
    const inManifest = await runCli(["capsule", "pack", "app", ...allow, "--json"], { cwd });
    expect(JSON.parse(inManifest.stdout).errors).toMatchObject([{ path: "build.environment.X" }]);
  });

  it("[S1] makes a signature that OpenSSL verifies over the pre-authentication encoding", async ({
    skip,
  }) => {
    if (spawnSync("openssl", ["version"]).status !== 0) skip("no openssl here");
    const cwd = makeApp();
    await keygen(cwd);
    await runCli(["capsule", "pack", "app", "--key", "keys/key.pem"], { cwd });
    execFileSync("unzip", ["-q", "demo-1.2.3.caps", "-d", "zip"], { cwd });
    const [name = ""] = readdirSync(join(cwd, "zip/envelopes"));
    const envelope = JSON.parse(readFileSync(join(cwd, "zip/envelopes", name), "utf8"));
    writeFileSync(
      join(cwd, "pae"),
      preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, "base64")),
    );
    writeFileSync(join(cwd, "sig"), Buffer.from(envelope.signatures[0].sig, "base64"));
    const args = [
      "pkeyutl",
      "-verify",
      "-pubin",
      "-inkey",
      "keys/key.pub.pem",
      "-rawin",
      "-in",
      "pae",
      "-sigfile",
      "sig",
    ];
    expect(execFileSync("openssl", args, { cwd }).toString()).toContain("Verified Successfully");
  });

  it("writes nothing when a capsule does not verify, and into no folder that is in use", async () => {
    const cwd = makeApp();
    const { publicKey } = await keygen(cwd);
    await runCli(["capsule", "pack", "app", "--key", "keys/key.pem", "--out", "good.caps"], { cwd });
    const bytes = readFileSync(join(cwd, "good.caps"));
    bytes.writeUInt8(8, bytes.indexOf(Buffer.alloc(100, 7)) + 2_000_000);
    writeFileSync(join(cwd, "bad.caps"), bytes);
    const before = readdirSync(cwd).sort();
    const bad = await runCli(["capsule", "unpack", "bad.caps", "--out", "out/here", "--json"], { cwd });
    expect(bad.exitCode).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, errors: [{ path: "files" }] });
    expect(existsSync(join(cwd, "out/here"))).toBe(false);
    expect((await runCli(["capsule", "verify", "bad.caps", "--pub", publicKey], { cwd })).exitCode).toBe(1);
    expect((await runCli(["capsule", "inspect", "bad.caps"], { cwd })).exitCode).toBe(1);
    const stranger = await runCli(["capsule", "keygen", "--json"], { cwd });
    const untrusted = await runCli(
      ["capsule", "unpack", "good.caps", "--out", "out/here", "--pub", JSON.parse(stranger.stdout).publicKey],
      { cwd },
    );
    expect(untrusted.exitCode).toBe(1);
    mkdirSync(join(cwd, "used"));
    writeFileSync(join(cwd, "used/mine"), "mine");
    expect((await runCli(["capsule", "unpack", "good.caps", "--out", "used"], { cwd })).exitCode).toBe(1);
    expect(readdirSync(join(cwd, "used"))).toEqual(["mine"]);
    mkdirSync(join(cwd, "empty"));
    const unsigned = await runCli(["capsule", "unpack", "good.caps", "--out", "empty", "--files-only"], {
      cwd,
    });
    expect(unsigned.exitCode, unsigned.stderr).toBe(0);
    expect(unsigned.stderr).toContain("warning");
    expect(existsSync(join(cwd, "empty/capsule.json"))).toBe(false);
    expect(readdirSync(cwd).sort()).toEqual([...before, "empty", "out", "used"].sort());
    expect(filesIn(join(cwd, "out"))).toEqual([]);
  });

  it("[S7] reads keys from CAPSULE_SECRET and CAPSULE_PUBLIC, and never overwrites one", async () => {
    const cwd = makeApp();
    const { keyId, publicKey, secretKey } = await keygen(cwd);
    if (process.platform !== "win32") expect(statSync(join(cwd, "keys/key.pem")).mode & 0o777).toBe(0o600);
    const pem = readFileSync(join(cwd, "keys/key.pem"), "utf8");
    expect((await runCli(["capsule", "keygen", "--out", "keys"], { cwd })).exitCode).toBe(1);
    expect(readFileSync(join(cwd, "keys/key.pem"), "utf8")).toBe(pem);
    const packed = await runCli(["capsule", "pack", "app", "--json"], {
      cwd,
      env: { CAPSULE_SECRET: secretKey },
    });
    expect(JSON.parse(packed.stdout).keyId).toBe(keyId);
    const verify = (env: Record<string, string>, ...args: string[]) =>
      runCli(["capsule", "verify", "demo-1.2.3.caps", ...args], { cwd, env });
    expect((await verify({ CAPSULE_PUBLIC: publicKey })).exitCode).toBe(0);
    expect((await verify({})).exitCode).toBe(2);
    expect((await verify({}, "--key", "keys/key.pem")).exitCode).toBe(2);
    expect((await verify({}, "--pub", publicKey, "--expect", `sha256:${"0".repeat(64)}`)).exitCode).toBe(1);
  });

  it("prints one JSON value and the promised exit code for every kind of end", async () => {
    const cwd = makeApp();
    const ends: [number, ...string[]][] = [
      [0, "capsule", "keygen"],
      [2, "capsule", "nonsense"],
      [2, "nonsense"],
      [2, "capsule", "pack"],
      [2, "capsule", "pack", "app", "--nonsense"],
      [1, "capsule", "pack", "missing"],
      [2, "capsule", "verify", "missing.caps"],
      [2, "capsule", "verify", "demo.caps", "--expect", "nonsense"],
      [1, "capsule", "inspect", "app/run.sh"],
      [2, "completion", "tcsh"],
      [0, "completion", "bash"],
      [1, "whoami"],
    ];
    for (const [exitCode, ...args] of ends) {
      const run = await runCli([...args, "--json"], { cwd });
      expect(run.exitCode, args.join(" ")).toBe(exitCode);
      expect(() => JSON.parse(run.stdout), args.join(" ")).not.toThrow();
    }
    expect((await runCli(["--help"], { cwd })).exitCode).toBe(0);
    const help = await runCli(["capsule", "pack", "--help"], { cwd });
    expect(help.stdout).toContain("Example");
  });

  it("fails with the fields of a manifest that are wrong, and writes nothing", async () => {
    const cwd = makeApp();
    cpSync(join(cwd, "app"), join(cwd, "wrong"), { recursive: true });
    writeFileSync(join(cwd, "wrong/capsule.json"), '{"version":"one","app":{"entry":"./gone.ts"},"extra":1}');
    const wrong = await runCli(["capsule", "pack", "wrong", "--json"], { cwd });
    expect(wrong.exitCode).toBe(1);
    expect(JSON.parse(wrong.stdout).errors.map(({ path }: { path: string }) => path)).toContain("version");
    writeFileSync(join(cwd, "wrong/capsule.json"), '{"app":{"entry":"./gone.ts"}}');
    const gone = await runCli(["capsule", "pack", "wrong", "--json"], { cwd });
    expect(JSON.parse(gone.stdout).errors).toMatchObject([{ path: "app.entry" }]);
    expect(readdirSync(cwd).sort()).toEqual(["app", "wrong"]);
  });
});
