// `oursynth secrets`: where a value may come from, and that it is shown nowhere.
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import { type CliRun, runCli } from "../test-support/run-cli.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";

const ROUTE = `/api/projects/${PROJECT}/secrets`;
const VALUE = "canary-value ünïcode\nsecond line";

function connected(platform: FakePlatform): Record<string, string> {
  return { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN, OURSYNTH_PROJECT: PROJECT };
}

/** It gives the terminal that Node cannot make. */
function hasPython(): boolean {
  return process.platform !== "win32" && spawnSync("python3", ["--version"]).status === 0;
}

function secret(name: string, env = "dev") {
  return { name, env, revision: 3, updatedAt: 1_760_000_000_000, updatedBy: { kind: "user", id: "usr_1" } };
}

async function start(): Promise<FakePlatform> {
  const platform = await FakePlatform.start();
  platform.reply(`POST ${ROUTE}`, secret("KEY"), 201);
  return platform;
}

function expectHidden({ stdout, stderr }: CliRun): void {
  expect(stdout + stderr).not.toContain("canary-value");
}

describe("oursynth secrets set", () => {
  it("takes the value from a pipe without the line break that echo adds", async () => {
    for (const [stdin, value] of [
      [VALUE, VALUE],
      [`${VALUE}\n`, VALUE],
      [`${VALUE}\r\n`, VALUE],
      [`${VALUE}\n\n`, `${VALUE}\n`],
    ] as const) {
      const platform = await start();
      const words = ["secrets", "set", "KEY", "--env", "dev"];
      const run = await runCli(words, { cwd: temporaryFolder(), env: connected(platform), stdin });
      expect(run).toMatchObject({ exitCode: 0, stdout: "KEY is set in dev, revision 3.\n" });
      expectHidden(run);
      expect(platform.requestsTo(`POST ${ROUTE}`).map(({ json }) => json)).toEqual([
        { env: "dev", name: "KEY", value },
      ]);
    }
  });

  it("takes every byte of a file", async () => {
    const platform = await start();
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "value.txt"), `${VALUE}\n`);
    const words = ["secrets", "set", "KEY", "--env", "dev", "--from-file", "value.txt", "--json"];
    const run = await runCli(words, { cwd, env: connected(platform) });
    expect(JSON.parse(run.stdout)).toEqual(secret("KEY"));
    expectHidden(run);
    expect(platform.requestsTo(`POST ${ROUTE}`)[0]?.json).toMatchObject({ value: `${VALUE}\n` });
  });

  it.skipIf(!hasPython())(
    "asks on a terminal without showing what is typed",
    async () => {
      const platform = await start();
      const bin = join(import.meta.dirname, "..", "bin", "oursynth.mjs");
      // A terminal of its own, by the standard library of Python: typed characters come back when they are echoed.
      const script = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
out = b""
while b"Value of KEY: " not in out:
    out += os.read(fd, 1024)
os.write(fd, b"canary-value typed\\r")
try:
    while True:
        chunk = os.read(fd, 1024)
        if not chunk: break
        out += chunk
except OSError:
    pass
sys.stdout.buffer.write(out)
`;
      const words = [process.execPath, bin, "secrets", "set", "KEY", "--env", "dev"];
      const env = { ...process.env, ...connected(platform), NO_COLOR: "1" };
      const shown = await new Promise<string>((resolve) => {
        execFile("python3", ["-c", script, ...words], { env }, (_error, stdout) => resolve(stdout));
      });
      expect(shown).toContain("KEY is set in dev");
      expect(shown).not.toContain("canary");
      expect(platform.requestsTo(`POST ${ROUTE}`)[0]?.json).toMatchObject({ value: "canary-value typed" });
    },
    30_000,
  );

  it.each([
    ["as an argument", ["KEY", "canary-value"], undefined, "not taken as an argument"],
    ["that is empty", ["KEY"], "\n", "is empty"],
    ["that is too large", ["KEY"], "x".repeat(32 * 1_024 + 1), "more than 32768 bytes"],
    ["that is not text", ["KEY"], Buffer.from([0x63, 0xff, 0xfe]), "not UTF-8"],
    ["from a file that is not there", ["KEY", "--from-file", "none.txt"], undefined, "cannot be read"],
    ["for no environment", ["KEY", "--env", "production"], undefined, "Allowed choices are dev, staging"],
  ])("refuses a value %s, and sends nothing", async (_what, more, stdin, message) => {
    const platform = await start();
    const words = ["secrets", "set", "--env", "dev", ...more];
    const run = await runCli(words, {
      cwd: temporaryFolder(),
      env: connected(platform),
      ...(stdin === undefined ? {} : { stdin }),
    });
    expect(run.exitCode).toBeGreaterThan(0);
    expect(run.stderr).toContain(message);
    expectHidden(run);
    expect(platform.requestsTo(`POST ${ROUTE}`)).toEqual([]);
  });

  it("passes on what the platform says of prod, without the value", async () => {
    const platform = await FakePlatform.start();
    const restatement = "Set the secret KEY of fair-share in prod.";
    platform.problem(`POST ${ROUTE}`, 428, "confirmation-needed", `${restatement} A person must confirm.`, {
      restatement,
    });
    const words = ["secrets", "set", "KEY", "--env", "prod"];
    const run = await runCli(words, { cwd: temporaryFolder(), env: connected(platform), stdin: VALUE });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(restatement);
    expectHidden(run);
  });

  it("says in its help why the value is no argument", async () => {
    const { stdout } = await runCli(["secrets", "set", "--help"], { cwd: temporaryFolder() });
    expect(stdout).toMatch(/never an argument[\s\S]*--from-file/);
  });
});

describe("oursynth secrets list and remove", () => {
  it("shows names by environment", async () => {
    const platform = await FakePlatform.start();
    platform.reply(`GET ${ROUTE}`, { items: [secret("A"), secret("B", "prod")], nextCursor: null });
    const options = { cwd: temporaryFolder(), env: connected(platform) };
    const run = await runCli(["secrets"], options);
    expect(run.stdout).toMatch(/^dev +A +revision 3 +set .* by usr_1\nprod +B /);
    const json = await runCli(["secrets", "list", "--env", "dev", "--json"], options);
    expect(JSON.parse(json.stdout).items).toHaveLength(2);
    expect(platform.requestsTo(`GET ${ROUTE}`).map(({ query }) => query.get("env"))).toEqual([null, "dev"]);
  });

  it("removes by name and environment, with force when it is asked for", async () => {
    const platform = await FakePlatform.start();
    platform.reply(`DELETE ${ROUTE}`, null);
    const options = { cwd: temporaryFolder(), env: connected(platform) };
    await runCli(["secrets", "remove", "A", "--env", "dev"], options);
    const run = await runCli(["secrets", "remove", "A", "--env", "dev", "--force"], options);
    expect(run.stdout).toBe("A is removed from dev.\n");
    const asked = platform.requestsTo(`DELETE ${ROUTE}`).map(({ query }) => `${query}`);
    expect(asked).toEqual(["env=dev&name=A", "env=dev&name=A&force=true"]);
  });
});
