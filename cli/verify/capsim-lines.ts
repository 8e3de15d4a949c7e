// What checking an evidence file said, for people.
import type { CapsimReport, CapsimStep } from "../../schemas/capsim.ts";
import { printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";

const MARKS = { pass: "✓", fail: "✗", skip: "–" } as const;
const COLOURS = { pass: "green", fail: "red", skip: "yellow" } as const;
const VERDICT_COLOURS = { pass: "green", fail: "red", undecidable: "yellow" } as const;
const VERDICTS = { pass: "PASS", fail: "FAIL", undecidable: "NOT DECIDABLE" } as const;
const MAX_REASONS = 5;

export function capsimLines(report: CapsimReport, reporter: Reporter): string[] {
  const width = Math.max(...report.steps.map(({ title }) => title.length));
  const verdict = reporter.style(VERDICT_COLOURS[report.verdict], VERDICTS[report.verdict]);
  const lines = [...report.steps.flatMap((step) => stepLines(step, width, reporter)), ""];
  return [...lines, `${verdict}  ${describeVerdict(report)}`, ...describeClaims(report)];
}

function stepLines(step: CapsimStep, width: number, reporter: Reporter): string[] {
  const mark = reporter.style(COLOURS[step.status], MARKS[step.status]);
  const said = step.message ?? (step.status === "pass" ? (step.actual ?? "") : (step.code ?? ""));
  const lines = [`${mark} ${step.title.padEnd(width)}  ${printable(said)}`.trimEnd()];
  if (step.status === "pass") return lines;
  const indent = " ".repeat(width + 4);
  if (step.expected !== undefined) lines.push(`${indent}expected ${printable(step.expected)}`);
  if (step.actual !== undefined) lines.push(`${indent}found    ${printable(step.actual)}`);
  return lines;
}

function describeVerdict({ verdict, claims }: CapsimReport): string {
  if (claims === null) return "nothing could be read from it";
  if (verdict === "fail") return "this evidence is not what it says; believe nothing of it";
  const what = `${claims.kind} of ${printable(claims.capsuleId ?? "")}`;
  return verdict === "pass" ? `sound evidence: ${what}` : `open: ${what}`;
}

/** The evidence can be sound and the rehearsal a failure: both are said. */
function describeClaims({ verdict, claims }: CapsimReport): string[] {
  if (claims === null || verdict === "fail") return [];
  const { simId, capsuleHash, outcome, reasons, seedCount, startedAt } = claims;
  const seeds = `${seedCount} ${seedCount === 1 ? "seed" : "seeds"}`;
  return [
    `      the rehearsal itself: ${outcome} (${seeds}, ${startedAt})`,
    ...reasons.slice(0, MAX_REASONS).map((reason) => `        ${printable(reason)}`),
    `      simulation ${simId}`,
    `      ${capsuleHash}`,
  ];
}
