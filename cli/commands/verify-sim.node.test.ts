// `oursynth verify-sim` as a process of its own, with every way to a network blocked (MESH.md M17).
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type CapsimFixture, changeCapsim, makeCapsim } from "../../core/mesh/capsim-fixture.ts";
import { formatPublicKey } from "../../core/signing/key-format.ts";
import { type CapsimReport, capsimReportSchema } from "../../schemas/capsim.ts";
import { type CliRun, runCli } from "../test-support/run-cli.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";

const BLOCKER = pathToFileURL(join(import.meta.dirname, "../test-support/no-network.mjs")).href;
const NO_NETWORK = { NODE_OPTIONS: `--import ${BLOCKER}` };
const KEYS = ["--key", "simulator.pub.pem", "--key", "builder.pub.pem"];
let evidence: CapsimFixture;

beforeAll(async () => {
  evidence = await makeCapsim({ seeds: [1, 2], packetLoss: 5 });
});

describe("[M17] oursynth verify-sim, with the network blocked", () => {
  it("passes what is whole, and again with --rerun: exit 0", async () => {
    const cwd = makeFolder();
    const plain = await verify(cwd, "good.capsim", ...KEYS);
    expect(plain).toMatchObject({ exitCode: 0, stderr: "" });
    expect(plain.stdout).toContain("sound evidence: explore of urn:oursynth:app:fixture@0.0.0");
    expect(plain.stdout).toContain("the rehearsal itself: pass (2 seeds");
    expect(plain.stdout).toContain("not observed again");
    const rerun = await verify(cwd, "good.capsim", ...KEYS, "--rerun");
    expect(rerun).toMatchObject({ exitCode: 0, stderr: "" });
    expect(rerun.stdout).toContain("2 seeds again, every trace the same");
  });

  it("fails what was changed, names the step, and says nothing of what the file claims: exit 1", async () => {
    const cwd = makeFolder();
    const run = await verify(cwd, "bad.capsim", ...KEYS, "--json");
    expect(run.exitCode).toBe(1);
    const report = reportOf(run);
    expect(report.steps.find(({ status }) => status === "fail")).toMatchObject({
      id: "statement",
      message: "result.outcome is not what was signed",
    });
    const words = await verify(cwd, "bad.capsim", ...KEYS);
    expect(words.stdout).toContain("believe nothing of it");
    expect(words.stdout).not.toContain("the rehearsal itself");
  });

  it("without a key it is not decidable: exit 2, with the reason", async () => {
    const cwd = makeFolder();
    const run = await verify(cwd, "good.capsim");
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain("NOT DECIDABLE");
    expect(run.stderr).toContain("No key was given");
  });

  it("takes a key as base64, from the environment, and a trust record", async () => {
    const cwd = makeFolder();
    const [builder, simulator] = evidence.trust.keys;
    const both = ["--pub", builder?.publicKey ?? "", "--pub", simulator?.publicKey ?? ""];
    expect((await verify(cwd, "good.capsim", ...both)).exitCode).toBe(0);
    expect((await verify(cwd, "good.capsim", "--trust", "trust.json")).exitCode).toBe(0);
    const env = { ...NO_NETWORK, CAPSULE_PUBLIC: simulator?.publicKey ?? "" };
    const half = await runCli(["verify-sim", "--file", "good.capsim", "--json"], { cwd, env });
    expect(half.exitCode).toBe(2);
    expect(reportOf(half).steps.find(({ id }) => id === "capsule-signatures")?.status).toBe("skip");
  });

  it("a file that is not there, or no file at all, is a question that cannot be answered: exit 2", async () => {
    const cwd = makeFolder();
    expect(await verify(cwd, "missing.capsim")).toMatchObject({ exitCode: 2 });
    expect((await runCli(["verify-sim"], { cwd })).exitCode).toBe(2);
  });

  it("is installed as oai-verify-sim too", () => {
    const cwd = makeFolder();
    const bin = join(import.meta.dirname, "../bin/oai-verify-sim.mjs");
    const run = spawnSync(process.execPath, [bin, "--file", "good.capsim", ...KEYS, "--json"], {
      cwd,
      env: { ...process.env, ...NO_NETWORK },
      encoding: "utf8",
    });
    expect(run.status).toBe(0);
    expect(capsimReportSchema.parse(JSON.parse(run.stdout)).verdict).toBe("pass");
  });

  it("the block blocks: a command that asks a platform fails by it", async () => {
    const env = { ...NO_NETWORK, OURSYNTH_URL: "http://localhost:9", OURSYNTH_TOKEN: "ost_x" };
    const run = await runCli(["whoami"], { cwd: temporaryFolder(), env });
    expect(run.stderr).toContain("NETWORK USED");
  });
});

function makeFolder(): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "good.capsim"), evidence.bytes);
  const changed = changeCapsim(evidence.bytes, ({ result }) => {
    result.outcome = "fail";
  });
  writeFileSync(join(cwd, "bad.capsim"), changed);
  writeFileSync(join(cwd, "simulator.pub.pem"), formatPublicKey(evidence.simulator.publicKey));
  writeFileSync(join(cwd, "builder.pub.pem"), formatPublicKey(evidence.capsule.key.publicKey));
  writeFileSync(join(cwd, "trust.json"), JSON.stringify(evidence.trust));
  return cwd;
}

function verify(cwd: string, file: string, ...more: readonly string[]): Promise<CliRun> {
  return runCli(["verify-sim", "--file", file, ...more], { cwd, env: NO_NETWORK });
}

function reportOf({ stdout }: CliRun): CapsimReport {
  return capsimReportSchema.parse(JSON.parse(stdout));
}
