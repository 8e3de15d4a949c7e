// `npm test`: builds, then runs every test there is, and ends with one plain line.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBrowser } from "./platform/browser.ts";
import { ROOT } from "./platform/state-folder.ts";

type TestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
};

runNode("build", join(ROOT, "scripts", "build.ts"));
runNode("example sites", join(ROOT, "scripts", "build-examples.ts"));
process.env.CHROMIUM_PATH = await ensureBrowser();

const folder = await mkdtemp(join(tmpdir(), "oursynth-test-"));
const reportFile = join(folder, "report.json");
const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const done = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: "inherit" },
);
const report = await readReport(reportFile);
await rm(folder, { recursive: true, force: true });

if (report === null || done.status !== 0 || !report.success || report.numPassedTests === 0) {
  console.log("The tests did not all pass; the first failure above says where.");
  process.exitCode = 1;
} else {
  console.log("All tests passed.");
}
console.log(
  `${report?.numPassedTests ?? 0} passed, ${report?.numFailedTests ?? 0} failed, ${report?.numPendingTests ?? 0} skipped`,
);

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
