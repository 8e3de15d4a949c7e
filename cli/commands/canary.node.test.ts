// Planted secrets of every known shape must come out nowhere: not in words, JSON, containers, requests or digests.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeCanaries } from "../../core/capsule/secret-fixture.ts";
import { SECRET_RULES_VERSION } from "../../core/capsule/secret-rules.ts";
import { needlesOf } from "../../test/canary/planted-words.ts";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import { type CliRun, runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

const SEED = Number(process.env.SEED ?? 20_260_803);
const CANARIES = makeCanaries(SEED);
const TIMEOUT_MS = 120_000;
const CREATED_AT = 1_760_000_000_000;
const LINES_ABOVE = 2;

function expectClean(what: string, bytes: Uint8Array | string, canaries = CANARIES): void {
  const buffer = Buffer.from(bytes);
  for (const canary of canaries)
    for (const needle of needlesOf(canary))
      expect(buffer.includes(needle), `${what} shows ${canary.rule} (seed ${SEED})`).toBe(false);
}

function expectCleanRun(what: string, { stdout, stderr }: CliRun): void {
  expectClean(`${what}: stdout`, stdout);
  expectClean(`${what}: stderr`, stderr);
}

function expectCleanFolder(what: string, folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    expectClean(`${what}: a name`, entry.name);
    if (entry.isFile())
      expectClean(`${what}: ${entry.name}`, readFileSync(join(entry.parentPath, entry.name)));
  }
}

/** Everything that was sent, as it was sent, and what is inside of what was encoded. */
function expectCleanPlatform(platform: FakePlatform): void {
  for (const { path, json, query } of platform.seen)
    expectClean(`a request to ${path}`, `${path}?${query}${JSON.stringify(json)}`);
  for (const bytes of platform.blobs.values()) expectClean("a blob", bytes);
  for (const { envelopes } of platform.capsules.values())
    for (const { payload } of envelopes) expectClean("a signed statement", Buffer.from(payload, "base64"));
}

async function keygen(cwd: string): Promise<void> {
  expect((await runCli(["capsule", "keygen", "--out", "keys"], { cwd })).exitCode).toBe(0);
}

function connected(platform: FakePlatform): Record<string, string> {
  return { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN, OURSYNTH_PROJECT: PROJECT };
}

