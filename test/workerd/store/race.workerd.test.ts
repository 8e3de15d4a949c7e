// The collector raced by uploads, finalises and commits of two organizations that share their bytes. A seed decides the
// order of every access to R2, D1 and the project objects, and how the hours pass between them.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectBlobs } from "../../../adapters/collector/collect.ts";
import { LEASE_MS, RENEW_BELOW_MS } from "../../../adapters/database/blobs.ts";
import type { CapsuleFixture } from "../../../core/capsule/capsule-fixture.ts";
import { Interleaving } from "./interleaving.ts";
import {
  blobsOf,
  capsuleOf,
  commit,
  finalise,
  makeTenant,
  missing,
  put,
  type StoreEnv,
  storedBlobs,
  type Tenant,
  upload,
  verifyAgain,
} from "./tenant.ts";

/** Broken protocols show in these: bytes put while they are removed in 2, 3, 12 and 17, a lease passed over in 9. */
const SEEDS: readonly number[] = [1, 2, 3, 5, 9, 12, 17];
/** What is pushed at about the same time shares these; a later version finds others, as texts that are held stay for ever. */
const TEXTS_SHARED = 6;
const VERSIONS_PER_TEXT = 2;
const PUSHES_PER_ACTOR = 12;
const ACTORS_PER_TENANT = 2;
/** How many turns of others a client lets pass between two requests, and the collector between two runs. */
const MAX_IDLE_TURNS = 40;
const MAX_TURNS_BETWEEN_RUNS = 100;
const STEP_MS = 8 * 3_600_000;
/** A request ends long before a lease that it took or was told of. */
const REQUEST_MS = RENEW_BELOW_MS - 1;
/** A run begins nothing new after five minutes, and holds its lock for much longer. */
const RUN_MS = 4 * 60_000;
const ROUNDS = 3;

type Kept = { readonly tenant: Tenant; readonly capsule: CapsuleFixture; readonly isCapsule: boolean };
type World = {
  readonly turns: Interleaving;
  readonly store: StoreEnv;
  readonly seed: number;
  readonly kept: Kept[];
  versions: number;
  /** Actors that still push. */
  pushing: number;
};

/** Time never goes back for the stores, from one seed to the next. R2's own clock is the real one: all it holds is old. */
let clock = Date.now() + 2 * LEASE_MS;
/** While others were pushing, in the races of all seeds. */
let objectsRemoved = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: clock });
});
afterEach(async () => {
  clock = Date.now() + LEASE_MS;
  vi.useRealTimers();
  await forgetAll();
});

test.each(SEEDS)(
  "after a race every accepted capsule verifies and nothing unreferenced is left (seed %i)",
  async (seed) => {
    const turns = new Interleaving(seed);
    const world: World = { turns, store: turns.gate(env), seed, kept: [], versions: 0, pushing: 0 };
    const tenants = [await makeTenant(), await makeTenant()];
    const uploads = tenants.flatMap((tenant) =>
      Array.from({ length: ACTORS_PER_TENANT }, () => pushMany(world, tenant)),
    );
    const before = objectsRemoved;
    await turns.run([...uploads, collectMany(world)], STEP_MS);
    console.log(
      `seed ${seed}: ${turns.turnCount} turns, ${world.kept.length} kept, ${objectsRemoved - before} objects removed in the race`,
    );
    expect(world.kept.length).toBeGreaterThan(0);

    vi.setSystemTime(Date.now() + 2 * LEASE_MS);
    // The cycle that was under way judges by the time at which it began; the next one sees every lease lapsed.
    for (let cycle = 1; cycle <= 2; cycle += 1) while (!(await collect(env, 900)).isCycleComplete);
    for (const { tenant, capsule, isCapsule } of world.kept) {
      if (isCapsule) expect((await verifyAgain(tenant, capsule)).verdict, `seed ${seed}`).toBe("pass");
    }
    const used = new Set(world.kept.flatMap(({ capsule, isCapsule }) => digestsOf(capsule, isCapsule)));
    expect(await storedBlobs()).toEqual(used);
    expect(await possessions(tenants)).toEqual(
      new Set(
        world.kept.flatMap(({ tenant, capsule, isCapsule }) =>
          digestsOf(capsule, isCapsule).map((sha256) => `${tenant.organizationId} ${sha256}`),
        ),
      ),
    );
  },
);

test("the races were no walks: something was removed while others were pushing", () => {
  expect(objectsRemoved).toBeGreaterThan(0);
});

