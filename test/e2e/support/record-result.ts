// A result made elsewhere, as `oursynth mesh-sim --local` makes one: the platform's core run in this process, signed by a
// runner's own key.
import { randomUUID } from "node:crypto";
import { nodeHashing } from "../../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../../core/capsule/bytes.ts";
import { meshCapsuleOf } from "../../../core/mesh/mesh-capsule-of.ts";
import { simulateSeeds } from "../../../core/mesh/simulate-seeds.ts";
import { signEnvelope } from "../../../core/signing/dsse.ts";
import type { PrivateKey } from "../../../core/signing/ed25519.ts";
import { createStatement } from "../../../core/signing/statement.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../../schemas/mesh-result.ts";
import { type Envelope, PREDICATE_MESH_SIM } from "../../../schemas/statement.ts";
import type { MadeCapsule } from "./capsule-maker.ts";
import type { SealedResult } from "./rehearse.ts";

/** The same question and observations as a sealed result, run again here. */
export async function simulateElsewhere(
  capsule: MadeCapsule,
  sealed: SealedResult,
  key: PrivateKey,
): Promise<MeshSimResult> {
  const { artifactDigest, toolchainVersion, params, observations, startedAt } = sealed;
  return await simulateSeeds(
    {
      capsule: await meshCapsuleOf(capsule.manifest, capsule.capsuleDigest, nodeHashing),
      parameters: params,
      observations,
      frame: {
        simId: randomUUID(),
        kind: "explore",
        artifactDigest,
        toolchainVersion,
        observedBy: "external",
        startedAt,
        signedBy: [toBase64(key.publicKey)],
        measured: null,
      },
    },
    { hashing: nodeHashing },
  );
}

/** Signed whatever it says: also what is wrong. */
export async function signResult(
  capsule: Pick<MadeCapsule, "manifest" | "capsuleDigest">,
  result: MeshSimResult,
  key: PrivateKey,
): Promise<Envelope> {
  const predicate = meshSimResultSchema.parse(result);
  const statement = createStatement(
    capsule.manifest.id,
    capsule.capsuleDigest,
    PREDICATE_MESH_SIM,
    predicate,
  );
  return await signEnvelope(statement, [key], nodeHashing);
}
