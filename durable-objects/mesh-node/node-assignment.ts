// What a simulation tells a node to do, and what the node answers (MESH.md M1).
import type { ReceiveInput, ServiceCheck } from "../../adapters/mesh/receive-capsule.ts";

export type NodeAssignment = ReceiveInput & {
  readonly simId: string;
  readonly node: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly artifactDigest: string;
  readonly configurationDigest: string;
  /** Of the secrets of the environment `simulation`. */
  readonly secretsRevision: number;
};

export type NodeReceipt = {
  readonly services: readonly ServiceCheck[];
  readonly bytesReceived: number;
  readonly fileCount: number;
  readonly elapsedMs: number;
};

/** One life of a node: whether its health path answered each time, and how fast. */
export type NodeHealth = {
  readonly healthy: boolean;
  /** The first failure, in a sentence. */
  readonly reason: string | null;
  readonly latenciesMs: readonly number[];
  readonly errorCount: number;
};
