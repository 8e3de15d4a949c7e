// A whole simulation with no platform (API.md, `--local`): observed in a workerd of this process, simulated in it, signed by
// the runner's own key when there is one. Its result is external (MESH.md M14).
import { randomInt, randomUUID } from "node:crypto";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../core/capsule/bytes.ts";
import { writeCapsim } from "../../core/mesh/capsim.ts";
import { completeParameters } from "../../core/mesh/check-parameters.ts";
import { meshCapsuleOf } from "../../core/mesh/mesh-capsule-of.ts";
import { simulateSeeds } from "../../core/mesh/simulate-seeds.ts";
import { envelopeBytes, signEnvelope } from "../../core/signing/dsse.ts";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import { createStatement } from "../../core/signing/statement.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { PREDICATE_MESH_SIM } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { Environment } from "../http/connection.ts";
import { CliError, EXIT_USAGE } from "../output/cli-error.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";
import { observeLocally } from "./observe-locally.ts";

export type LocalRequest = {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly key: PrivateKey | null;
  readonly trust: TrustRecord | null;
  readonly environment: Environment;
  readonly tell: (node: string, phase: string, status: string) => void;
  readonly onSeed: (doneCount: number, totalCount: number) => void;
};

export type LocalResult = {
  readonly result: MeshSimResult;
  /** The `.capsim`; null without a key: nobody would vouch for it. */
  readonly evidence: Uint8Array | null;
};

const SEED_END = 2 ** 32;

export async function simulateLocally(request: LocalRequest): Promise<LocalResult> {
  const { path, params, key, trust } = request;
  const open = await readCapsuleFile(path);
  const mesh = await meshCapsuleOf(open.manifest, open.capsuleDigest, nodeHashing);
  const complete = completeParameters(params, {
    services: mesh.services,
    drawSeed: () => randomInt(SEED_END),
  });
  if (!complete.ok) {
    throw new CliError("The parameters are not valid.", {
      exitCode: EXIT_USAGE,
      code: "validation",
      fields: complete.reason,
    });
  }
  const parameters = complete.value;
  const startedAt = new Date().toISOString();
  const capsule = { path, open, mesh, trust };
  const { app, observations, measured } = await observeLocally(
    capsule,
    parameters,
    request.environment,
    request.tell,
  );
  const simulated = await simulateSeeds(
    {
      capsule: mesh,
      parameters,
      observations,
      frame: {
        simId: randomUUID(),
        kind: "explore",
        artifactDigest: app.artifactDigest,
        toolchainVersion: app.artifact.toolchain,
        observedBy: "external",
        startedAt,
        measured,
        signedBy: key === null ? [] : [toBase64(key.publicKey)],
      },
    },
    { hashing: nodeHashing, onProgress: ({ done, total }) => request.onSeed(done, total) },
  );
  const result = meshSimResultSchema.parse(simulated);
  if (key === null) return { result, evidence: null };
  const statement = createStatement(open.manifest.id, open.capsuleDigest, PREDICATE_MESH_SIM, result);
  const publicKeys = [...(trust?.keys ?? []).map(({ publicKey }) => publicKey), ...result.signedBy];
  const evidence = await writeCapsim(
    {
      envelope: envelopeBytes(await signEnvelope(statement, [key], nodeHashing)),
      manifest: open.manifest,
      capsuleEnvelopes: open.envelopes.map(envelopeBytes),
      publicKeys,
    },
    nodeHashing,
  );
  return { result, evidence };
}
