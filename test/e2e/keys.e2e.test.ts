// The life of signing keys over HTTP: made, rotated, revoked, and what their signatures are worth then.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { preAuthEncoding } from "../../core/signing/dsse.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { keyIdOf, parsePublicKey } from "../../core/signing/key-format.ts";
import { addedKeySchema, keySchema, projectKeysSchema } from "../../schemas/api/access.ts";
import { acceptedSchema, statementListSchema } from "../../schemas/api/capsules.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { dryRunSchema } from "../../schemas/api/deploys.ts";
import {
  awaitingSignaturesSchema,
  revokedKeySchema,
  rotatedKeySchema,
  trustHistorySchema,
} from "../../schemas/api/keys.ts";
import { PREDICATE_RECEIPT } from "../../schemas/statement.ts";
import { verificationReportSchema } from "../../schemas/verification.ts";
import { ownerClient } from "./support/api-client.ts";
import { makeGreeter, newKey, packContainer } from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { secondTenant } from "./support/second-tenant.ts";
import {
  idOf,
  makeVaultKey,
  publicText,
  restrictedTo,
  revoke,
  rotate,
  rotated,
  signAwaiting,
  stateOf,
  trustOf,
} from "./support/signing-keys.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

/** Times on both sides of a retirement are milliseconds apart. */
const MOMENT_MS = 20;

async function moment(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
  return Date.now();
}

async function statementsOf(project: TestProject, capsuleDigest: string) {
  const answer = await project.api.get(
    `/api/capsules/${capsuleDigest}/statements?projectId=${project.projectId}`,
  );
  return answer.expect(200, statementListSchema).items;
}

async function verifyAgain(project: TestProject, capsuleDigest: string) {
  const query = `again=1&projectId=${project.projectId}`;
  const answer = await project.api.get(`/api/capsules/${capsuleDigest}/verify?${query}`);
  return answer.expect(200, verificationReportSchema);
}

describe("[S8] a key made in the vault", () => {
  test("is known by its public half alone, in its project or in the organization", async () => {
    const project = await makeProject(ownerClient());
    const made = await project.api.post("/api/keys", { name: "ours", make: true });
    const key = made.expect(201, addedKeySchema);
    expect(key).toMatchObject({ isInVault: true, roles: [], fingerprint: fingerprintOf(key.keyId) });
    expect(Object.keys(key).sort()).toEqual(
      ["createdAt", "fingerprint", "isInVault", "keyId", "name", "publicKey", "roles"].sort(),
    );
    const listed = (await project.api.get("/api/keys")).expect(200, pageSchema(keySchema)).items;
    expect(listed.find(({ keyId }) => keyId === key.keyId)).toMatchObject({ isInVault: true, name: "ours" });

    const own = await makeVaultKey(project);
    expect((await trustOf(project)).items.find(({ keyId }) => keyId === own.keyId)).toMatchObject({
      isInVault: true,
      isPlatformKey: false,
      fingerprint: own.fingerprint,
      roles: ["builder"],
    });
    const again = (await project.api.get("/api/keys")).expect(200, pageSchema(keySchema)).items;
    expect(again.map(({ keyId }) => keyId)).not.toContain(own.keyId);
  });

  test("signs a packed moment in its own name; one that the vault does not hold signs nothing", async () => {
    const project = await makeProject(ownerClient());
    await project.push(await makeGreeter(project.key, "hello"), "main");
    const { keyId } = await makeVaultKey(project);
    const packed = await project.api.post(project.path("/capsules"), { version: "3.0.0", keyId });
    const { capsuleDigest } = packed.expect(201, acceptedSchema);
    const statements = await statementsOf(project, capsuleDigest);
    const statement = statements.find(({ predicateType }) => predicateType !== PREDICATE_RECEIPT);
    expect(statement?.keyIds).toEqual([keyId]);
    const stranger = await idOf(project.key);
    const refused = () => project.api.post(project.path("/capsules"), { version: "3.0.1", keyId: stranger });
    await expectRefusal(project, refused, "not-found", /vault holds no key/);
  });

  test("needs either a public key or the wish to make one", async () => {
    const project = await makeProject(ownerClient());
    for (const json of [{ name: "x" }, { name: "x", make: true, publicKey: publicText(project.key) }])
      expectProblem(await project.api.post("/api/keys", json), "validation", /publicKey/);
  });
});

