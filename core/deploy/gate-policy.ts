// The policies of a project that has set none, and what a policy asks of a rehearsal (MESH.md M18).
import type { Environment } from "../../schemas/environment.ts";
import { type GatePolicy, type GatePolicyInput, gatePolicySchema } from "../../schemas/gate.ts";
import { type MeshParameters, meshParametersSchema } from "../../schemas/mesh-parameters.ts";
import { roleSchema, type TrustRecord } from "../../schemas/trust.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";

/** A keyed hash under the platform's gate key: 32 bytes (HMAC-SHA-256, RFC 2104). */
export type GateHmac = (message: Uint8Array) => Promise<Uint8Array>;

/** prod is guarded from the start; dev and staging are open. */
export function defaultPolicy(environment: Environment): GatePolicy {
  return gatePolicySchema.parse({ isGuarded: environment === "prod" } satisfies GatePolicyInput);
}

/** The complete parameters of a `gate` run: those of the policy, and what it does not name as a simulation has it. */
export function gateParameters(policy: GatePolicy, seeds: readonly number[]): MeshParameters {
  const { nodes, latencyMs, packetLoss, chaosMode, slo } = policy;
  return meshParametersSchema.parse({
    nodes,
    latencyMs,
    packetLoss,
    chaosMode,
    verifySignatures: true,
    slo,
    seeds,
  });
}

/**
 * The seeds of a `gate` run, unsigned 32-bit integers: seed i is the first 32 bits, big-endian, of the HMAC over JCS
 * `[capsuleDigest, artifactDigest, policyRevision, i]`. Who asks again is given the same ones, so that nobody can try
 * until a lucky draw (M18).
 */
export async function drawGateSeeds(
  hmac: GateHmac,
  subject: {
    readonly capsuleDigest: string;
    readonly artifactDigest: string;
    readonly policyRevision: number;
  },
  count: number,
): Promise<number[]> {
  const { capsuleDigest, artifactDigest, policyRevision } = subject;
  const seeds: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const mac = await hmac(canonicalBytes([capsuleDigest, artifactDigest, policyRevision, index]));
    seeds.push(new DataView(mac.buffer, mac.byteOffset, mac.byteLength).getUint32(0));
  }
  return seeds;
}

/** A trust record that asks for at least as many keys in each role as the policy does. */
export function withThresholds(record: TrustRecord, thresholds: GatePolicy["thresholds"]): TrustRecord {
  const raised = { ...record.thresholds };
  for (const role of roleSchema.options) {
    const asked = thresholds[role];
    if (asked !== undefined) raised[role] = Math.max(asked, raised[role] ?? 1);
  }
  return { ...record, thresholds: raised };
}
