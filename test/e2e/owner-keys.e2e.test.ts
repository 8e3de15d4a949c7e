// Keys of a whole organization: owners' keys and their threshold, and rotating and revoking everywhere at once.
import { beforeAll, describe, expect, test } from "vitest";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import {
  addedKeySchema,
  createdTokenSchema,
  keySchema,
  projectKeysSchema,
} from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import {
  awaitingSignaturesSchema,
  ownerKeysAnswerSchema,
  revokedKeySchema,
  rotatedKeySchema,
  trustHistorySchema,
} from "../../schemas/api/keys.ts";
import { projectSchema } from "../../schemas/api/projects.ts";
import { ALL_SCOPES } from "../../schemas/permissions.ts";
import { type Answer, ApiClient } from "./support/api-client.ts";
import { makeGreeter, newKey } from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { secondTenant } from "./support/second-tenant.ts";
import {
  idOf,
  publicText,
  restrictedTo,
  rotate,
  signAwaiting,
  stateOf,
  trustOf,
} from "./support/signing-keys.ts";
import { makeProject, TestProject } from "./support/test-project.ts";

let api: ApiClient;
beforeAll(async () => {
  api = (await secondTenant("tenant-with-owner-keys")).api;
});

function threeKeys(): Promise<PrivateKey[]> {
  return Promise.all([newKey(), newKey(), newKey()]);
}

function putOwners(keys: readonly PrivateKey[], threshold: number, expectedRevision: number, more = {}) {
  const json = { threshold, publicKeys: keys.map(publicText), expectedRevision, ...more };
  return api.send("PUT", "/api/owner-keys", { json });
}

async function setOwners(
  keys: readonly PrivateKey[],
  threshold: number,
  signers: readonly PrivateKey[],
): Promise<Answer> {
  const { revision } = (await api.get("/api/owner-keys")).expect(200, ownerKeysAnswerSchema);
  const asked = (await putOwners(keys, threshold, revision)).expect(202, awaitingSignaturesSchema);
  const envelope = await signAwaiting(asked, signers);
  return await putOwners(keys, threshold, revision, { envelope });
}

describe("[S5] owners' keys", () => {
  test("are set by their new holders, and changed by enough of the old and of the new", async () => {
    const [first, second] = [await threeKeys(), await threeKeys()];
    expectProblem(await setOwners(first, 2, first.slice(0, 1)), "signatures-missing", /1 of the 2/);
    const set = (await setOwners(first, 2, first.slice(1))).expect(200, ownerKeysAnswerSchema);
    expect(set).toMatchObject({ threshold: 2 });
    expect(set.keys).toHaveLength(3);
    const [a, b] = first;
    const [c, d] = second;
    if (!a || !b || !c || !d) throw new Error("six keys");
    expectProblem(await setOwners(second, 2, [c, d]), "signatures-missing", /./);
    expectProblem(await setOwners(second, 2, [a, c, d]), "signatures-missing", /1 of the 2/);
    expectProblem(await setOwners(second, 2, [a, b, c]), "signatures-missing", /1 of the 2/);
    (await setOwners(second, 2, [a, b, c, d])).expect(200, ownerKeysAnswerSchema);
    expectProblem(await putOwners(second, 2, set.revision), "trust-moved", /revision/);
    expectProblem(await putOwners(second, 4, set.revision), "unprocessable", /4 of 3/);
    (await setOwners([], 0, [c, d])).expect(200, ownerKeysAnswerSchema);
  });

  test("are nobody's business but an owner's", async () => {
    const project = await makeProject(api);
    const restricted = await restrictedTo(project);
    const keys = await threeKeys();
    const json = { threshold: 1, publicKeys: keys.map(publicText), expectedRevision: 0 };
    expectProblem(await restricted.send("PUT", "/api/owner-keys", { json }), "forbidden", /owner/);
    const scopes = ALL_SCOPES.filter((scope) => scope !== "keys:write");
    const made = await api.post("/api/tokens", { name: "reads keys", scopes });
    const reader = new ApiClient(api.url, made.expect(201, createdTokenSchema).token);
    expectProblem(await reader.send("PUT", "/api/owner-keys", { json }), "forbidden", /keys:write/);
    expect((await reader.get("/api/owner-keys")).status).toBe(200);
  });
});