describe("[S9] every statement that a project takes in", () => {
  test("has one receipt by the project's log key, however often it is pushed", async () => {
    const project = await makeProject(ownerClient());
    const before = Date.now();
    const capsule = await makeGreeter(project.key, "logged");
    await project.push(capsule);
    await project.push(capsule);
    const items = await statementsOf(project, capsule.capsuleDigest);
    const receipts = items.filter(({ predicateType }) => predicateType === PREDICATE_RECEIPT);
    const others = items.filter(({ predicateType }) => predicateType !== PREDICATE_RECEIPT);
    const logKey = (await trustOf(project)).items.find(({ isLogKey }) => isLogKey);
    expect(logKey).toMatchObject({ roles: ["log"], isInVault: true, isPlatformKey: false });
    expect([others.length, receipts.length]).toEqual([1, 1]);
    const [receipt] = receipts;
    expect(receipt?.keyIds).toEqual([logKey?.keyId]);
    const payload = JSON.parse(Buffer.from(receipt?.envelope.payload ?? "", "base64").toString());
    expect(payload.predicate.envelopeSha256).toBe(others[0]?.envelopeSha256);
    expect(payload.predicate.loggedAt).toBeGreaterThanOrEqual(before);
    expect(payload.predicate.loggedAt).toBeLessThanOrEqual(Date.now());
    const accepted = (await project.events("&type=capsule.accepted")).at(-1);
    expect(accepted?.data?.envelopes).toEqual([others[0]?.envelopeSha256, receipt?.envelopeSha256]);
  });

  test("also an activation's", async () => {
    const project = await makeProject(ownerClient());
    const capsule = await makeGreeter(project.key, "activated");
    await project.ship(capsule);
    const items = await statementsOf(project, capsule.capsuleDigest);
    const receipts = items.filter(({ predicateType }) => predicateType === PREDICATE_RECEIPT);
    expect([items.length, receipts.length]).toEqual([4, 2]);
  });
});

