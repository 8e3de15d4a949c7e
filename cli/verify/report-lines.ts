// A verification's report for people.
import type { VerificationReport, VerificationStep } from "../../schemas/verification.ts";
import { printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";

const MARKS = { pass: "✓", fail: "✗", skip: "–" } as const;
const COLOURS = { pass: "green", fail: "red", skip: "yellow" } as const;
const VERDICT_COLOURS = { pass: "green", fail: "red", undecidable: "yellow" } as const;
const VERDICTS = {
  pass: "PASS",
  fail: "FAIL",
  undecidable: "NOT DECIDABLE",
} as const;

export function reportLines(report: VerificationReport, reporter: Reporter): string[] {
  const width = Math.max(...report.steps.map(({ title }) => title.length));
  const lines = report.steps.flatMap((step) => stepLines(step, width, reporter));
  const verdict = reporter.style(VERDICT_COLOURS[report.verdict], VERDICTS[report.verdict]);
  return [...lines, "", `${verdict}  ${report.capsuleDigest ?? "no digest: the manifest could not be read"}`];
}

function stepLines(step: VerificationStep, width: number, reporter: Reporter): string[] {
  const mark = reporter.style(COLOURS[step.status], MARKS[step.status]);
  const said = step.message ?? (step.status === "pass" ? (step.actual ?? "") : (step.code ?? ""));
  const lines = [`${mark} ${step.title.padEnd(width)}  ${printable(said)}`.trimEnd()];
  if (step.status !== "fail") return lines;
  const indent = " ".repeat(width + 4);
  if (step.expected !== undefined) lines.push(`${indent}expected ${printable(step.expected)}`);
  if (step.actual !== undefined) lines.push(`${indent}found    ${printable(step.actual)}`);
  return lines;
}