describe("[S5, S9] with a threshold of owners' keys", () => {
  let owners: PrivateKey[];
  let project: TestProject;

  beforeAll(async () => {
    project = await makeProject(api);
    owners = await threeKeys();
    (await setOwners(owners, 2, owners)).expect(200, ownerKeysAnswerSchema);
    return async () => {
      (await setOwners([], 0, owners)).expect(200, ownerKeysAnswerSchema);
    };
  });

  test("a successor needs the old key and the owners; too few are refused", async () => {
    const { platformKeyId } = await project.facts();
    const before = await trustOf(project);
    const asked = (await rotate(project, platformKeyId)).expect(202, awaitingSignaturesSchema);
    expect(asked.needs).toMatchObject({ oldKeyId: null, owners: { count: 2 } });
    expect(asked.envelope.signatures.map(({ keyid }) => keyid)).toEqual([platformKeyId]);
    expect(await trustOf(project)).toEqual(before);

    const tooFew = await signAwaiting(asked, owners.slice(0, 1));
    const refused = () => rotate(project, platformKeyId, { envelope: tooFew });
    await expectRefusal(project, refused, "signatures-missing", /1 of the 2 owners' keys/);
    const strangers = await signAwaiting(asked, await threeKeys());
    const foreign = () => rotate(project, platformKeyId, { envelope: strangers });
    await expectRefusal(project, foreign, "signatures-missing", /0 of the 2 owners' keys/);

    const enough = await signAwaiting(asked, owners.slice(0, 2));
    const done = (await rotate(project, platformKeyId, { envelope: enough })).expect(200, rotatedKeySchema);
    expect((await project.facts()).platformKeyId).toBe(done.successor.keyId);
    await project.ship(await makeGreeter(project.key, "signed by the successor"));
  });

  test("a newly trusted key and other thresholds need them, too, and what they sign is what is done", async () => {
    const { projectId } = project;
    const [newcomer, other] = await threeKeys();
    if (!newcomer || !other) throw new Error("keys");
    const add = (key: PrivateKey, more: object = {}) =>
      api.post("/api/keys", { name: "new", publicKey: publicText(key), projectId, roles: ["gate"], ...more });
    const asked = (await add(newcomer)).expect(202, awaitingSignaturesSchema);
    const envelope = await signAwaiting(asked, owners.slice(0, 2));
    const swapped = () => add(other, { envelope });
    await expectRefusal(project, swapped, "signatures-missing", /not what is asked for now/);
    const widened = () => add(newcomer, { envelope, roles: ["gate", "builder"] });
    await expectRefusal(project, widened, "signatures-missing", /not what is asked for now/);
    (await add(newcomer, { envelope })).expect(201, addedKeySchema);
    const replay = () => add(newcomer, { envelope, roles: ["builder"] });
    await expectRefusal(project, replay, "trust-moved", /revision/);

    const { revision } = await trustOf(project);
    const set = (more: object = {}) =>
      api.send("PUT", project.path("/keys/thresholds"), {
        json: { thresholds: { gate: 1 }, expectedRevision: revision, ...more },
      });
    const thresholds = (await set()).expect(202, awaitingSignaturesSchema);
    const signed = await signAwaiting(thresholds, owners.slice(1));
    (await set({ envelope: signed })).expect(200, projectKeysSchema);
    const history = (await api.get(project.path("/keys/history?limit=2"))).expect(200, trustHistorySchema);
    expect(history.items.map(({ change, envelope: proof }) => [change, proof?.signatures.length])).toEqual([
      ["thresholds", 2],
      ["trusted", 2],
    ]);
  });

  test("taking trust away needs nobody else", async () => {
    const own = await makeProjectWithOwners();
    const revoked = await api.post(`/api/keys/${await idOf(own.key)}/revoke`, {
      projectId: own.projectId,
      reason: "lost laptop",
    });
    revoked.expect(200, revokedKeySchema);
    expect(await stateOf(own, await idOf(own.key))).toMatchObject({ kind: "revoked" });
  });

  test("an owner's key that is revoked no longer counts", async () => {
    const { projectId } = project;
    const [lost, kept, also] = owners;
    if (!lost || !kept || !also) throw new Error("three owners");
    const publicKey = publicText(lost);
    (await api.post("/api/keys", { name: "owner", publicKey })).expect(201, addedKeySchema);
    const lostId = await idOf(lost);
    expectProblem(await api.send("DELETE", `/api/keys/${lostId}`), "conflict", /owners' keys/);
    expectProblem(await api.post(`/api/keys/${lostId}/rotate`, { reason: "x" }), "conflict", /owners' keys/);
    (await api.post(`/api/keys/${lostId}/revoke`, { reason: "stolen" })).expect(200, revokedKeySchema);
    const listed = (await api.get("/api/owner-keys")).expect(200, ownerKeysAnswerSchema);
    expect(listed.keys.filter(({ isRetired }) => isRetired).map(({ keyId }) => keyId)).toEqual([lostId]);

    const newcomer = await newKey();
    const json = { name: "late", publicKey: publicText(newcomer), projectId };
    const asked = (await api.post("/api/keys", json)).expect(202, awaitingSignaturesSchema);
    expect(asked.needs.owners.keyIds).not.toContain(lostId);
    const withLost = await signAwaiting(asked, [lost, kept]);
    const refused = () => api.post("/api/keys", { ...json, envelope: withLost });
    await expectRefusal(project, refused, "signatures-missing", /1 of the 2/);
    const withKept = await signAwaiting(asked, [kept, also]);
    (await api.post("/api/keys", { ...json, envelope: withKept })).expect(201, addedKeySchema);
    owners = [kept, also];
  });

  /** Trusting its key needs the owners. */
  async function makeProjectWithOwners(): Promise<TestProject> {
    const own = await makeProject(api).catch(() => null);
    if (own !== null) throw new Error("a key was trusted without the owners");
    const { items } = (await api.get("/api/projects?limit=1")).expect(200, pageSchema(projectSchema));
    const projectId = items[0]?.projectId ?? "";
    const key = await newKey();
    const made = new TestProject(api, { projectId, label: "" }, key);
    const json = { name: "e2e", publicKey: publicText(key), projectId };
    const asked = (await api.post("/api/keys", json)).expect(202, awaitingSignaturesSchema);
    const envelope = await signAwaiting(asked, owners);
    (await api.post("/api/keys", { ...json, envelope })).expect(201, addedKeySchema);
    return made;
  }
});

describe("[S9] a key of the whole organization", () => {
  test("rotated or revoked without naming a project changes every project that trusts it, and asking again changes nothing", async () => {
    const projects = await Promise.all([makeProject(api), makeProject(api)]);
    const bystander = await makeProject(api);
    const made = (await api.post("/api/keys", { name: "shared", make: true })).expect(201, addedKeySchema);
    for (const { projectId } of projects) {
      const json = { name: "shared", publicKey: made.publicKey, projectId };
      (await api.post("/api/keys", json)).expect(201, addedKeySchema);
    }
    const untouched = await trustOf(bystander);
    const ask = () => api.post(`/api/keys/${made.keyId}/rotate`, { reason: "yearly" });
    const done = (await ask()).expect(200, rotatedKeySchema);
    expect(done.successor).toMatchObject({ isInVault: true, name: "shared" });
    expect(done.projects.map(({ projectId }) => projectId).sort()).toEqual(
      projects.map(({ projectId }) => projectId).sort(),
    );
    for (const project of projects) {
      expect(await stateOf(project, made.keyId)).toMatchObject({ kind: "rotated" });
      const line = (await trustOf(project)).items.find(({ keyId }) => keyId === done.successor.keyId);
      expect(line).toMatchObject({ roles: ["builder"], isInVault: true });
    }
    expect(await trustOf(bystander)).toEqual(untouched);
    const again = (await ask()).expect(200, rotatedKeySchema);
    expect(again).toMatchObject({ successor: { keyId: done.successor.keyId }, projects: [] });

    const publicKey = made.publicKey;
    expectProblem(
      await api.post("/api/keys", { name: "back", publicKey }),
      "conflict",
      /was rotated already/,
    );
    const successorId = done.successor.keyId;
    const compromisedSince = Date.now() - 60_000;
    const revoke = (more: object) =>
      api.post(`/api/keys/${successorId}/revoke`, { reason: "leaked", ...more });
    const revoked = (await revoke({ compromisedSince })).expect(200, revokedKeySchema);
    expect(revoked.projects).toHaveLength(2);
    expect((await revoke({ compromisedSince })).expect(200, revokedKeySchema).projects).toEqual([]);
    expectProblem(await revoke({}), "conflict", /leaked earlier/);
    expectProblem(await revoke({ compromisedSince: Date.now() + 60_000 }), "validation", /future/);
    const listed = (await api.get("/api/keys")).expect(200, pageSchema(keySchema)).items;
    expect(listed.find(({ keyId }) => keyId === successorId)?.state).toMatchObject({
      kind: "revoked",
      compromisedSince,
      reason: "leaked",
    });
    expect(listed.find(({ keyId }) => keyId === made.keyId)?.state).toMatchObject({
      kind: "rotated",
      successorKeyId: successorId,
    });
  });

  test("outside signs for the organization, at the revision of its owners' keys; a project's statement does not do", async () => {
    const key = await newKey();
    const keyId = await idOf(key);
    const project = await makeProject(api);
    const { projectId } = project;
    const publicKey = publicText(key);
    (await api.post("/api/keys", { name: "hsm", publicKey, projectId })).expect(201, addedKeySchema);
    const newPublicKey = publicText(await newKey());
    const everywhere = (more: object = {}) =>
      api.post(`/api/keys/${keyId}/rotate`, { reason: "yearly", ...more });
    const ofProject = await rotate(project, keyId, { newPublicKey });
    const forProject = await signAwaiting(ofProject.expect(202, awaitingSignaturesSchema), [key]);
    const refused = () => everywhere({ envelope: forProject });
    await expectRefusal(project, refused, "signatures-missing", /is for the project/);
    const asked = (await everywhere({ newPublicKey })).expect(202, awaitingSignaturesSchema);
    const envelope = await signAwaiting(asked, [key]);
    const replayed = () => rotate(project, keyId, { envelope });
    await expectRefusal(project, replayed, "signatures-missing", /is for the organization/);
    const done = (await everywhere({ envelope })).expect(200, rotatedKeySchema);
    expect(done.projects.map((changed) => changed.projectId)).toEqual([projectId]);
  });
});