describe("planted secrets", { timeout: TIMEOUT_MS }, () => {
  it("[C8] in files are refused by path, line and rule, and shown nowhere", async () => {
    const cwd = temporaryFolder();
    await keygen(cwd);
    const platform = await FakePlatform.start();
    const files = Object.fromEntries(
      CANARIES.map(({ text }, index) => [
        `src/file-${index}.ts`,
        `${"\n".repeat(LINES_ABOVE)}const x = ${JSON.stringify("")};${text}\n`,
      ]),
    );
    const big = Buffer.concat([
      Buffer.alloc(2_000_000, "x\n"),
      Buffer.from(CANARIES.map(({ text }) => text).join("\n")),
    ]);
    writeTree(join(cwd, "app"), {
      ...files,
      "big.bin": big,
      ".env.local": CANARIES.map(({ text }) => text).join("\n"),
    });
    const pack = ["capsule", "pack", "app", "--key", "keys/key.pem", "--out", "out.caps"];
    const words = await runCli(pack, { cwd });
    const json = await runCli([...pack, "--json"], { cwd });
    const pushed = await runCli(["push", "app", "--key", "keys/key.pem", "--json"], {
      cwd,
      env: connected(platform),
    });
    for (const run of [words, json, pushed]) {
      expect(run.exitCode).toBe(1);
      expectCleanRun("a refusal", run);
    }
    const { errors, code } = JSON.parse(json.stdout) as {
      code: string;
      errors: { path: string; message: string }[];
    };
    expect(code).toBe("secret");
    for (const [index, { rule }] of CANARIES.entries()) {
      const found = errors
        .filter(({ path }) => path === `src/file-${index}.ts`)
        .map(({ message }) => message);
      expect(found.join(), rule).toMatch(new RegExp(`^line ${LINES_ABOVE + 1} holds .*\\(${rule}\\)`));
    }
    expect(
      errors.some(({ path, message }) => path === "big.bin" && message.startsWith("line 1000001 ")),
    ).toBe(true);
    expect(errors).toContainEqual({ path: ".env.local", message: expect.stringContaining("(env-file)") });
    expect(words.stderr).toContain("--allow PATH");
    expect(readdirSync(cwd).sort()).toEqual(["app", "keys"]);
    expect(platform.blobs.size).toBe(0);
    expectCleanPlatform(platform);
  });

  it("[C8] in a manifest, its names, a document, a file's name or a reason are refused and not quoted", async () => {
    const cwd = temporaryFolder();
    const named = CANARIES.filter(({ text }) => /^[A-Za-z0-9_-]{20,100}$/.test(text));
    expect(named.length).toBeGreaterThan(20);
    const [first] = named;
    const manifests: readonly object[] = [
      {
        services: CANARIES.map(({ text }, index) => ({
          name: `s${index}`,
          type: "worker",
          config: { deep: [text] },
        })),
      },
      { build: { environment: Object.fromEntries(named.map(({ text }) => [text, "1"])) } },
      { _type: first?.text },
      Object.fromEntries(named.map(({ text }) => [text, 1])),
      { id: first?.text },
      { app: { entry: first?.text } },
    ];
    for (const [index, manifest] of manifests.entries()) {
      writeTree(join(cwd, `app-${index}`), { "capsule.json": JSON.stringify(manifest), a: "a" });
      for (const more of [[], ["--json"]]) {
        const run = await runCli(["capsule", "pack", `app-${index}`, "--out", "out.caps", ...more], { cwd });
        expect(run.exitCode, `${index} ${run.stdout}`).not.toBe(0);
        expectCleanRun(`the manifest ${index}`, run);
      }
    }
    writeTree(join(cwd, "document"), {
      "capsule.json": JSON.stringify({ attestations: [{ type: "log", path: "attestations/x.log" }] }),
      "attestations/x.log": `\n${CANARIES.map(({ text }) => text).join("\n")}`,
    });
    const document = await runCli(["capsule", "pack", "document", "--json"], { cwd });
    expect(JSON.parse(document.stdout).errors[0]).toMatchObject({
      path: "attestations/x.log",
      message: expect.stringMatching(/^line 2 /),
    });
    expectCleanRun("a document", document);
    writeTree(join(cwd, "names"), Object.fromEntries(named.map(({ text }) => [`a/${text}.txt`, "x"])));
    const names = await runCli(["capsule", "pack", "names", "--json"], { cwd });
    expect(JSON.parse(names.stdout).code).toBe("secret");
    expectCleanRun("names of files", names);
    for (const { text } of named.slice(0, 3)) {
      const reason = await runCli(["capsule", "pack", "names", "--reason", `because ${text}`], { cwd });
      expect(reason.exitCode).toBe(2);
      expectCleanRun("a reason", reason);
    }
  });

  it("[C8] that stay outside leave no trace in what is packed, pushed, inspected, verified and unpacked", async () => {
    const cwd = temporaryFolder();
    await keygen(cwd);
    const platform = await FakePlatform.start();
    const all = CANARIES.map(({ text }) => text).join("\n");
    const env = Object.fromEntries(CANARIES.map(({ text }, index) => [`PLAIN_${index}`, text]));
    const app = writeTree(join(cwd, "app"), {
      "capsule.json": JSON.stringify({
        id: "urn:oursynth:app:canary@1.0.0",
        createdAt: CREATED_AT,
        app: { entry: "index.ts", env: { ...env, DB_PASSWORD: CANARIES[0]?.text, MODE: "x" } },
      }),
      "index.ts": 'import { Hono } from "hono";\nexport default new Hono();\n',
      "package-lock.json": readFileSync(
        join(import.meta.dirname, "../../test/vectors/lockfiles/package-lock-v3.json"),
      ),
      ".env.example": "DB_PASSWORD=\nAPI_TOKEN=put-yours-here\n",
      ".capsuleignore": "private/\n",
      "private/keys.txt": all,
      "node_modules/x/.npmrc": all,
    });
    const remote = CANARIES.find(({ rule }) => rule === "github-token")?.text;
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", app, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
    git("init", "-q");
    git("add", "index.ts");
    git("commit", "-qm", "x");
    git("remote", "add", "origin", `https://${remote}@example.org/a.git`);
    const runs = [
      await runCli(["capsule", "pack", "app", "--key", "keys/key.pem", "--out", "words.caps"], { cwd }),
      await runCli(["capsule", "pack", "app", "--key", "keys/key.pem", "--out", "out.caps", "--json"], {
        cwd,
      }),
      await runCli(["capsule", "inspect", "out.caps"], { cwd }),
      await runCli(["capsule", "inspect", "out.caps", "--json"], { cwd }),
      await runCli(["capsule", "verify", "out.caps", "--key", "keys/key.pub.pem", "--json"], { cwd }),
      await runCli(["capsule", "unpack", "out.caps", "--out", "unpacked", "--key", "keys/key.pub.pem"], {
        cwd,
      }),
      await runCli(["push", "app", "--key", "keys/key.pem", "--reason", "a good one"], {
        cwd,
        env: connected(platform),
      }),
    ];
    for (const [index, run] of runs.entries()) {
      expect(run.exitCode, `${index}: ${run.stderr}`).toBe(0);
      expectCleanRun(`run ${index}`, run);
    }
    const packed = JSON.parse(runs[1]?.stdout ?? "");
    expect(packed.redacted).toEqual([...Object.keys(env), "DB_PASSWORD"].sort());
    expect(packed.manifest.app.env).toEqual({ MODE: "x" });
    const inspected = JSON.parse(runs[3]?.stdout ?? "");
    const { buildDefinition, runDetails } = inspected.envelopes[0].statement.predicate;
    expect(buildDefinition.internalParameters).toEqual({ secretRules: SECRET_RULES_VERSION });
    expect(buildDefinition.resolvedDependencies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "package-lock.json" }),
        { uri: "pkg:npm/hono@4.6.0", digest: { sha512: expect.any(String) } },
      ]),
    );
    expect(runDetails.byproducts).toEqual([
      { name: "attestations/sbom.cdx.json", digest: { sha256: packed.sbom.sha256 } },
    ]);
    expect(inspected.sbom).toContainEqual(expect.objectContaining({ name: "hono", license: "MIT" }));
    expect(runs[2]?.stdout).toMatch(/made of \d+ packages/);
    for (const name of ["words.caps", "out.caps"]) expectClean(name, readFileSync(join(cwd, name)));
    expectCleanFolder("unpacked", join(cwd, "unpacked"));
    expect(platform.capsules.size).toBe(1);
    expect(platform.blobs.has(packed.sbom.sha256)).toBe(true);
    expectCleanPlatform(platform);
    const again = await runCli(["capsule", "pack", "unpacked", "--json"], { cwd });
    expect(JSON.parse(again.stdout).capsuleDigest).toBe(packed.capsuleDigest);
  });

  it("[C8] are let in by name with --allow, one file or folder at a time", async () => {
    const cwd = temporaryFolder();
    const [first, second] = CANARIES;
    writeTree(join(cwd, "app"), {
      "a/one.txt": `${first?.text}\n`,
      "a/two.txt": `${second?.text}\n`,
      "b.txt": "b",
    });
    const one = await runCli(["capsule", "pack", "app", "--allow", "a/one.txt", "--json"], { cwd });
    expect(one.exitCode).toBe(1);
    expect(JSON.parse(one.stdout).errors.map(({ path }: { path: string }) => path)).toEqual(["a/two.txt"]);
    const both = await runCli(["capsule", "pack", "app", "--allow", "a", "--out", "out.caps", "--json"], {
      cwd,
    });
    expect(both.exitCode, both.stderr).toBe(0);
    expect(readFileSync(join(cwd, "out.caps")).includes(first?.text.trim() ?? "")).toBe(true);
  });

  it("[C8] in .env.example are found by a scan", async () => {
    const cwd = temporaryFolder();
    writeTree(join(cwd, "app"), {
      ".env.example": `A=1\nB=${CANARIES.find(({ rule }) => rule === "stripe-key")?.text}\n`,
    });
    const run = await runCli(["capsule", "pack", "app", "--json"], { cwd });
    expect(JSON.parse(run.stdout).errors).toEqual([
      { path: ".env.example", message: "line 2 holds a Stripe live key (stripe-key)" },
    ]);
  });
});