describe("[S9] a rotated key", () => {
  test("in the vault: its successor signs from now on, and what it signed before still deploys", async () => {
    const project = await makeProject(ownerClient());
    const { platformKeyId } = await project.facts();
    await project.push(await makeGreeter(project.key, "first"), "main");
    const packed = (await project.api.post(project.path("/capsules"), { version: "5.0.0" })).expect(
      201,
      acceptedSchema,
    );
    const before = await trustOf(project);
    await moment();
    const done = await rotated(project, platformKeyId);
    const { successor } = done;
    expect(done).toMatchObject({
      keyId: platformKeyId,
      projects: [{ projectId: project.projectId, revision: before.revision + 1 }],
      successor: { isInVault: true, fingerprint: fingerprintOf(successor.keyId) },
    });
    expect((await project.facts()).platformKeyId).toBe(successor.keyId);
    expect(await stateOf(project, platformKeyId)).toMatchObject({ kind: "rotated" });
    const trusted = (await trustOf(project)).items.find(({ keyId }) => keyId === successor.keyId);
    expect(trusted).toMatchObject({ roles: ["builder", "deployer"], isPlatformKey: true });

    const run = await project.waitForDeploy(await project.startDeploy(packed.capsuleDigest, "dev"));
    expect(run).toMatchObject({ status: "done", failure: null });
    const deployed = (await statementsOf(project, packed.capsuleDigest)).find(({ predicateType }) =>
      predicateType.includes("deploy"),
    );
    expect(deployed?.keyIds).toEqual([successor.keyId]);
    expect((await verifyAgain(project, packed.capsuleDigest)).verdict).toBe("pass");

    const event = (await project.events("&type=key.rotated")).at(-1);
    expect(event?.data).toEqual({
      keyId: platformKeyId,
      successorKeyId: successor.keyId,
      revision: before.revision + 1,
      reason: "yearly",
      statement: done.envelopeSha256,
    });
  });

  test("signs nothing that counts any more", async () => {
    const project = await makeProject(ownerClient());
    const old = await makeGreeter(project.key, "in time");
    await project.push(old);
    const late = await makeGreeter(project.key, "too late", "2.0.0");
    await rotateOutside(project);
    const push = async () => {
      await project.putBatch(late.blobs);
      return await project.finalise(late);
    };
    const problem = await expectRefusal(project, push, "capsule-invalid", /count without a receipt/);
    expect(problem.detail).toContain(await idOf(project.key));
    // The old one once more changes nothing, and is as good as before.
    await project.push(old);
    const container = await project.api.send("POST", `/api/capsules/upload?projectId=${project.projectId}`, {
      body: await packContainer(old),
      headers: { "content-type": "application/octet-stream" },
    });
    container.expect(201, acceptedSchema);
    const rehearsal = {
      projectId: project.projectId,
      capsuleDigest: old.capsuleDigest,
      env: "dev",
      dryRun: true,
    };
    const dryRun = (await project.api.post("/api/deploys", rehearsal)).expect(200, dryRunSchema);
    expect(dryRun.wouldDeploy).toBe(true);
  });

  test("cannot be rotated, trusted or removed again", async () => {
    const project = await makeProject(ownerClient());
    const keyId = await idOf(project.key);
    await rotateOutside(project);
    await expectRefusal(project, () => rotate(project, keyId), "conflict", /was rotated already/);
    const publicKey = publicText(project.key);
    const trust = () =>
      project.api.post("/api/keys", { name: "back", publicKey, projectId: project.projectId });
    await expectRefusal(project, trust, "conflict", /is not trusted anew/);
    const remove = () => project.api.send("DELETE", `/api/keys/${keyId}?projectId=${project.projectId}`);
    await expectRefusal(project, remove, "conflict", /stays in the record/);
  });

  test("outside introduces its successor with a signature that openssl makes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rotation-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const at = (name: string) => join(folder, name);
    const openssl = (...line: string[]) =>
      execFileSync("openssl", line, { stdio: ["ignore", "pipe", "pipe"] });
    for (const name of ["old", "new"]) {
      openssl("genpkey", "-algorithm", "ed25519", "-out", at(`${name}.pem`));
      openssl("pkey", "-in", at(`${name}.pem`), "-pubout", "-out", at(`${name}.pub.pem`));
    }
    const project = await makeProject(ownerClient());
    const { projectId } = project;
    const pem = (name: string) => readFileSync(at(`${name}.pub.pem`), "utf8");
    const added = await project.api.post("/api/keys", { name: "hsm", publicKey: pem("old"), projectId });
    const { keyId } = added.expect(201, addedKeySchema);

    const asked = await rotate(project, keyId, { newPublicKey: pem("new") });
    const { envelope, needs, statement } = asked.expect(202, awaitingSignaturesSchema);
    expect(needs).toEqual({ oldKeyId: keyId, owners: { count: 0, keyIds: [] } });
    expect(envelope.signatures).toEqual([]);
    expect(statement.predicate).toMatchObject({ oldKeyId: keyId, projectId, reason: "yearly" });
    expect(await stateOf(project, keyId)).toBeUndefined();

    const payload = Buffer.from(envelope.payload, "base64");
    writeFileSync(at("to-sign"), preAuthEncoding(envelope.payloadType, payload));
    openssl("pkeyutl", "-sign", "-rawin", "-inkey", at("old.pem"), "-in", at("to-sign"), "-out", at("sig"));
    const signatures = [{ keyid: keyId, sig: readFileSync(at("sig")).toString("base64") }];
    const done = await rotated(project, keyId, { envelope: { ...envelope, signatures } });
    const successor = parsePublicKey(pem("new"));
    if (!successor.ok) throw new Error(successor.reason.message);
    expect(done.successor).toMatchObject({
      keyId: await keyIdOf(successor.value, nodeHashing),
      name: "hsm",
      isInVault: false,
    });
  });
});