async function pushMany(world: World, tenant: Tenant): Promise<void> {
  world.pushing += 1;
  for (let push = 0; push < PUSHES_PER_ACTOR; push += 1) {
    const { turns } = world;
    world.versions += 1;
    const texts = turns.pick(textsAround(world), 1 + turns.below(4));
    const capsule = await capsuleOf(texts, world.versions);
    await pushSomehow(world, tenant, capsule);
    await idle(turns);
  }
  world.pushing -= 1;
}

function textsAround({ seed, versions }: World): string[] {
  const first = Math.floor(versions / VERSIONS_PER_TEXT);
  return Array.from({ length: TEXTS_SHARED }, (_, index) => `seed ${seed} text ${first + index}`);
}

async function idle(turns: Interleaving, maxTurns = MAX_IDLE_TURNS): Promise<void> {
  for (let left = turns.below(maxTurns); left > 0; left -= 1) await turns.turn(async () => undefined);
}

async function pushSomehow(world: World, tenant: Tenant, capsule: CapsuleFixture): Promise<void> {
  const { turns, store, kept } = world;
  switch (turns.below(12)) {
    case 0: {
      const accepted = await turns.within(REQUEST_MS, () => upload(store, tenant, capsule));
      if (accepted.ok) kept.push({ tenant, capsule, isCapsule: true });
      return;
    }
    case 1: {
      await turns.within(REQUEST_MS, () => putMissing(world, tenant, capsule));
      await idle(turns);
      const branch = `branch-${world.versions}-${turns.below(1_000_000)}`;
      const isCommitted = await turns.within(REQUEST_MS, () => commit(store, tenant, capsule, branch));
      if (isCommitted) kept.push({ tenant, capsule, isCapsule: false });
      return;
    }
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      // Begun and never ended: most bytes are put, lie there, are collected, and are put again.
      await turns.within(REQUEST_MS, () => putMissing(world, tenant, capsule));
      return;
    default:
      for (let round = 1; round <= ROUNDS; round += 1) {
        const wanted = await turns.within(REQUEST_MS, () => missing(store, tenant, capsule));
        if (wanted.length > 0) await turns.within(REQUEST_MS, () => put(store, tenant, capsule, wanted));
        await idle(turns);
        const accepted = await turns.within(REQUEST_MS, () => finalise(store, tenant, capsule));
        if (accepted.ok) {
          kept.push({ tenant, capsule, isCapsule: true });
          return;
        }
        // What was put too long ago has gone meanwhile; that is told, and the next round puts it again.
        if (accepted.reason.code !== "blobs-missing") throw new Error(JSON.stringify(accepted.reason));
      }
  }
}

async function putMissing({ store }: World, tenant: Tenant, capsule: CapsuleFixture): Promise<void> {
  await put(store, tenant, capsule, await missing(store, tenant, capsule));
}

/** Runs that do so little each that a cycle spans many, with hours between them. */
async function collectMany(world: World): Promise<void> {
  const { turns, store } = world;
  while (world.pushing > 0) {
    const report = await turns.within(RUN_MS, () => collect(store, 1 + turns.below(30)));
    objectsRemoved += report.objectsRemoved;
    await idle(turns, MAX_TURNS_BETWEEN_RUNS);
  }
}

async function collect(store: StoreEnv, maxSubrequests: number) {
  return await collectBlobs(store, {
    listReferences: (projectId, since, limit) => store.PROJECTS.getByName(projectId).references(since, limit),
    now: Date.now,
    isDryRun: false,
    maxSubrequests,
  });
}

/** A commit holds files only; a capsule also holds the documents that it carries. */
function digestsOf(capsule: CapsuleFixture, isCapsule: boolean): string[] {
  return isCapsule ? [...blobsOf(capsule).keys()] : capsule.manifest.files.map(({ sha256 }) => sha256);
}

async function possessions(tenants: readonly Tenant[]): Promise<Set<string>> {
  const { results } = await env.DB.prepare("SELECT orgId, sha256 FROM blobs").all<{
    orgId: string;
    sha256: string;
  }>();
  const organizations = new Set(tenants.map(({ organizationId }) => organizationId));
  return new Set(
    results.filter(({ orgId }) => organizations.has(orgId)).map(({ orgId, sha256 }) => `${orgId} ${sha256}`),
  );
}

/** The next seed begins with empty stores. */
async function forgetAll(): Promise<void> {
  const keys = [...(await storedBlobs())].map((sha256) => `blobs/${sha256}`);
  if (keys.length > 0) await env.BLOBS.delete(keys);
  await env.DB.batch(
    ["blobs", "blob_leases", "condemned_blobs", "capsules", "statements", "project_keys", "projects"].map(
      (table) => env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
}
