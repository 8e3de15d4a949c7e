// Capsules for the tests, made from plain text and put where a deploy puts them.
import { env, exports } from "cloudflare:workers";
import { compileApp } from "../../../adapters/build/compile-app.ts";
import { type AppIdentity, openApp } from "../../../adapters/loader/app-isolate.ts";
import { storeBuild } from "../../../adapters/loader/build-store.ts";
import { toHex } from "../../../core/capsule/bytes.ts";
import { webHashing } from "../../../core/capsule/web-hashing.ts";
import type { Manifest } from "../../../schemas/manifest.ts";
import { openDatabase } from "../open-database.ts";

export type Sources = Readonly<Record<string, string | Uint8Array>>;

export type AppChanges = {
  readonly app?: Partial<Manifest["app"]>;
  readonly manifest?: Partial<Manifest>;
};

export type MadeCapsule = {
  readonly manifest: Manifest;
  readonly readFile: (sha256: string) => Promise<Uint8Array>;
  readonly blobs: ReadonlyMap<string, Uint8Array>;
};

export async function makeCapsule(sources: Sources, changes: AppChanges = {}): Promise<MadeCapsule> {
  const blobs = new Map<string, Uint8Array>();
  const files: Manifest["files"] = [];
  for (const path of Object.keys(sources).sort()) {
    const source = sources[path] ?? "";
    const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
    const sha256 = toHex(await webHashing.sha256(bytes));
    blobs.set(sha256, bytes);
    files.push({ path, mode: "file", sizeBytes: bytes.byteLength, sha256 });
  }
  const manifest: Manifest = {
    _type: "urn:oursynth:capsule:v1",
    id: "urn:oursynth:app:test@1.0.0",
    name: "test",
    version: "1.0.0",
    createdAt: 0,
    createdBy: null,
    app: {
      framework: "hono",
      runtime: { compatibilityDate: "2026-10-01", compatibilityFlags: [] },
      entry: "src/index.ts",
      assets: null,
      node: null,
      env: {},
      secrets: [],
      outbound: [],
      health: "/",
      ...changes.app,
    },
    services: [],
    build: { steps: [], outDir: null, lockfile: null, environment: {} },
    seeds: [],
    ui: null,
    attestations: [],
    rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true, scope: null },
    compatibility: { platform: "*" },
    parents: [],
    files,
    ...changes.manifest,
  };
  const readFile = async (sha256: string): Promise<Uint8Array> => {
    const bytes = blobs.get(sha256);
    if (bytes === undefined) throw new Error(`no such file: ${sha256}`);
    return bytes;
  };
  return { manifest, readFile, blobs };
}

export async function compile(sources: Sources, changes: AppChanges = {}) {
  const capsule = await makeCapsule(sources, changes);
  return await compileApp({ ...capsule, hashing: webHashing });
}

let projectCount = 0;

/** Compiles, stores the build and the blobs; the app then belongs to a project of its own. */
export async function deploy(
  sources: Sources,
  changes: AppChanges = {},
  projectId = `prj_test${++projectCount}`,
): Promise<AppIdentity> {
  const capsule = await makeCapsule(sources, changes);
  const compiled = await compileApp({ ...capsule, hashing: webHashing });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.reason));
  for (const [sha256, bytes] of capsule.blobs) await env.BLOBS.put(`blobs/${sha256}`, bytes, { sha256 });
  const stored = await storeBuild(env.BLOBS, compiled.value, webHashing);
  return { organizationId: "org_test", projectId, environment: "dev", secretsRevision: 0, ...stored };
}

export async function open(identity: AppIdentity): Promise<Fetcher> {
  return await openApp(env, exports, identity);
}

/** What the app's owner reads, once at least one line is there. */
export async function readLog(identity: AppIdentity, requestId?: string) {
  const log = env.APP_LOGS.getByName(`${identity.projectId}/${identity.environment}`);
  return await log.read({
    limit: 100,
    since: 0,
    waitMs: 3_000,
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** Publishes a build at a hostname of its own, as an activation does. */
export async function publish(
  identity: AppIdentity,
  hostname = `${identity.projectId.slice(4)}--dev.apps.localhost`,
) {
  await openDatabase();
  const { organizationId, projectId, environment, artifactDigest, configurationDigest } = identity;
  await env.DB.batch([
    env.DB.prepare(
      "INSERT OR IGNORE INTO organization (id, name, slug, createdAt) VALUES (?1, ?1, ?1, 0)",
    ).bind(organizationId),
    env.DB.prepare("INSERT OR IGNORE INTO host_labels (label, projectId, createdAt) VALUES (?1, ?1, 0)").bind(
      projectId,
    ),
    env.DB.prepare(
      "INSERT OR IGNORE INTO projects (id, orgId, label, name, createdAt, createdBy) VALUES (?1, ?2, ?1, ?1, 0, 'usr_test')",
    ).bind(projectId, organizationId),
    env.DB.prepare("INSERT OR REPLACE INTO hostnames VALUES (?, ?, ?, ?, ?, ?, ?, 1)").bind(
      hostname,
      organizationId,
      projectId,
      environment,
      artifactDigest,
      configurationDigest,
      artifactDigest,
    ),
  ]);
  return hostname;
}

/** A visit through the whole Worker. Redirects are not followed. */
export async function visit(hostname: string, path = "/", init: RequestInit = {}): Promise<Response> {
  const { HostingFixture } = exports as { readonly HostingFixture?: Fetcher };
  if (HostingFixture === undefined) throw new Error("the main module is not the fixture worker");
  return await HostingFixture.fetch(
    new Request(`https://${hostname}${path}`, { redirect: "manual", ...init }),
  );
}

/** Deploys and publishes in one step. */
export async function launch(sources: Sources, changes: AppChanges = {}) {
  const identity = await deploy(sources, changes);
  return { identity, hostname: await publish(identity) };
}

export const STATIC_APP = { framework: "static", entry: null } as const;
