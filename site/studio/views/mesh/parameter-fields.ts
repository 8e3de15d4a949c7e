// Every parameter of a rehearsal as a field of the form: what it is called, what it does, how it is set. Bounds are those of
// the schema; defaults are what the schema fills in.
import {
  MESH_BOUNDS,
  type MeshParametersInput,
  meshParametersInputSchema,
} from "../../../../schemas/mesh-parameters.ts";

export type ParameterName = Exclude<keyof MeshParametersInput, "seed">;

type Words = { readonly name: ParameterName; readonly label: string; readonly hint: string };

export type ParameterField = Words &
  (
    | {
        readonly kind: "number";
        readonly unit: string;
        readonly bounds: readonly [number, number];
        /** Up to where the slider goes; beyond it the number is typed. */
        readonly sliderMax: number;
        readonly step: number;
        /** What stands for no limit; null where there must be a number. */
        readonly noneLabel: string | null;
      }
    | {
        readonly kind: "range";
        readonly unit: string;
        readonly bounds: readonly [number, number];
        readonly sliderMax: number;
      }
    | {
        readonly kind: "choice";
        readonly choices: readonly { readonly value: string; readonly label: string }[];
      }
    | { readonly kind: "switch" }
    | { readonly kind: "json"; readonly example: string }
  );

export type ParameterGroup = {
  readonly title: string;
  /** Open from the start. */
  readonly isOpen: boolean;
  readonly fields: readonly ParameterField[];
};

const share = (name: ParameterName, label: string, hint: string, sliderMax = 50): ParameterField => {
  const bounds = MESH_BOUNDS.percent;
  return { kind: "number", name, label, hint, unit: "%", bounds, sliderMax, step: 0.5, noneLabel: null };
};

export const PARAMETER_GROUPS: readonly ParameterGroup[] = [
  {
    title: "Mesh and links",
    isOpen: true,
    fields: [
      {
        kind: "number",
        name: "nodes",
        label: "Nodes",
        hint: "node-1 begins with the capsule.",
        unit: "",
        bounds: MESH_BOUNDS.nodes,
        sliderMax: MESH_BOUNDS.nodes[1],
        step: 1,
        noneLabel: null,
      },
      {
        kind: "range",
        name: "latencyMs",
        label: "Latency",
        hint: "From the fastest packet to the slowest.",
        unit: "ms",
        bounds: MESH_BOUNDS.latencyMs,
        sliderMax: 1_000,
      },
      share("packetLoss", "Packet loss", "This share of packets never arrives."),
      {
        kind: "choice",
        name: "loss",
        label: "Loss comes",
        hint: "In bursts, five packets in a row are lost on average.",
        choices: [
          { value: "random", label: "evenly" },
          { value: "gilbert-elliott", label: "in bursts" },
        ],
      },
      {
        kind: "choice",
        name: "distribution",
        label: "Latency is spread",
        hint: "With a long tail, half of the packets are nearly as fast as the fastest, and a few are very slow.",
        choices: [
          { value: "uniform", label: "evenly" },
          { value: "normal", label: "as a bell" },
          { value: "pareto", label: "with a long tail" },
        ],
      },
    ],
  },
  {
    title: "More trouble on the links",
    isOpen: false,
    fields: [
      {
        kind: "number",
        name: "jitterMs",
        label: "Jitter",
        hint: "Comes on top of the latency, to both sides.",
        unit: "ms",
        bounds: MESH_BOUNDS.jitterMs,
        sliderMax: 500,
        step: 1,
        noneLabel: null,
      },
      share("duplicate", "Duplicates", "This share of packets arrives twice."),
      share("reorder", "Reordering", "This share of packets is held back, so that others overtake them."),
      share("corrupt", "Corruption", "This share of packets arrives changed; verification must catch them."),
      {
        kind: "number",
        name: "rateKbps",
        label: "Bandwidth of a link",
        hint: "Packets leave one after another; what would wait longer than 10 s is dropped.",
        unit: "kbit/s",
        bounds: MESH_BOUNDS.rateKbps,
        sliderMax: 20_000,
        step: 8,
        noneLabel: "without limit",
      },
    ],
  },
  {
    title: "Faults",
    isOpen: true,
    fields: [
      {
        kind: "switch",
        name: "chaosMode",
        label: "Chaos",
        hint: "A crash and a restart, drawn from the seed.",
      },
      {
        kind: "json",
        name: "chaos",
        label: "Faults of your own",
        hint: "Crash, restart or pause a node, at a time in ms or when it enters a phase.",
        example: '[{"node": "node-2", "at": 800, "action": "crash"}]',
      },
      {
        kind: "json",
        name: "partitions",
        label: "Partitions",
        hint: "Groups of nodes that cannot reach each other for a while.",
        example: '[{"groups": [["node-1"], ["node-2"]], "atMs": 500, "healAtMs": 3000}]',
      },
      {
        kind: "json",
        name: "drift",
        label: "Drift",
        hint: "A node is told another digest of a service: it must halt, and the others go on.",
        example: '[{"node": "node-3", "service": "app", "digest": "sha256:…"}]',
      },
      {
        kind: "number",
        name: "healMs",
        label: "Healing time",
        hint: "So long after the last fault every node must be healthy.",
        unit: "ms",
        bounds: MESH_BOUNDS.healMs,
        sliderMax: 120_000,
        step: 1_000,
        noneLabel: null,
      },
    ],
  },
  {
    title: "What it must show",
    isOpen: false,
    fields: [
      {
        kind: "switch",
        name: "verifySignatures",
        label: "Verify signatures",
        hint: "Without it no run can pass.",
      },
      {
        kind: "json",
        name: "slo",
        label: "Service levels",
        hint: "A run that misses one fails.",
        example: '{"timeToHealthyP95MsMax": 5000, "deliveryRatioPercentMin": 90}',
      },
      {
        kind: "json",
        name: "expect",
        label: "Expectations",
        hint: "Sentences that must come true. They never turn a fail into a pass.",
        example: '["node-3 halts with digest-mismatch"]',
      },
      {
        kind: "json",
        name: "previous",
        label: "Previous capsule",
        hint: "The digest of a capsule that the nodes run first; null for none.",
        example: '"sha256:…"',
      },
      {
        kind: "json",
        name: "seeds",
        label: "Several seeds",
        hint: "Each is a run of its own; all must pass. Leave the one seed empty then.",
        example: "[1, 2, 3]",
      },
      {
        kind: "number",
        name: "pace",
        label: "Pace for watchers",
        hint: "Virtual seconds for each real one while it is told; 0 does not wait. No trace knows of it.",
        unit: "×",
        bounds: MESH_BOUNDS.pace,
        sliderMax: 20,
        step: 0.5,
        noneLabel: null,
      },
    ],
  },
];

/** What holds where nothing is said. */
export const PARAMETER_DEFAULTS: MeshParametersInput = meshParametersInputSchema.parse({});
