// An organization with a project, and the ways bytes come into it, as the API's routes take them.
import { env } from "cloudflare:workers";
import { acceptCapsule, findMissing } from "../../../adapters/capsules/accept-capsule.ts";
import { findReceiptsIn } from "../../../adapters/capsules/find-receipts.ts";
import { storeSnapshot } from "../../../adapters/capsules/snapshots.ts";
import { takeBlobs } from "../../../adapters/capsules/take-blobs.ts";
import { takeContainer } from "../../../adapters/capsules/take-container.ts";
import { verifyStoredCapsule } from "../../../adapters/capsules/verify-stored.ts";
import { leasePossessed } from "../../../adapters/database/blobs.ts";
import { readableFrom } from "../../../adapters/streams/readable-from.ts";
import { canonicalBytes } from "../../../core/capsule/canonical-json.ts";
import {
  type CapsuleFixture,
  fixtureKey,
  inChunks,
  makeCapsule,
  trustIn,
} from "../../../core/capsule/capsule-fixture.ts";
import { settingsOf } from "../../../core/capsule/digest.ts";
import type { ActorRef } from "../../../schemas/event.ts";
import { openDatabase } from "../open-database.ts";

export type StoreEnv = Pick<Cloudflare.Env, "DB" | "BLOBS" | "PROJECTS">;

const ACTOR: ActorRef = { kind: "user", id: "usr_test" };

let count = 0;

export type Tenant = { readonly organizationId: string; readonly projectId: string };

export async function makeTenant(): Promise<Tenant> {
  await openDatabase();
  count += 1;
  const tenant = { organizationId: `org_${count}`, projectId: `prj_${count}` };
  await env.DB.batch([
    env.DB.prepare("INSERT INTO organization (id, name, slug, createdAt) VALUES (?1, ?1, ?1, 0)").bind(
      tenant.organizationId,
    ),
    env.DB.prepare("INSERT INTO host_labels (label, projectId, createdAt) VALUES (?1, ?1, 0)").bind(
      tenant.projectId,
    ),
    env.DB.prepare(
      "INSERT INTO projects (id, orgId, label, name, createdAt, createdBy) VALUES (?1, ?2, ?1, ?1, 0, 'usr_test')",
    ).bind(tenant.projectId, tenant.organizationId),
  ]);
  const { keys } = await trustIn([await fixtureKey(1)]);
  const [key] = keys;
  if (key === undefined) throw new Error("the fixture has a key");
  await env.PROJECTS.getByName(tenant.projectId).create({
    organizationId: tenant.organizationId,
    label: tenant.projectId,
    platformKey: key,
    actor: ACTOR,
  });
  return tenant;
}

/** A capsule of these texts; the version makes it another one. */
export function capsuleOf(texts: readonly string[], version: number): Promise<CapsuleFixture> {
  const files = texts.map((text, index) => ({ path: `file-${index}.txt`, text }));
  return makeCapsule(files, { version: `1.0.${version}`, app: { framework: "static" } });
}

/** By digest: files and the documents that are carried. */
export function blobsOf(capsule: CapsuleFixture): Map<string, Uint8Array> {
  const { manifest, files, attestations } = capsule;
  return new Map([
    ...manifest.files.map(({ path, sha256 }) => [sha256, files.get(path) ?? new Uint8Array()] as const),
    ...manifest.attestations.map(
      ({ path, sha256 }) => [sha256, attestations.get(path) ?? new Uint8Array()] as const,
    ),
  ]);
}

export async function missing(store: StoreEnv, tenant: Tenant, capsule: CapsuleFixture): Promise<string[]> {
  return await findMissing(store.DB, tenant, capsule.manifest);
}

/** Throws when the collector holds them. */
export async function put(
  store: StoreEnv,
  tenant: Tenant,
  capsule: CapsuleFixture,
  digests: readonly string[],
): Promise<void> {
  const blobs = blobsOf(capsule);
  const parts = digests.map((sha256) => ({ sha256, bytes: blobs.get(sha256) ?? new Uint8Array() }));
  const taken = await takeBlobs(store, tenant, parts);
  if (!taken.ok) throw new Error(taken.reason.code);
}

export async function finalise(store: StoreEnv, tenant: Tenant, capsule: CapsuleFixture) {
  const object = store.PROJECTS.getByName(tenant.projectId);
  return await acceptCapsule(store, object, {
    ...tenant,
    userId: "usr_test",
    actor: ACTOR,
    manifestBytes: canonicalBytes(capsule.manifest),
    envelopes: capsule.envelopes,
    branch: null,
    message: "",
  });
}

export async function push(store: StoreEnv, tenant: Tenant, capsule: CapsuleFixture) {
  await put(store, tenant, capsule, await missing(store, tenant, capsule));
  return await finalise(store, tenant, capsule);
}

/** The whole `.caps` in one request. */
export async function upload(store: StoreEnv, tenant: Tenant, capsule: CapsuleFixture) {
  const object = store.PROJECTS.getByName(tenant.projectId);
  const chunks = readableFrom(inChunks(capsule.container));
  const taken = await takeContainer(store, tenant, chunks, {
    trust: await object.trustRecord(),
    findReceipts: findReceiptsIn(store.BLOBS, object),
  });
  if (!taken.ok) throw new Error(JSON.stringify(taken.reason));
  return await finalise(store, tenant, capsule);
}

/** Commits the capsule's files to a new branch, without the capsule; false when some have not been put. */
export async function commit(store: StoreEnv, tenant: Tenant, capsule: CapsuleFixture, branch: string) {
  const { files } = capsule.manifest;
  const wanted = files.map(({ sha256 }) => sha256);
  const possessed = await leasePossessed(store.DB, tenant, wanted, Date.now());
  if (wanted.some((sha256) => !possessed.has(sha256))) return false;
  const snapshot = await storeSnapshot(store.BLOBS, { files, settings: settingsOf(capsule.manifest) });
  const object = store.PROJECTS.getByName(tenant.projectId);
  const committed = await object.commit({
    branch,
    expectedHead: 0,
    snapshot,
    capsuleDigest: null,
    message: "",
    actor: ACTOR,
  });
  return committed.ok;
}

/** Every byte again, from the store. */
export async function verifyAgain(tenant: Tenant, capsule: CapsuleFixture) {
  const object = env.PROJECTS.getByName(tenant.projectId);
  const trust = await object.trustRecord();
  return await verifyStoredCapsule(env, {
    ...tenant,
    capsuleDigest: capsule.capsuleDigest,
    trust,
    findReceipts: findReceiptsIn(env.BLOBS, object),
    isReread: true,
  });
}

/** What lies in the store now. */
export async function storedBlobs(): Promise<Set<string>> {
  const { objects } = await env.BLOBS.list({ prefix: "blobs/" });
  return new Set(objects.map(({ key }) => key.slice("blobs/".length)));
}
