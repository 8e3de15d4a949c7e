// `npm test`: builds, then runs every test there is, and ends with one plain line. What runs against the built platform is
// mostly waiting, so it goes beside everything else: two runs of vitest at once, told one after the other.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { ensureBrowser } from "./platform/browser.ts";
import { ROOT } from "./platform/state-folder.ts";

type TestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
};

/** One vitest: which projects, and whether its words are kept back until the other has ended. */
type Part = { readonly name: string; readonly words: readonly string[]; readonly isKeptBack: boolean };

runNode("build", join(ROOT, "scripts", "build.ts"));
runNode("example sites", join(ROOT, "scripts", "build-examples.ts"));
process.env.CHROMIUM_PATH = await ensureBrowser();

const given = process.argv.slice(2);
const parts: readonly Part[] =
  given.length > 0
    ? [{ name: "given", words: given, isKeptBack: false }]
    : [
        { name: "e2e", words: ["--project", "e2e"], isKeptBack: false },
        { name: "rest", words: ["--project", "!e2e"], isKeptBack: true },
      ];
const folder = await mkdtemp(join(tmpdir(), "oursynth-test-"));
const reports = await Promise.all(parts.map((part) => runPart(part)));
await tellKeptBack();
await rm(folder, { recursive: true, force: true });

const isGood = reports.every((report) => report?.success === true && report.numPassedTests > 0);
console.log(isGood ? "All tests passed." : "The tests did not all pass; the first failure above says where.");
console.log(
  `${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed, ${sum("numPendingTests")} skipped`,
);
if (!isGood) process.exitCode = 1;

/** Gives its report; null when it ended without one, or with another code than 0. */
async function runPart({ name, words, isKeptBack }: Part): Promise<TestReport | null> {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reportFile = reportOf(name);
  const command = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [...command, ...words], {
    cwd: ROOT,
    stdio: isKeptBack ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  const written = isKeptBack ? keepBack(child, name) : Promise.resolve();
  const [code] = await Promise.all([whenClosed(child), written]);
  const report = await readReport(reportFile);
  return report === null || code === 0 ? report : { ...report, success: false };
}

function reportOf(name: string): string {
  return join(folder, `${name}.json`);
}

function outputOf(name: string): string {
  return join(folder, `${name}.txt`);
}

async function keepBack(child: ChildProcess, name: string): Promise<void> {
  const file = createWriteStream(outputOf(name));
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of streams) stream.pipe(file, { end: false });
  await Promise.all(streams.map((stream) => finished(stream, { writable: false })));
  file.end();
  await finished(file);
}

async function tellKeptBack(): Promise<void> {
  for (const { name, isKeptBack } of parts) {
    if (isKeptBack) process.stdout.write(await readFile(outputOf(name), "utf8"));
  }
}

function whenClosed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

function sum(field: "numPassedTests" | "numFailedTests" | "numPendingTests"): number {
  return reports.reduce((total, report) => total + (report?.[field] ?? 0), 0);
}

function runNode(what: string, script: string): void {
  const result = spawnSync(process.execPath, [script], { cwd: ROOT, stdio: "inherit" });
  if (result.status === 0) return;
  console.error(`The ${what} could not be built; the lines above say why.`);
  process.exit(1);
}

async function readReport(file: string): Promise<TestReport | null> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}
