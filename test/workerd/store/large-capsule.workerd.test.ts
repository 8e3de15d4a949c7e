// A capsule of as many files as there may be, and what each way through the store asks of R2, D1 and the project object.
// Production allows 10,000 subrequests a request, 100 bound parameters a statement, 6 connections at once.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { openContainer } from "../../../adapters/capsules/open-container.ts";
import { verifyStoredCapsule } from "../../../adapters/capsules/verify-stored.ts";
import { type CapsuleFixture, trustIn } from "../../../core/capsule/capsule-fixture.ts";
import { CAPSULE_LIMITS } from "../../../core/capsule/limits.ts";
import { verifyContainer } from "../../../core/capsule/verify-capsule.ts";
import { webHashing } from "../../../core/capsule/web-hashing.ts";
import { type Counts, countCalls } from "./counting.ts";
import { blobsOf, capsuleOf, finalise, makeTenant, missing, put, type Tenant, upload } from "./tenant.ts";

const SUBREQUESTS_MAX = 10_000;
/** What the door adds (the token, its organization, the project, the report), and 64 envelopes and carried documents each. */
const BESIDE_THE_FILES = 20 + 64 + 64;
const D1_PARAMETERS_MAX = 100;
/** D1 takes no string or row above 2 MB. */
const D1_TEXT_BYTES_MAX = 2_000_000;
const CONNECTIONS_MAX = 6;
const BATCH_PARTS = 500;

let capsule: CapsuleFixture;
let tenant: Tenant;

beforeAll(async () => {
  tenant = await makeTenant();
  capsule = await capsuleOf(
    Array.from({ length: CAPSULE_LIMITS.fileCount }, (_, index) => `the file ${index}`),
    1,
  );
}, 60_000);

function expectWithinLimits(what: string, counts: Counts): void {
  console.log(`${what}: ${JSON.stringify(counts)}`);
  expect(counts.subrequests, what).toBeLessThanOrEqual(SUBREQUESTS_MAX - BESIDE_THE_FILES);
  expect(counts.d1ParametersMax, what).toBeLessThanOrEqual(D1_PARAMETERS_MAX);
  expect(counts.d1TextBytesMax, what).toBeLessThan(D1_TEXT_BYTES_MAX);
  expect(counts.r2AtOnceMax, what).toBeLessThanOrEqual(CONNECTIONS_MAX);
}

describe(`a capsule of ${CAPSULE_LIMITS.fileCount} files stays within a request's limits`, () => {
  test("uploaded whole", async () => {
    const { store, counts } = countCalls(env);
    expect((await upload(store, await makeTenant(), capsule)).ok).toBe(true);
    expectWithinLimits("upload", counts);
  });

  test("negotiated, put in batches, finalised", async () => {
    const asked = countCalls(env);
    const wanted = await missing(asked.store, tenant, capsule);
    expect(wanted.length).toBe(blobsOf(capsule).size);
    expectWithinLimits("negotiation", asked.counts);
    expect(asked.counts.subrequests).toBe(1);

    const batch = countCalls(env);
    await put(batch.store, tenant, capsule, wanted.slice(0, BATCH_PARTS));
    expectWithinLimits(`a batch of ${BATCH_PARTS}`, batch.counts);
    expect(batch.counts.subrequests).toBe(BATCH_PARTS + 2);
    for (let start = BATCH_PARTS; start < wanted.length; start += BATCH_PARTS) {
      await put(env, tenant, capsule, wanted.slice(start, start + BATCH_PARTS));
    }

    const finalised = countCalls(env);
    expect((await finalise(finalised.store, tenant, capsule)).ok).toBe(true);
    expectWithinLimits("finalise", finalised.counts);
    expect(finalised.counts.subrequests).toBeLessThan(50);
  });

  test("verified again, every byte", async () => {
    const { store, counts } = countCalls(env);
    const trust = await env.PROJECTS.getByName(tenant.projectId).trustRecord();
    const { capsuleDigest } = capsule;
    const report = await verifyStoredCapsule(store, {
      ...tenant,
      capsuleDigest,
      trust,
      findReceipts: () => Promise.resolve([]),
      isReread: true,
    });
    expect(report.verdict).toBe("pass");
    expectWithinLimits("verifying again", counts);
  });

  test("downloaded, and what comes verifies", async () => {
    const { store, counts } = countCalls(env);
    const { capsuleDigest } = capsule;
    const object = store.PROJECTS.getByName(tenant.projectId);
    const { chunks, sizeBytes } = await openContainer(store, object, { ...tenant, capsuleDigest }, "all");
    let receivedBytes = 0;
    const counted = async function* () {
      for await (const chunk of chunks) {
        receivedBytes += chunk.length;
        yield chunk;
      }
    };
    const trust = await trustIn([capsule.key]);
    const report = await verifyContainer(counted(), { trust, hashing: webHashing });
    expect(report.verdict).toBe("pass");
    expect(receivedBytes).toBe(sizeBytes);
    expectWithinLimits("download", counts);
  });
});
