// Presets of a rehearsal: parameters and nothing else, each told in a sentence. None of them names a seed.
import type { Draft } from "./parameter-draft.ts";

export type Preset = {
  readonly id: string;
  readonly name: string;
  /** What it sets, and what one sees by it. */
  readonly does: string;
  readonly draft: Draft;
};

export const PRESETS: readonly Preset[] = [
  {
    id: "calm",
    name: "Calm",
    does: "3 nodes in one room: 5–20 ms, nothing is lost. Shows the capsule's ordinary way.",
    draft: { nodes: 3, latencyMs: [5, 20] },
  },
  {
    id: "wifi",
    name: "Flaky Wi-Fi",
    does: "5 nodes, 20–250 ms with a long tail, 40 ms jitter, 8 % lost in bursts, 2 % twice.",
    draft: {
      latencyMs: [20, 250],
      distribution: "pareto",
      jitterMs: 40,
      packetLoss: 8,
      loss: "gilbert-elliott",
      duplicate: 2,
    },
  },
  {
    id: "partition",
    name: "Partition",
    does: "5 nodes; after half a second the last two cannot reach the others, for four seconds.",
    draft: {
      packetLoss: 2,
      partitions: [
        {
          groups: [
            ["node-1", "node-2", "node-3"],
            ["node-4", "node-5"],
          ],
          atMs: 500,
          healAtMs: 4_500,
        },
      ],
    },
  },
  {
    id: "chaos",
    name: "Chaos",
    does: "5 nodes, 5 % lost; one of them crashes in the first three seconds and starts again.",
    draft: { packetLoss: 5, chaosMode: true },
  },
  {
    id: "storm",
    name: "Storm",
    does: "8 nodes, 12 % lost, 3 % corrupt, 5 % overtaken, a partition, two crashes and a pause.",
    draft: {
      nodes: 8,
      latencyMs: [40, 400],
      packetLoss: 12,
      corrupt: 3,
      reorder: 5,
      partitions: [
        {
          groups: [
            ["node-1", "node-2"],
            ["node-7", "node-8"],
          ],
          atMs: 1_000,
          healAtMs: 6_000,
        },
      ],
      chaos: [
        { node: "node-3", at: 900, action: "crash" },
        { node: "node-5", at: "verify", action: "pause" },
        { node: "node-2", at: 2_500, action: "restart" },
      ],
      healMs: 60_000,
    },
  },
];