describe("[S9] a rotation's statement", () => {
  let project: TestProject;
  let keyId: string;
  beforeAll(async () => {
    project = await makeProject(ownerClient());
    keyId = await idOf(project.key);
  });

  async function awaited(of: TestProject, more: object = {}) {
    const newPublicKey = publicText(await newKey());
    const answer = await rotate(of, await idOf(of.key), { newPublicKey, ...more });
    return answer.expect(202, awaitingSignaturesSchema);
  }

  test("works for one revision only: a replay is refused", async () => {
    const envelope = await signAwaiting(await awaited(project), [project.key]);
    await makeVaultKey(project, "the record moves on");
    const problem = await expectRefusal(
      project,
      () => rotate(project, keyId, { envelope }),
      "trust-moved",
      /revision \d+, and \d+ is next/,
    );
    expect(problem.status).toBe(409);
    const own = await makeProject(project.api);
    const once = await signAwaiting(await awaited(own), [own.key]);
    await rotated(own, await idOf(own.key), { envelope: once });
    const again = async () => rotate(own, await idOf(own.key), { envelope: once });
    await expectRefusal(own, again, "conflict", /was rotated already/);
  });

  test("of another project, by another key, or about another key is refused", async () => {
    const other = await makeProject(project.api);
    const publicKey = publicText(project.key);
    const { projectId } = other;
    (await other.api.post("/api/keys", { name: "shared", publicKey, projectId })).expect(201, addedKeySchema);
    const revision = (await trustOf(project)).revision;
    // The same key is trusted in both, and both stand at the same revision.
    while ((await trustOf(other)).revision < revision) await makeVaultKey(other);
    expect((await trustOf(other)).revision).toBe(revision);
    const forOther = await signAwaiting(
      (await rotate(other, keyId, { newPublicKey: publicText(await newKey()) })).expect(
        202,
        awaitingSignaturesSchema,
      ),
      [project.key],
    );
    const replayed = () => rotate(project, keyId, { envelope: forOther });
    await expectRefusal(project, replayed, "signatures-missing", /is for the project prj_/);

    const byNobody = await signAwaiting(await awaited(project), [await newKey()]);
    const unsigned = () => rotate(project, keyId, { envelope: byNobody });
    await expectRefusal(project, unsigned, "signatures-missing", /unknown/);

    const vaultKey = await makeVaultKey(project);
    const about = await signAwaiting(await awaited(project), [project.key]);
    const twisted = () => rotate(project, vaultKey.keyId, { envelope: about });
    await expectRefusal(project, twisted, "signatures-missing", /./);
  });

  test("names no successor for the platform that the platform does not hold", async () => {
    const { platformKeyId } = await project.facts();
    const newPublicKey = publicText(await newKey());
    const ask = () => rotate(project, platformKeyId, { newPublicKey });
    await expectRefusal(project, ask, "unprocessable", /made in the vault/);
  });

  test("is not given for another organization's keys, nor by a token of another project", async () => {
    const stranger = (await secondTenant()).api;
    const { projectId } = project;
    for (const verb of ["rotate", "revoke"]) {
      const inProject = () => stranger.post(`/api/keys/${keyId}/${verb}`, { projectId, reason: "mine" });
      await expectRefusal(project, inProject, "not-found", /no project/);
      const everywhere = () => stranger.post(`/api/keys/${keyId}/${verb}`, { reason: "mine" });
      await expectRefusal(project, everywhere, "not-found", /No key/);
      const restricted = await restrictedTo(await makeProject(project.api));
      const beyond = () => restricted.post(`/api/keys/${keyId}/${verb}`, { reason: "mine" });
      await expectRefusal(project, beyond, "not-found", /does not trust/);
    }
    for (const path of ["/keys", "/keys/history"])
      expectProblem(await stranger.get(project.path(path)), "not-found", /no project/);
    const json = { thresholds: {}, expectedRevision: 1 };
    const change = () => stranger.send("PUT", project.path("/keys/thresholds"), { json });
    await expectRefusal(project, change, "not-found", /no project/);
  });
});

