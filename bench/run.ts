// `npm run bench [name…]`: runs the benches one after another and prints what they give beside what they are held against.
// A missed goal is told, not failed; the exit code is 1 only when a bench breaks.
import { cpus } from "node:os";
import { benchCapsule } from "./capsule-bench.ts";
import { benchDiff } from "./diff-bench.ts";
import { benchEvidence } from "./evidence-bench.ts";
import type { Bench, Beside, Figure, Unit } from "./figure.ts";
import { benchHosting } from "./hosting-bench.ts";
import { benchIdentity } from "./identity-bench.ts";
import { benchLargeCapsule } from "./large-capsule-bench.ts";
import { benchMesh } from "./mesh-bench.ts";
import { benchMeshNodes } from "./mesh-nodes-bench.ts";
import { benchPush } from "./push-bench.ts";
import { benchRedaction } from "./redaction-bench.ts";
import { benchSbom } from "./sbom-bench.ts";
import { benchStudio } from "./studio-bench.ts";
import { benchTimeline } from "./timeline-bench.ts";
import { benchVault } from "./vault-bench.ts";

const BENCHES: Readonly<Record<string, Bench>> = {
  capsule: benchCapsule,
  diff: benchDiff,
  evidence: benchEvidence,
  mesh: benchMesh,
  nodes: benchMeshNodes,
  push: benchPush,
  redaction: benchRedaction,
  sbom: benchSbom,
  hosting: benchHosting,
  identity: benchIdentity,
  timeline: benchTimeline,
  studio: benchStudio,
  vault: benchVault,
  large: benchLargeCapsule,
};
const USAGE = `npm run bench -- [${Object.keys(BENCHES).join("|")}]… [--quick] [--json]`;

const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith("--")));
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const isJson = flags.delete("--json");
const isQuick = flags.delete("--quick");
const unknown = [...flags, ...names.filter((name) => !(name in BENCHES))];
if (unknown.length > 0) {
  console.error(`What is ${unknown.join(", ")}? ${USAGE}`);
  process.exitCode = 1;
} else {
  await runBenches(names.length === 0 ? Object.keys(BENCHES) : names);
}

async function runBenches(chosen: readonly string[]): Promise<void> {
  const machine = describeMachine();
  const figuresByBench: Record<string, readonly Figure[]> = {};
  if (!isJson) console.log(`${machine}\n`);
  for (const name of chosen) {
    const bench = BENCHES[name];
    if (bench === undefined) continue;
    const startMs = performance.now();
    const say = (line: string): void => console.error(`  ${name}: ${line}`);
    try {
      figuresByBench[name] = await bench({ isQuick, say });
    } catch (error) {
      console.error(`The bench ${name} broke:`, error);
      process.exitCode = 1;
      continue;
    }
    if (isJson) continue;
    console.log(`${name} (${Math.round((performance.now() - startMs) / 1_000)} s)`);
    for (const figure of figuresByBench[name]) console.log(describeFigure(figure));
    console.log("");
  }
  if (isJson) console.log(JSON.stringify({ machine, isQuick, benches: figuresByBench }, null, 2));
}

function describeMachine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const date = new Date().toISOString().slice(0, 10);
  return `${cores.length} cores (${model}), Node ${process.versions.node}, ${process.platform} ${process.arch}, ${date}${isQuick ? ", quick" : ""}`;
}

/** Two lines: the figure with its goal, and what stands beside it. */
function describeFigure({ name, value, unit, beside, goal }: Figure): string {
  const verdict = goal === null ? "" : `   ${goal.isMet ? "met" : "NOT MET"} (${goal.text})`;
  const peers = beside.map((item: Beside) => `${item.name} ${format(item.value, item.unit)}`).join(", ");
  const first = `  ${format(value, unit).padStart(18)}  ${name}${verdict}`;
  return peers === "" ? first : `${first}\n${" ".repeat(22)}${peers}`;
}

function format(value: number, unit: Unit): string {
  const digits = Math.abs(value) >= 100 || unit === "lost" ? 0 : 2;
  const text = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === "×" ? `${text}×` : `${text} ${unit}`;
}
