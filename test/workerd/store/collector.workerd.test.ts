// What the collector removes, and what it never does (decision 0013).
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { claimBlobs } from "../../../adapters/blobs/claim-blobs.ts";
import { type CollectorReport, collectBlobs } from "../../../adapters/collector/collect.ts";
import { LEASE_MS, RENEW_BELOW_MS } from "../../../adapters/database/blobs.ts";
import {
  blobsOf,
  capsuleOf,
  commit,
  finalise,
  makeTenant,
  missing,
  push,
  put,
  type StoreEnv,
  storedBlobs,
  type Tenant,
  upload,
  verifyAgain,
} from "./tenant.ts";

const HOUR_MS = 3_600_000;

let tenant: Tenant;
let version = 0;

beforeEach(async () => {
  // R2's own clock cannot be turned: what it calls uploaded now must be old for the collector.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * LEASE_MS });
  tenant = await makeTenant();
});
afterEach(() => {
  vi.useRealTimers();
});

async function collect(isDryRun = false, store: StoreEnv = env): Promise<CollectorReport> {
  return await collectBlobs(store, {
    listReferences: (projectId, since, limit) => env.PROJECTS.getByName(projectId).references(since, limit),
    now: Date.now,
    isDryRun,
  });
}

function pass(durationMs: number): void {
  vi.setSystemTime(Date.now() + durationMs);
}

/** A capsule whose files no other test has. */
async function newCapsule() {
  version += 1;
  return await capsuleOf([`one ${version}`, `two ${version}`], version);
}

function fileDigests(capsule: Awaited<ReturnType<typeof newCapsule>>): string[] {
  return capsule.manifest.files.map(({ sha256 }) => sha256);
}

/** Of these, what does not lie in the store any more. */
async function lost(digests: readonly string[]): Promise<string[]> {
  const stored = await storedBlobs();
  return digests.filter((sha256) => !stored.has(sha256));
}

describe("what nobody uses", () => {
  test("goes once its lease has lapsed, bytes and possession, and not a moment before", async () => {
    const capsule = await newCapsule();
    await put(env, tenant, capsule, fileDigests(capsule));
    pass(LEASE_MS - HOUR_MS);
    expect(await collect()).toMatchObject({ hasRun: true, isCycleComplete: true, possessionsRemoved: 0 });
    expect(await lost(fileDigests(capsule))).toEqual([]);
    pass(2 * HOUR_MS);
    const report = await collect();
    expect(report).toMatchObject({ isCycleComplete: true, possessionsRemoved: 2, objectsRemoved: 2 });
    expect(await lost(fileDigests(capsule))).toEqual(fileDigests(capsule));
    expect(new Set(await missing(env, tenant, capsule))).toEqual(new Set(blobsOf(capsule).keys()));
  });

  test("goes too when only the bytes arrived and possession was never recorded", async () => {
    const capsule = await newCapsule();
    await claimBlobs(env.DB, tenant, fileDigests(capsule));
    for (const sha256 of fileDigests(capsule)) await env.BLOBS.put(`blobs/${sha256}`, "cut off");
    await collect();
    expect(await lost(fileDigests(capsule))).toEqual([]);
    pass(LEASE_MS + HOUR_MS);
    await collect();
    expect(await lost(fileDigests(capsule))).toEqual(fileDigests(capsule));
  });

  test("is only counted by a dry run, which tells what the next run does", async () => {
    const capsule = await newCapsule();
    await put(env, tenant, capsule, fileDigests(capsule));
    pass(LEASE_MS + HOUR_MS);
    const told = await collect(true);
    expect(await lost(fileDigests(capsule))).toEqual([]);
    const done = await collect();
    const { possessionsRemoved, objectsRemoved, bytesRemoved } = done;
    expect(told).toMatchObject({ isDryRun: true, possessionsRemoved, objectsRemoved, bytesRemoved });
    expect(objectsRemoved).toBe(2);
  });
});