describe("[S9] a revoked key", () => {
  test("that leaked before it signed: the deploy is refused, saying why", async () => {
    const project = await makeProject(ownerClient());
    const compromisedSince = await moment();
    await moment();
    const capsule = await makeGreeter(project.key, "signed by a thief?");
    await project.push(capsule);
    const keyId = await idOf(project.key);
    const revoked = (await revoke(project, keyId, { compromisedSince })).expect(200, revokedKeySchema);
    expect(revoked.projects.map(({ projectId }) => projectId)).toEqual([project.projectId]);
    const run = await project.waitForDeploy(await project.startDeploy(capsule.capsuleDigest, "dev"));
    expect(run.status).toBe("error");
    expect(run.failure?.message).toContain(keyId);
    expect(run.failure?.message).toContain(new Date(compromisedSince).toISOString());
    expect(run.failure?.message).toMatch(/it was logged 20/);
    expect((await verifyAgain(project, capsule.capsuleDigest)).verdict).toBe("undecidable");
    const event = (await project.events("&type=key.revoked")).at(-1);
    expect(event?.data).toMatchObject({ keyId, compromisedSince, reason: "leaked" });
  });

  test("without a time: what it signed before still counts, and nothing after", async () => {
    const project = await makeProject(ownerClient());
    const capsule = await makeGreeter(project.key, "before");
    await project.push(capsule);
    await moment();
    (await revoke(project, await idOf(project.key))).expect(200, revokedKeySchema);
    const run = await project.waitForDeploy(await project.startDeploy(capsule.capsuleDigest, "dev"));
    expect(run).toMatchObject({ status: "done", failure: null });
    const after = await makeGreeter(project.key, "after", "2.0.0");
    await project.putBatch(after.blobs);
    const push = () => project.finalise(after);
    await expectRefusal(project, push, "capsule-invalid", /no log vouches/);
  });

  test("can turn out to have leaked earlier, not later; the platform's own is rotated first", async () => {
    const project = await makeProject(ownerClient());
    const keyId = await idOf(project.key);
    const now = await moment();
    (await revoke(project, keyId, { compromisedSince: now })).expect(200, revokedKeySchema);
    const later = () => revoke(project, keyId, { compromisedSince: now + 1 });
    await expectRefusal(project, later, "conflict", /leaked earlier/);
    (await revoke(project, keyId, { compromisedSince: now - 1 })).expect(200, revokedKeySchema);
    expect(await stateOf(project, keyId)).toMatchObject({ kind: "revoked", compromisedSince: now - 1 });
    const future = () => revoke(project, keyId, { compromisedSince: Date.now() + 60_000 });
    await expectRefusal(project, future, "conflict", /future/);

    const { platformKeyId } = await project.facts();
    const inUse = () => revoke(project, platformKeyId);
    await expectRefusal(project, inUse, "conflict", /rotate it first/);
    await rotated(project, platformKeyId);
    (await revoke(project, platformKeyId)).expect(200, revokedKeySchema);
    expect(await stateOf(project, platformKeyId)).toMatchObject({ kind: "revoked" });
  });
});

describe("[S9] a log key", () => {
  test("that was rotated leaves its receipts standing; once revoked they are signed anew, with the same time", async () => {
    const project = await makeProject(ownerClient());
    const capsule = await makeGreeter(project.key, "logged once");
    await project.push(capsule);
    const loggedAt = await receiptOf(project, capsule.capsuleDigest);
    await moment();
    await rotateOutside(project);
    const logKey = (await trustOf(project)).items.find(({ isLogKey }) => isLogKey);
    if (logKey === undefined) throw new Error("a project has a log key");
    const done = await rotated(project, logKey.keyId);
    expect((await trustOf(project)).items.find(({ isLogKey }) => isLogKey)?.keyId).toBe(done.successor.keyId);
    expect((await verifyAgain(project, capsule.capsuleDigest)).verdict).toBe("pass");
    expect(await receiptOf(project, capsule.capsuleDigest)).toEqual(loggedAt);
    // Its private half is no more.
    const old = (await trustOf(project)).items.find(({ keyId }) => keyId === logKey.keyId);
    expect(old).toMatchObject({ isInVault: false, state: { kind: "rotated" } });

    (await revoke(project, logKey.keyId)).expect(200, revokedKeySchema);
    expect((await verifyAgain(project, capsule.capsuleDigest)).verdict).toBe("pass");
    const receipts = (await receiptsOf(project, capsule.capsuleDigest)).map(({ keyId, time }) => ({
      keyId,
      time,
    }));
    expect(receipts).toContainEqual({ keyId: done.successor.keyId, time: loggedAt[0]?.time });
  });

  async function receiptsOf(project: TestProject, capsuleDigest: string) {
    const items = await statementsOf(project, capsuleDigest);
    return items
      .filter(({ predicateType }) => predicateType === PREDICATE_RECEIPT)
      .map(({ keyIds, envelope }) => ({
        keyId: keyIds[0],
        time: JSON.parse(Buffer.from(envelope.payload, "base64").toString()).predicate.loggedAt,
      }));
  }
  async function receiptOf(project: TestProject, capsuleDigest: string) {
    const receipts = await receiptsOf(project, capsuleDigest);
    expect(receipts).toHaveLength(1);
    return receipts;
  }
});

