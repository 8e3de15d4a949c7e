// Sealing a result in a project (MESH.md M14): once, whatever is asked again, at once, or after a cut.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { workerdHashing } from "../../../adapters/hashing/workerd-hashing.ts";
import { readSealedResult } from "../../../adapters/mesh/sealed-result.ts";
import { findHeldKeys } from "../../../adapters/vault/sign-result.ts";
import type { CapsuleFixture } from "../../../core/capsule/capsule-fixture.ts";
import { meshCapsuleOf } from "../../../core/mesh/mesh-capsule-of.ts";
import { FIXTURE_FRAME, makeParameters, observeAllWell } from "../../../core/mesh/mesh-fixture.ts";
import { simulateSeeds } from "../../../core/mesh/simulate-seeds.ts";
import type { SealedSimulation } from "../../../durable-objects/mesh-simulation/simulation-plan.ts";
import type { MeshSimResult } from "../../../schemas/mesh-result.ts";
import { capsuleOf, makeTenant, push, type Tenant } from "../store/tenant.ts";

const actor = { kind: "user", id: "usr_test" } as const;
const about = { replayOf: null, actor };

let tenant: Tenant;
let capsule: CapsuleFixture;

beforeAll(async () => {
  tenant = await makeTenant();
  capsule = await capsuleOf(["a", "b"], 1);
  await push(env, tenant, capsule);
});

function project() {
  return env.PROJECTS.getByName(tenant.projectId);
}

async function makeResult(some: Partial<Parameters<typeof makeParameters>[0]> = {}): Promise<MeshSimResult> {
  const mesh = await meshCapsuleOf(capsule.manifest, capsule.capsuleDigest, workerdHashing);
  const parameters = makeParameters({ nodes: 2, ...some });
  const frame = { ...FIXTURE_FRAME, simId: crypto.randomUUID(), signedBy: [] };
  const observations = observeAllWell(2, mesh);
  return await simulateSeeds({ capsule: mesh, parameters, observations, frame }, { hashing: workerdHashing });
}

async function begin({ simId, params, artifactDigest }: MeshSimResult): Promise<void> {
  const { capsuleDigest } = capsule;
  const shape = {
    nodeCount: params.nodes,
    seedCount: params.seeds.length,
    environment: null,
    replayOf: null,
  };
  const begun = await project().beginSimulation({
    simId,
    kind: "explore",
    artifactDigest,
    actor,
    capsuleDigest,
    ...shape,
  });
  expect(begun.ok).toBe(true);
}

async function eventsOf(simId: string): Promise<string[]> {
  const page: { events: readonly { type: string; runId: string | null }[] } = (await project().events({
    since: 0,
    limit: 500,
    type: undefined,
    source: "mesh",
    search: undefined,
    isDescending: false,
  })) as never;
  return page.events.filter(({ runId }) => runId === simId).map(({ type }) => type);
}

function sealedOf(
  sealed: { ok: true; value: SealedSimulation } | { ok: false; reason: unknown },
): SealedSimulation {
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.reason));
  return sealed.value;
}

describe("[M14] sealing", () => {
  test("ten at once and one more after a cut are one sealing, one event, one answer", async () => {
    const result = await makeResult();
    await begin(result);
    await begin(result);
    const all = await Promise.all(Array.from({ length: 10 }, () => project().sealSimulation(result, about)));
    const [first] = all.map(sealedOf);
    for (const sealed of all) expect(sealedOf(sealed)).toEqual(first);
    await evictDurableObject(project());
    expect(sealedOf(await project().sealSimulation(result, about))).toEqual(first);
    expect(await eventsOf(result.simId)).toEqual(["mesh.started", "mesh.sealed"]);
    const stored = await readSealedResult(env.BLOBS, first?.envelopeSha256 ?? "");
    const { signedBy, ...rest } = stored as MeshSimResult;
    expect({ ...rest, signedBy: [] }).toEqual(result);
    expect(signedBy.length).toBeGreaterThan(0);
  });

  test("another result under the same id is refused, and the first stays", async () => {
    const result = await makeResult({ seeds: [5] });
    await begin(result);
    const first = sealedOf(await project().sealSimulation(result, about));
    const other = await project().sealSimulation({ ...result, outcome: "fail", reasons: ["x: y"] }, about);
    expect(other).toMatchObject({ ok: false, reason: { code: "conflict" } });
    expect(sealedOf(await project().sealSimulation(result, about))).toEqual(first);
  });

  test("what is sealed cannot be told to have failed; what failed is told once", async () => {
    const sealed = await makeResult({ seeds: [6] });
    await begin(sealed);
    await project().sealSimulation(sealed, about);
    await project().endSimulation({ simId: sealed.simId, status: "error", failure: null, actor });
    expect(await eventsOf(sealed.simId)).toEqual(["mesh.started", "mesh.sealed"]);
    const failed = await makeResult({ seeds: [7] });
    await begin(failed);
    const failure = { code: "interrupted", message: "cut off" };
    for (let time = 0; time < 2; time += 1) {
      await project().endSimulation({ simId: failed.simId, status: "error", failure, actor });
    }
    expect(await eventsOf(failed.simId)).toEqual(["mesh.started", "mesh.failed"]);
  });

  test("the platform's simulator key is made once and trusted in that role alone", async () => {
    const { trust } = await project().simulationBasis([]);
    const simulators = trust.keys.filter(({ roles }) => roles.includes("simulator"));
    expect(simulators.map(({ name, roles }) => ({ name, roles: [...roles] }))).toEqual([
      { name: "the platform's simulator", roles: ["simulator"] },
    ]);
    const held = await findHeldKeys(env, tenant, [simulators[0]?.keyId ?? ""]);
    expect(held).toHaveLength(1);
  });
});

describe("the baseline", () => {
  test("is the result that what is live in prod shipped on: the newest that passed before it went there", async () => {
    expect(await project().baseline()).toBeNull();
    const shipped = await makeResult({ seeds: [8] });
    await begin(shipped);
    const { envelopeSha256 } = sealedOf(await project().sealSimulation(shipped, about));
    const { capsuleDigest } = capsule;
    await runInDurableObject(project(), (_object, { storage }) => {
      storage.sql.exec(
        `INSERT INTO activations (environment, revision, capsule_digest, artifact_digest, configuration_digest, deploy_id,
           activated_at) VALUES ('prod', 1, ?, ?, ?, 'dep_test', ?)`,
        capsuleDigest,
        shipped.artifactDigest,
        shipped.artifactDigest,
        Date.now(),
      );
    });
    expect(await project().baseline()).toEqual({ simId: shipped.simId, capsuleDigest, envelopeSha256 });
    await scheduler.wait(2);
    const later = await makeResult({ seeds: [9] });
    await begin(later);
    await project().sealSimulation(later, about);
    expect((await project().baseline())?.simId).toBe(shipped.simId);
  });
});

describe("a deleted project", () => {
  test("takes no result any more", async () => {
    const result = await makeResult({ seeds: [10] });
    await begin(result);
    await project().remove(actor);
    const sealed = await project().sealSimulation(result, about);
    expect(sealed).toMatchObject({ ok: false, reason: { code: "conflict" } });
  });
});