describe("what is in use", () => {
  test("a negotiation that says what is there leases it: it can still be finalised half a lease later", async () => {
    const capsule = await newCapsule();
    await put(env, tenant, capsule, [...blobsOf(capsule).keys()]);
    pass(LEASE_MS - HOUR_MS);
    expect(await missing(env, tenant, capsule)).toEqual([]);
    pass(RENEW_BELOW_MS);
    await collect();
    expect((await finalise(env, tenant, capsule)).ok).toBe(true);
  });

  test("an accepted capsule stays for ever, with the documents that it carries", async () => {
    const pushed = await newCapsule();
    const uploaded = await newCapsule();
    expect((await push(env, tenant, pushed)).ok).toBe(true);
    expect((await upload(env, tenant, uploaded)).ok).toBe(true);
    for (let day = 0; day < 3; day += 1) {
      pass(LEASE_MS + HOUR_MS);
      expect(await collect()).toMatchObject({ isCycleComplete: true });
    }
    expect((await verifyAgain(tenant, pushed)).verdict).toBe("pass");
    expect((await verifyAgain(tenant, uploaded)).verdict).toBe("pass");
  });

  test("the files of a commit that is no capsule stay", async () => {
    const capsule = await newCapsule();
    await put(env, tenant, capsule, fileDigests(capsule));
    expect(await commit(env, tenant, capsule, "work")).toBe(true);
    pass(LEASE_MS + HOUR_MS);
    await collect();
    expect(await lost(fileDigests(capsule))).toEqual([]);
    expect(await commit(env, tenant, capsule, "again")).toBe(true);
  });

  test("another organization's use keeps the bytes and not my possession, so I learn nothing of it", async () => {
    const other = await makeTenant();
    const capsule = await newCapsule();
    await put(env, tenant, capsule, fileDigests(capsule));
    expect((await push(env, other, capsule)).ok).toBe(true);
    pass(LEASE_MS + HOUR_MS);
    await collect();
    expect((await missing(env, tenant, capsule)).length).toBe(blobsOf(capsule).size);
    expect((await verifyAgain(other, capsule)).verdict).toBe("pass");
  });

  test("nothing is removed when what is in use cannot be told: a document is missing", async () => {
    const capsule = await newCapsule();
    const abandoned = await newCapsule();
    const name = `manifests/${capsule.capsuleDigest.slice("sha256:".length)}`;
    expect((await push(env, tenant, capsule)).ok).toBe(true);
    await put(env, tenant, abandoned, fileDigests(abandoned));
    const kept = await (await env.BLOBS.get(name))?.arrayBuffer();
    await env.BLOBS.delete(name);
    pass(LEASE_MS + HOUR_MS);
    await expect(collect()).rejects.toThrow("is missing");
    expect(await lost(fileDigests(abandoned))).toEqual([]);
    await env.BLOBS.put(name, kept ?? "");
    expect(await collect()).toMatchObject({ isCycleComplete: true, objectsRemoved: 2 });
    expect((await verifyAgain(tenant, capsule)).verdict).toBe("pass");
  });
});

describe("a run", () => {
  test("that finds another at work does nothing", async () => {
    const [first, second] = await Promise.all([collect(), collect()]);
    expect([first.hasRun, second.hasRun].toSorted()).toEqual([false, true]);
  });

  test("that was cut off between condemning and removing keeps putters away until the next one ends it", async () => {
    const capsule = await newCapsule();
    await put(env, tenant, capsule, fileDigests(capsule));
    pass(LEASE_MS + HOUR_MS);
    const cut = new Proxy(env.BLOBS, {
      get: (bucket, name) =>
        name === "delete"
          ? () => Promise.reject(new Error("cut off"))
          : Reflect.get(bucket, name).bind(bucket),
    });
    await expect(collect(false, { ...env, BLOBS: cut })).rejects.toThrow("cut off");
    const [sha256 = ""] = fileDigests(capsule);
    expect(await claimBlobs(env.DB, tenant, [sha256])).toEqual(new Set([sha256]));
    await collect();
    expect((await push(env, tenant, capsule)).ok).toBe(true);
    await collect();
    expect((await verifyAgain(tenant, capsule)).verdict).toBe("pass");
  });

  test("does a bounded amount of work and goes on where the last one stopped", async () => {
    const capsule = await newCapsule();
    await put(env, tenant, capsule, fileDigests(capsule));
    pass(LEASE_MS + HOUR_MS);
    let runs = 0;
    for (let isComplete = false; !isComplete; runs += 1) {
      const report = await collectBlobs(env, {
        listReferences: (projectId, since, limit) =>
          env.PROJECTS.getByName(projectId).references(since, limit),
        now: Date.now,
        isDryRun: false,
        maxSubrequests: 1,
      });
      isComplete = report.isCycleComplete;
      pass(HOUR_MS);
    }
    expect(runs).toBeGreaterThan(2);
    expect(await lost(fileDigests(capsule))).toEqual(fileDigests(capsule));
  });
});
