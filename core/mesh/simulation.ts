// One run's whole state: what every part of the simulator reads and changes.

import type { MeshChaos, MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshCounts, MeshObservation } from "../../schemas/mesh-result.ts";
import type { StreamingHash } from "../hashing.ts";
import { EventQueue } from "./event-queue.ts";
import { Link } from "./link.ts";
import { type BlobLayout, layOutBlobs, type MeshCapsule } from "./mesh-capsule.ts";
import { MeshNode, nodeIndex, nodeName } from "./mesh-node.ts";
import type { ProtocolDecisions } from "./protocol-decisions.ts";
import { TraceWriter } from "./trace-writer.ts";
import { VerdictTable } from "./verdict-table.ts";

export type SimulationInput = {
  readonly capsule: MeshCapsule;
  readonly parameters: MeshParameters;
  /** One of the parameters' seeds, or any other. */
  readonly seed: number;
  readonly observations: readonly MeshObservation[];
};

/** Microseconds and packets of the probes that went from one node to another. */
export type ProbeSum = { micros: number; count: number };

export class Simulation {
  readonly capsule: MeshCapsule;
  readonly parameters: MeshParameters;
  readonly decisions: ProtocolDecisions;
  readonly layout: BlobLayout;
  readonly queue = new EventQueue();
  readonly trace: TraceWriter;
  readonly nodes: readonly MeshNode[];
  readonly verdicts: VerdictTable;
  readonly counts: MeshCounts = { sent: 0, delivered: 0, dropped: 0, duplicated: 0, corrupted: 0 };
  readonly probes: readonly ProbeSum[];
  /** Chaos that waits for a node to enter a phase. */
  readonly phaseChaos: { readonly fault: MeshChaos; readonly node: number; hasFired: boolean }[] = [];
  /** Virtual time in microseconds. */
  now = 0;
  /** When the last fault ends that is known by now; the healing phase follows (MESH.md M9). */
  faultsEnd = 0;
  readonly #links: readonly Link[];
  readonly #cuts: Uint8Array;

  constructor(input: SimulationInput, decisions: ProtocolDecisions, hash: StreamingHash) {
    const { capsule, parameters, seed, observations } = input;
    const count = parameters.nodes;
    this.capsule = capsule;
    this.parameters = parameters;
    this.decisions = decisions;
    this.layout = layOutBlobs(capsule);
    this.trace = new TraceWriter(hash);
    this.nodes = Array.from(
      { length: count },
      (_, index) => new MeshNode(index, seed, parameters.previous !== null, this.layout),
    );
    this.#links = Array.from({ length: count * count }, (_, index) => {
      const from = nodeName(Math.floor(index / count));
      return new Link(seed, `link ${from}>${nodeName(index % count)}`, parameters);
    });
    this.#cuts = new Uint8Array(count * count);
    this.probes = Array.from({ length: count * count }, () => ({ micros: 0, count: 0 }));
    const names = capsule.services.map(({ name }) => name);
    const drift = parameters.drift.map(({ node, service }) => ({ node: nodeIndex(node), service }));
    this.verdicts = new VerdictTable(count, names, observations, drift);
  }

  link(from: number, to: number): Link {
    return this.#links[from * this.nodes.length + to] as Link;
  }

  isCut(from: number, to: number): boolean {
    return (this.#cuts[from * this.nodes.length + to] ?? 0) > 0;
  }

  /** Several partitions may cut the same direction; it is whole again when all of them have healed. */
  changeCut(from: number, to: number, difference: 1 | -1): void {
    const index = from * this.nodes.length + to;
    this.#cuts[index] = (this.#cuts[index] ?? 0) + difference;
  }

  probe(from: number, to: number): ProbeSum {
    return this.probes[from * this.nodes.length + to] as ProbeSum;
  }
}
