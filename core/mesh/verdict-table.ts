// What the real nodes saw, ready to be looked up (MESH.md M1), with drift laid over it (M8).
import type { MeshObservation } from "../../schemas/mesh-result.ts";
import { nodeIndex } from "./mesh-node.ts";
import type { ServiceVerdict } from "./protocol-decisions.ts";

export class VerdictTable {
  readonly #services: readonly string[];
  /** By node and service, the verdicts in the order of incarnations. */
  readonly #observed: ReadonlyMap<string, readonly MeshObservation[]>;
  readonly #drifted: ReadonlySet<string>;

  /** Every node needs an observation of every service: `checkObservations` has made sure of it. */
  constructor(
    nodeCount: number,
    services: readonly string[],
    observations: readonly MeshObservation[],
    drift: readonly { readonly node: number; readonly service: string }[],
  ) {
    this.#services = services;
    this.#observed = Map.groupBy(
      observations
        .filter(({ node }) => nodeIndex(node) < nodeCount)
        .toSorted((one, other) => one.incarnation - other.incarnation),
      ({ node, service }) => keyOf(nodeIndex(node), service),
    );
    this.#drifted = new Set(drift.map(({ node, service }) => keyOf(node, service)));
  }

  /** Each service's verdict in this life of the node; a life that was not observed takes the node's last (M1). */
  of(node: number, incarnation: number): ServiceVerdict[] {
    return this.#services.map((service) => {
      const key = keyOf(node, service);
      const observed = this.#observed.get(key) ?? [];
      const verdict = observed.findLast((one) => one.incarnation <= incarnation) ?? observed[0];
      if (verdict === undefined) throw new RangeError(`${service} of node ${node} was not observed`);
      return this.#drifted.has(key) ? drifted(verdict) : verdict;
    });
  }
}

/** The mismatch that was observed; where none was, the overridden digest is one all the same. */
function drifted(verdict: ServiceVerdict): ServiceVerdict {
  return verdict.digestOk && verdict.signatureOk ? { ...verdict, digestOk: false } : verdict;
}

function keyOf(node: number, service: string): string {
  return `${node} ${service}`;
}
