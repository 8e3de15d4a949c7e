// How a difference is told: what `git apply` reads, and for people the rest in between.
import type { CapsuleDiff, FileDifference } from "../../schemas/capsule-diff.ts";
import { formatCount, printable } from "./format.ts";
import type { Reporter } from "./reporter.ts";

const MAX_VALUE_LENGTH = 200;

/**
 * The lines of the result. Patches stand as they are, so that the output is a patch; only on a terminal they are
 * coloured and made safe to show. `git apply` and `patch` pass over the lines about fields and binaries.
 */
export function differenceLines(diff: CapsuleDiff, reporter: Reporter): string[] {
  const fields = diff.fields.map(
    ({ pointer, before, after }) => `manifest ${pointer}: ${showValue(before)} → ${showValue(after)}`,
  );
  const files = diff.files.flatMap((file) =>
    file.patch === null ? [describeByDigest(file)] : file.patch.split("\n").slice(0, -1),
  );
  if (!reporter.isTerminal) return [...fields, ...files];
  return [...fields, ...files].map((line) => paintLine(printable(line), reporter));
}

/** `3 files modified, 1 file added, 2 fields changed`; for stderr. */
export function summarizeDifference({ files, fields }: CapsuleDiff): string {
  const counts = new Map<string, number>();
  for (const { kind } of files) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${formatCount(count, "file")} ${kind}`);
  if (fields.length > 0) parts.push(`${formatCount(fields.length, "field")} changed`);
  return parts.length === 0 ? "No difference." : `${parts.join(", ")}.`;
}

export function showValue(value: unknown): string {
  if (value === undefined) return "(none)";
  const text = JSON.stringify(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

function describeByDigest({ kind, path, before, after, content }: FileDifference): string {
  const sides = [before, after].map((side) => side?.sha256 ?? "(none)");
  return `${content} ${kind} ${path}: sha256 ${sides.join(" → ")}`;
}

function paintLine(line: string, reporter: Reporter): string {
  if (/^(?:diff --git |--- |\+\+\+ )/.test(line)) return reporter.style("bold", line);
  if (line.startsWith("@@ ")) return reporter.style("dim", line);
  if (line.startsWith("+")) return reporter.style("green", line);
  if (line.startsWith("-")) return reporter.style("red", line);
  return line.startsWith("manifest ") ? reporter.style("yellow", line) : line;
}
