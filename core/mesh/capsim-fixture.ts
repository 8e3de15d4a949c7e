// For tests and benches: an evidence file of a small capsule, and its parts to be put together wrongly.
import type { Capsim } from "../../schemas/capsim.ts";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { PREDICATE_MESH_SIM } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { toBase64 } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import { type CapsuleFixture, fixtureKey, makeCapsule, trustIn } from "../capsule/capsule-fixture.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { envelopeBytes, signEnvelope } from "../signing/dsse.ts";
import type { PrivateKey } from "../signing/ed25519.ts";
import { createStatement } from "../signing/statement.ts";
import { writeCapsim } from "./capsim.ts";
import { meshCapsuleOf } from "./mesh-capsule-of.ts";
import { FIXTURE_FRAME, makeParameters, observeAllWell } from "./mesh-fixture.ts";
import { simulateSeeds } from "./simulate-seeds.ts";

export type CapsimFixture = {
  readonly capsule: CapsuleFixture;
  readonly simulator: PrivateKey;
  readonly result: MeshSimResult;
  readonly bytes: Uint8Array;
  /** The builder's key, and the simulator's. */
  readonly trust: TrustRecord;
};

const SMALL = { nodes: 2, latencyMs: [10, 20], seeds: [7] } as const;

/** Number 1 builds the fixture's capsule; number 2 simulates. */
const SIMULATOR_NUMBER = 2;

export async function makeCapsim(
  some: Partial<MeshParameters> = {},
  { capsule, changes = {} }: { capsule?: CapsuleFixture; changes?: Partial<MeshSimResult> } = {},
): Promise<CapsimFixture> {
  const about = capsule ?? (await makeCapsule());
  const simulator = await fixtureKey(SIMULATOR_NUMBER);
  const parameters = makeParameters({ ...SMALL, latencyMs: [10, 20], seeds: [7], ...some });
  const meshCapsule = await meshCapsuleOf(about.manifest, about.capsuleDigest, webHashing);
  const observations = observeAllWell(parameters.nodes, meshCapsule);
  const frame = { ...FIXTURE_FRAME, signedBy: [toBase64(simulator.publicKey)] };
  const simulated = await simulateSeeds(
    { capsule: meshCapsule, parameters, observations, frame },
    { hashing: webHashing },
  );
  const result = { ...simulated, ...changes };
  const bytes = await sealCapsim(about, result, simulator);
  return { capsule: about, simulator, result, bytes, trust: await trustBoth(about.key, simulator) };
}

/** The file of a result that `signer` seals. */
export async function sealCapsim(
  { manifest, envelopes, key }: CapsuleFixture,
  result: MeshSimResult,
  signer: PrivateKey,
): Promise<Uint8Array> {
  const statement = createStatement(manifest.id, result.capsuleHash, PREDICATE_MESH_SIM, result);
  const envelope = envelopeBytes(await signEnvelope(statement, [signer], webHashing));
  const publicKeys = [signer, key].map(({ publicKey }) => toBase64(publicKey));
  return await writeCapsim({ envelope, manifest, capsuleEnvelopes: envelopes, publicKeys }, webHashing);
}

/** The same file with something in it changed, canonical as before. */
export function changeCapsim(bytes: Uint8Array, change: (file: Capsim) => void): Uint8Array {
  const file: Capsim = JSON.parse(new TextDecoder().decode(bytes));
  change(file);
  return canonicalBytes(file);
}

async function trustBoth(builder: PrivateKey, simulator: PrivateKey): Promise<TrustRecord> {
  const builders = await trustIn([builder]);
  const simulators = await trustIn([simulator]);
  const keys = simulators.keys.map((key) => ({ ...key, roles: ["simulator" as const] }));
  return { ...builders, keys: [...builders.keys, ...keys] };
}