describe("[S9] without the platform", () => {
  test("a container with receipts and the trust record decide; one without does not", async () => {
    const project = await makeProject(ownerClient());
    const capsule = await makeGreeter(project.key, "to audit");
    await project.push(capsule);
    await moment();
    await rotateOutside(project);
    const { revision, thresholds, items } = await trustOf(project);
    const verdictOf = async (statements: string) => {
      const query = `?statements=${statements}&projectId=${project.projectId}`;
      const download = await project.api.get(`/api/capsules/${capsule.capsuleDigest}/download${query}`);
      const report = await verifyContainer(new Blob([new Uint8Array(download.bytes)]).stream(), {
        trust: { revision, thresholds, keys: items },
        hashing: nodeHashing,
        hasParent: () => true,
      });
      return report.verdict;
    };
    expect(await verdictOf("provenance")).toBe("undecidable");
    expect(await verdictOf("receipts")).toBe("pass");
    expect(await verdictOf("all")).toBe("pass");
  });
});

describe("a project's trust record", () => {
  test("[S5] has thresholds, changed at the revision that was seen", async () => {
    const project = await makeProject(ownerClient());
    const { revision } = await trustOf(project);
    const set = (thresholds: object, expectedRevision: number) =>
      project.api.send("PUT", project.path("/keys/thresholds"), { json: { thresholds, expectedRevision } });
    const changed = (await set({ builder: 2 }, revision)).expect(200, projectKeysSchema);
    expect(changed).toMatchObject({ revision: revision + 1, thresholds: { builder: 2 } });
    await expectRefusal(project, () => set({}, revision), "trust-moved", /is at revision/);
    await expectRefusal(project, () => set({ gate: 2 }, revision + 1), "conflict", /nothing could pass/);
    const capsule = await makeGreeter(project.key, "one of two");
    await project.putBatch(capsule.blobs);
    await expectRefusal(project, () => project.finalise(capsule), "capsule-invalid", /too few keys/);
    (await set({}, revision + 1)).expect(200, projectKeysSchema);
    await project.push(capsule);
    const events = (await project.events("&type=trust.changed")).map(({ data }) => data);
    expect(events.at(-1)).toMatchObject({ change: "thresholds", thresholds: {}, revision: revision + 2 });
  });

  test("tells every revision, page by page, with the signed statement behind it", async () => {
    const project = await makeProject(ownerClient());
    const done = await rotateOutside(project);
    await makeVaultKey(project);
    const pages = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const answer = await project.api.get(project.path(`/keys/history?limit=2${query}`));
      const page = answer.expect(200, trustHistorySchema);
      pages.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(pages.map(({ change, record }) => [change, record.revision])).toEqual([
      ["trusted", 4],
      ["rotated", 3],
      ["trusted", 2],
      ["created", 1],
    ]);
    const rotation = pages[1];
    expect(rotation?.envelopeSha256).toBe(done.envelopeSha256);
    expect(rotation?.envelope?.signatures.map(({ keyid }) => keyid)).toEqual([await idOf(project.key)]);
    const { revision, thresholds, items } = await trustOf(project);
    expect(pages[0]?.record).toMatchObject({ revision, thresholds });
    expect(pages[0]?.record.keys.map(({ keyId }) => keyId)).toEqual(items.map(({ keyId }) => keyId));
  });
});

/** The project's own outside key gets a successor, signed as its holder would. */
async function rotateOutside(project: TestProject) {
  await moment();
  const keyId = await idOf(project.key);
  const asked = await rotate(project, keyId, { newPublicKey: publicText(await newKey()) });
  const envelope = await signAwaiting(asked.expect(202, awaitingSignaturesSchema), [project.key]);
  return (await rotate(project, keyId, { envelope })).expect(200, rotatedKeySchema);
}
