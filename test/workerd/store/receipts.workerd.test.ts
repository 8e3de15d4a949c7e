// The project object's record of what it took in: receipts, the log key of a project that began without one, and what is
// left out of a verification so that the platform's own statements never fill it up.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { fixtureKey, trustIn } from "../../../core/capsule/capsule-fixture.ts";
import { PREDICATE_DEPLOY, PREDICATE_RECEIPT } from "../../../schemas/statement.ts";
import { capsuleOf, finalise, makeTenant, push, type Tenant, verifyAgain } from "./tenant.ts";

const ACTOR = { kind: "user", id: "usr_test" } as const;
const UNSIGNED = { expectedRevision: null, envelopeSha256: null, reason: null, actor: ACTOR } as const;
/** More than a capsule may carry (CAPSULE.md C6). */
const MANY = 70;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await makeTenant();
});

function objectOf({ projectId }: Tenant) {
  return env.PROJECTS.getByName(projectId);
}

async function logKeysOf(of: Tenant): Promise<string[]> {
  const { keys } = await objectOf(of).trustRecord();
  return keys.filter(({ roles }) => roles.includes("log")).map(({ keyId }) => keyId);
}

async function receiptRows(of: Tenant, capsuleDigest: string) {
  const { results } = await env.DB.prepare(
    "SELECT envelopeSha256, keyIds FROM statements WHERE projectId = ? AND capsuleDigest = ? AND predicateType = ?",
  )
    .bind(of.projectId, capsuleDigest, PREDICATE_RECEIPT)
    .all<{ envelopeSha256: string; keyIds: string }>();
  return results;
}

describe("[S9] a project that began without a log key", () => {
  test("gets one with its first capsule; two at once make one", async () => {
    expect(await logKeysOf(tenant)).toEqual([]);
    const [first, second] = [await capsuleOf(["first"], 1), await capsuleOf(["second"], 2)];
    await Promise.all([push(env, tenant, first), push(env, tenant, second)]);
    const logKeys = await logKeysOf(tenant);
    expect(logKeys).toHaveLength(1);
    for (const { capsuleDigest } of [first, second]) {
      const rows = await receiptRows(tenant, capsuleDigest);
      expect(rows.map(({ keyIds }) => JSON.parse(keyIds))).toEqual([logKeys]);
    }
    expect((await objectOf(tenant).facts()).logKeyId).toBe(logKeys[0]);
  });

  test("the same capsule pushed twice at once has one receipt", async () => {
    const capsule = await capsuleOf(["twice"], 3);
    await push(env, tenant, capsule);
    await Promise.all([finalise(env, tenant, capsule), finalise(env, tenant, capsule)]);
    expect(await receiptRows(tenant, capsule.capsuleDigest)).toHaveLength(1);
  });
});

describe("[S9] receipts", () => {
  test("are given only for what the project took in", async () => {
    const capsule = await capsuleOf(["known"], 4);
    await push(env, tenant, capsule);
    const object = objectOf(tenant);
    expect(await object.ensureReceipts(capsule.capsuleDigest, null)).toHaveLength(1);
    expect(await object.ensureReceipts(capsule.capsuleDigest, ["0".repeat(64)])).toEqual([]);
    expect(await object.ensureReceipts(`sha256:${"1".repeat(64)}`, ["0".repeat(64)])).toEqual([]);
    expect(await object.ensureReceipts(`sha256:${"1".repeat(64)}`, null)).toEqual([]);
  });

  test("decide for a retired key, and the private half of a rotated log key is destroyed", async () => {
    const own = await makeTenant();
    const capsule = await capsuleOf(["in time"], 5);
    await push(env, own, capsule);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { keys } = await trustIn([await fixtureKey(1)]);
    const { keys: spare } = await trustIn([await fixtureKey(2), await fixtureKey(3)]);
    const [signer, [successor, nextLog]] = [keys[0], spare];
    if (!signer || !successor || !nextLog) throw new Error("three keys");
    const object = objectOf(own);
    const rotate = (keyId: string, next: typeof signer) =>
      object.changeTrust({
        ...UNSIGNED,
        change: {
          kind: "rotated",
          keyId,
          successor: { keyId: next.keyId, publicKey: next.publicKey, name: next.name },
        },
      });
    expect(await rotate(signer.keyId, successor)).toMatchObject({ ok: true });
    expect((await verifyAgain(own, capsule)).verdict).toBe("pass");

    const [logKeyId = ""] = await logKeysOf(own);
    expect(await rotate(logKeyId, nextLog)).toMatchObject({ ok: true });
    const sealed = await env.DB.prepare("SELECT keyId FROM project_keys WHERE projectId = ? AND keyId = ?")
      .bind(own.projectId, logKeyId)
      .all();
    expect(sealed.results).toEqual([]);
    const destroyed = await env.DB.prepare("SELECT keyId FROM destroyed_keys WHERE projectId = ?")
      .bind(own.projectId)
      .all();
    expect(destroyed.results).toEqual([{ keyId: logKeyId }]);
    expect((await verifyAgain(own, capsule)).verdict).toBe("pass");
  });

  test("and deploy statements of the platform never fill a verification up; those of others count", async () => {
    const own = await makeTenant();
    const capsule = await capsuleOf(["deployed often"], 6);
    await push(env, own, capsule);
    const [logKeyId = ""] = await logKeysOf(own);
    await env.DB.batch(
      Array.from({ length: MANY }, (_none, index) =>
        env.DB.prepare("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, 0)").bind(
          own.organizationId,
          own.projectId,
          capsule.capsuleDigest,
          index.toString(16).padStart(64, "0"),
          index % 2 === 0 ? PREDICATE_DEPLOY : PREDICATE_RECEIPT,
          JSON.stringify([logKeyId]),
        ),
      ),
    );
    expect((await verifyAgain(own, capsule)).verdict).toBe("pass");
    // A statement by another key is read: this one's envelope is not there.
    await env.DB.prepare("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, 0)")
      .bind(
        own.organizationId,
        own.projectId,
        capsule.capsuleDigest,
        "f".repeat(64),
        PREDICATE_RECEIPT,
        '["sha256:another"]',
      )
      .run();
    await expect(verifyAgain(own, capsule)).rejects.toThrow(/envelopes\/f{64} is missing/);
  });
});

describe("[S5] the trust record", () => {
  test("changes at the revision that the change was decided on, or not at all", async () => {
    const own = await makeTenant();
    const object = objectOf(own);
    const { revision } = await object.trustRecord();
    const { keys } = await trustIn([await fixtureKey(9)]);
    const [key] = keys;
    if (key === undefined) throw new Error("a key");
    const change = { kind: "trusted", key } as const;
    const asked = { ...UNSIGNED, change, expectedRevision: revision };
    const outcomes = await Promise.all([
      object.changeTrust(asked),
      object.changeTrust({ ...asked, change: { kind: "trusted", key: { ...key, name: "other" } } }),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.find(({ ok }) => !ok)).toMatchObject({ reason: { code: "trust-moved" } });
    expect((await object.trustRecord()).revision).toBe(revision + 1);
    const history = await object.trustHistory(10, null);
    expect(history.map(({ change: what }) => what)).toEqual(["trusted", "created"]);
  });
});
