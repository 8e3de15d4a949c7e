// A simulation's result for people: node by node, the latency matrix as a heatmap, counts, indicators and the verdict.
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { formatCount, printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { formatTable } from "../output/table.ts";

const MAX_REASONS = 10;
const MAX_LISTED_RUNS = 5;
/** Half of the range is good, the next third middling. */
const GOOD_SHARE = 0.5;
const MIDDLING_SHARE = 5 / 6;
const CELL_WIDTH = 6;

export function resultLines(result: MeshSimResult, reporter: Reporter): string[] {
  const { simId, capsuleHash, simulatorVersion, traceHash, observedBy } = result;
  return [
    ...nodeLines(result),
    "",
    ...heatmapLines(result, reporter),
    "",
    ...countLines(result),
    "",
    `${verdictOf(result, reporter)}  ${formatCount(result.runs.length, "seed")}, observed by ${observedBy === "platform" ? "the platform" : "this machine"}`,
    ...result.reasons.slice(0, MAX_REASONS).map((reason) => `      ${printable(reason)}`),
    ...expectationLines(result),
    `      simulation ${simId}, simulator ${simulatorVersion}`,
    `      ${capsuleHash}`,
    `      trace ${traceHash}`,
    ...failedSeeds(result),
  ];
}

function nodeLines({ nodeReports }: MeshSimResult): string[] {
  const rows = nodeReports.map(({ nodeId, phases, signatureVerified, retries, bytesReceived }) => {
    const last = phases.at(-1);
    const path = phases.map(({ name, status }) => (status === "ok" ? name : `${name}!`)).join(" → ");
    const ended =
      last === undefined ? "" : `${Date.parse(last.start) - Date.parse(phases[0]?.start ?? last.start)} ms`;
    return [
      nodeId,
      printable(path),
      ended,
      signatureVerified ? "verified" : "not verified",
      `${retries} retries`,
      `${bytesReceived} B`,
    ];
  });
  return formatTable([["node", "phases", "after", "signatures", "asked again", "received"], ...rows]);
}

/** Rows are senders, columns receivers, in ms; − where no probe arrived. */
function heatmapLines({ latencyMatrix }: MeshSimResult, reporter: Reporter): string[] {
  const known = latencyMatrix.flat().filter((value) => value > 0);
  const least = Math.min(...known);
  const range = Math.max(...known) - least;
  const names = latencyMatrix.map((_, index) => String(index + 1).padStart(CELL_WIDTH));
  const rows = latencyMatrix.map((row, from) => {
    const cells = row.map((value, to) => {
      if (from === to) return reporter.style("dim", "·".padStart(CELL_WIDTH));
      if (value < 0) return reporter.style("red", "−".padStart(CELL_WIDTH));
      const share = range === 0 ? 0 : (value - least) / range;
      const style = share <= GOOD_SHARE ? "green" : share <= MIDDLING_SHARE ? "yellow" : "red";
      return reporter.style(style, value.toFixed(0).padStart(CELL_WIDTH));
    });
    return `${String(from + 1).padStart(3)} ${cells.join("")}`;
  });
  return [`ms  ${names.join("")}`, ...rows];
}

function countLines({ counts, sli, slo, measured }: MeshSimResult): string[] {
  const { sent, delivered, dropped, duplicated, corrupted } = counts;
  const { p50, p95, p99 } = sli.timeToHealthyMs;
  return [
    `packets   ${sent} sent, ${delivered} delivered, ${dropped} dropped, ${duplicated} duplicated, ${corrupted} corrupted`,
    `healthy   after ${p50.toFixed(0)} ms p50, ${p95.toFixed(0)} p95, ${p99.toFixed(0)} p99; ${sli.reSyncs} re-syncs; ${(sli.deliveryRatio * 100).toFixed(2)} % delivered`,
    ...slo.map(
      ({ objective, limit, actual, isMet }) =>
        `objective ${objective}: ${actual} against ${limit}, ${isMet ? "met" : "not met"}`,
    ),
    ...(measured === null
      ? []
      : [
          `measured  health checks ${measured.healthCheckMs.p95} ms p95, ${measured.healthCheckErrors} errors; observing took ${Math.round(measured.observeMs)} ms`,
        ]),
  ];
}

function verdictOf({ outcome }: MeshSimResult, reporter: Reporter): string {
  return outcome === "pass" ? reporter.style("green", "PASS") : reporter.style("red", "FAIL");
}

function expectationLines({ expectationsMet }: MeshSimResult): string[] {
  return expectationsMet === null ? [] : [`      expectations: ${expectationsMet ? "met" : "not met"}`];
}

function failedSeeds({ runs }: MeshSimResult): string[] {
  const failed = runs.filter(({ outcome }) => outcome === "fail").map(({ seed }) => seed);
  if (failed.length === 0 || runs.length === 1) return [];
  const more = failed.length > MAX_LISTED_RUNS ? " …" : "";
  return [`      failing seeds: ${failed.slice(0, MAX_LISTED_RUNS).join(", ")}${more}`];
}
