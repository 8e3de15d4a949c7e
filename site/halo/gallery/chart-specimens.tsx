// Heat, lines, graphs.
import { useState } from "preact/hooks";
import { Graph, type GraphEdge, type GraphNode } from "../graph.tsx";
import { Heatmap } from "../heatmap.tsx";
import { LineChart } from "../line-chart.tsx";
import { Sparkline } from "../sparkline.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

const NODES = ["node-0", "node-1", "node-2", "node-3", "node-4"];
const LATENCIES = [
  [null, 12, 48, 95, 31],
  [13, null, 22, 71, 40],
  [47, 21, null, 18, 66],
  [98, 70, 19, null, 27],
  [30, 42, 64, 28, null],
];
const SECONDS = Array.from({ length: 25 }, (_, index) => index);
const DELAYS = [
  12, 14, 13, 15, 18, 24, 41, 88, 96, 71, 44, 30, 22, 18, 16, 15, 14, 14, 13, 15, 14, 13, 12, 13, 12,
];

const TRUST_NODES: readonly GraphNode[] = [
  { id: "capsule", label: "fair-share 0.4.1", kind: "capsule", icon: "capsule" },
  { id: "provenance", label: "How it was made", kind: "statement", icon: "shield", tone: "good" },
  { id: "simulation", label: "Rehearsed, 12 seeds", kind: "simulation", icon: "mesh", tone: "good" },
  { id: "older", label: "Rehearsed in May", kind: "simulation", icon: "mesh", tone: "bad" },
  { id: "gate", label: "The gate opened", kind: "decision", icon: "key", tone: "good" },
  { id: "deploy", label: "Deploy 41", kind: "deploy", icon: "rocket", tone: "good" },
  { id: "prod", label: "prod, revision 7", kind: "environment", icon: "play", tone: "live" },
];
const TRUST_EDGES: readonly GraphEdge[] = [
  { from: "capsule", to: "provenance", meaning: "stated by", tone: "good" },
  { from: "capsule", to: "simulation", meaning: "rehearsed by", tone: "good" },
  { from: "capsule", to: "older", meaning: "rehearsed by", tone: "bad" },
  { from: "provenance", to: "gate", meaning: "decided on", tone: "good" },
  { from: "simulation", to: "gate", meaning: "decided on", tone: "good" },
  { from: "older", to: "gate", meaning: "decided on", tone: "bad" },
  { from: "gate", to: "deploy", meaning: "allowed", tone: "good" },
  { from: "deploy", to: "prod", meaning: "live in", tone: "good" },
];

export const CHART_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "Graph",
    about: "Nodes and edges in layers. One stop for Tab; arrows go to the nearest node, Enter opens it.",
    Show: GraphStates,
  },
  {
    name: "Heatmap",
    about: "From whom to whom, and how much.",
    Show: () => (
      <Heatmap
        label="Latency between nodes"
        rowLabels={NODES}
        columnLabels={NODES}
        values={LATENCIES}
        unit="ms"
      />
    ),
  },
  {
    name: "Sparkline",
    about: "A few values in the size of a word.",
    isRow: true,
    Show: () => (
      <>
        <Sparkline label="Delay" values={DELAYS} unit=" ms" />
        <Sparkline label="Delivered" values={[90, 92, 95, 99, 99, 100]} unit=" %" tone="good" />
        <Sparkline label="Dropped" values={[0, 0, 1, 6, 12, 9]} tone="bad" />
        <Sparkline label="Nothing yet" values={[]} />
      </>
    ),
  },
  {
    name: "LineChart",
    about:
      "Values over something that goes on. Pointer and arrow keys read them off; a table has all of them.",
    Show: () => (
      <LineChart
        label="Delay of delivered packets"
        x={SECONDS}
        unit="ms"
        formatX={(second) => `${second} s`}
        series={[
          { id: "p50", label: "median", values: DELAYS },
          {
            id: "p95",
            label: "95th percentile",
            values: DELAYS.map((delayMs) => Math.round(delayMs * 1.8 + 6)),
          },
          {
            id: "gap",
            label: "node-3",
            values: DELAYS.map((delayMs, at) => (at > 6 && at < 12 ? null : delayMs + 30)),
          },
        ]}
      />
    ),
  },
];

function GraphStates() {
  const [selected, setSelected] = useState<string | null>("gate");
  return (
    <>
      <Graph
        label="Chain of trust"
        nodes={TRUST_NODES}
        edges={TRUST_EDGES}
        selected={selected}
        onSelect={setSelected}
      />
      <p class="muted">Open: {TRUST_NODES.find(({ id }) => id === selected)?.label ?? "nothing"}</p>
    </>
  );
}
