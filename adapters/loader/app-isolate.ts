// A hosted app in an isolate of its own. Its id is the hash of everything that the isolate is made of: the loader caches
// by id alone, so two tenants, two artifacts or two configurations that shared one would share an isolate.

import { fromBase64, overArrayBuffer } from "../../core/capsule/bytes.ts";
import { computeJsonDigest, digestHex } from "../../core/capsule/digest.ts";
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { createMask, type Mask } from "../../core/secrets/mask.ts";
import type { ModulePack } from "../../schemas/artifact.ts";
import type { BlobReader } from "../blobs/blob-store.ts";
import { type OpenedSecrets, openProjectSecrets, type SecretsEnv } from "../vault/project-secrets.ts";
import { keepMask, peekMask } from "./app-mask.ts";
import { LOG_BINDING, wrapEntry } from "./app-recorder.ts";
import { readArtifact, readConfiguration, readModulePack } from "./build-store.ts";

/** Nothing is granted yet; a grant will make another revision, and so another isolate. */
const EGRESS_REVISION = 0;

/** What production enforces (PLATFORM-NOTES.md: not enforced locally). */
const LIMITS = { cpuMs: 10_000, subRequests: 50 };

const ASYNC_CONTEXT_FLAG = "nodejs_als";

/** Begins the message of a failure to load: the platform's fault, not the app's. */
export const NOT_LOADED = "the platform could not load the app";

/** Ids are hashed once for each app and isolate. */
const MAX_CACHED_IDS = 1_000;
const idsByApp = new Map<string, string>();

/** The loader remembers a failed load under its id for ever, so the next try needs another one. */
const failedLoads = new Map<string, number>();

export type AppIdentity = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly environment: string;
  /** Prefixed digests. */
  readonly artifactDigest: string;
  readonly configurationDigest: string;
  /** Of the environment's secrets: a changed secret is another isolate. */
  readonly secretsRevision: number;
  /** In a simulation each life of each node is another isolate (ARCHITECTURE.md "Visit"). */
  readonly life?: {
    readonly simulation: string;
    readonly node: string;
    readonly incarnation: number;
  };
};

/** Whose log it is that an app writes to, and what must never stand in it. */
export type AppLogProps = Omit<AppIdentity, "configurationDigest" | "secretsRevision" | "life"> & {
  readonly isolateId: string;
  /** The values that this very isolate was given, also when the secret has been changed since. */
  readonly secretValues: readonly string[];
};

/** `ctx.exports` of the Worker or of a Durable Object, as far as it matters here. */
type LoopbackExports = { readonly AppLogWriter?: (options: { props: AppLogProps }) => Fetcher };

/** Opens the secrets of one environment, for who must not hold the vault's keys. */
export type SecretsOpener = {
  readonly openSecrets: (names: readonly string[]) => Promise<OpenedSecrets>;
};

export type LoaderEnv = (SecretsEnv | SecretsOpener) &
  Pick<Cloudflare.Env, "LOADER"> & { readonly BLOBS: BlobReader };

/**
 * The app, started when it is not running yet: then its code is read from the store and its secrets are opened.
 * It gets its plain variables and the secrets that it declares, and nothing else; it cannot reach the network; what it
 * prints and throws goes to its log.
 * Failures to start come out of the first `fetch`.
 */
export async function openApp(env: LoaderEnv, exports: object, identity: AppIdentity): Promise<Fetcher> {
  const id = await isolateId(identity);
  // A life in a simulation is lived once: nobody asks for its isolate again, and the loader keeps what it knows by an id.
  if (identity.life !== undefined) {
    return env.LOADER.load(await loadOrFail(env, exports, identity, id)).getEntrypoint();
  }
  const attempt = failedLoads.get(id) ?? 0;
  const stub = env.LOADER.get(attempt === 0 ? id : `${id}-${attempt}`, async () => {
    try {
      return await loadOrFail(env, exports, identity, id);
    } catch (error) {
      failedLoads.set(id, attempt + 1);
      throw error;
    }
  });
  return stub.getEntrypoint();
}

/** The loader id of an app (ARCHITECTURE.md "Visit"). */
export async function isolateId(identity: AppIdentity): Promise<string> {
  const { projectId, environment, artifactDigest, configurationDigest, secretsRevision, life } = identity;
  const named = { projectId, environment, artifactDigest, configurationDigest, secretsRevision, ...life };
  const key = Object.values(named).join(" ");
  const known = idsByApp.get(key);
  if (known !== undefined) return known;
  const id = digestHex(await computeJsonDigest({ ...named, egressRevision: EGRESS_REVISION }, webHashing));
  if (idsByApp.size >= MAX_CACHED_IDS) idsByApp.clear();
  idsByApp.set(key, id);
  return id;
}

/** What to take out of whatever came out of an app's isolate before it is written down or told. */
export async function maskOf(env: LoaderEnv, identity: AppIdentity): Promise<Mask> {
  const id = await isolateId(identity);
  const known = peekMask(id);
  if (known !== null) return known;
  const { secrets } = await readConfiguration(env.BLOBS, identity.configurationDigest);
  // Not kept: a secret may have been changed since that isolate was given it.
  return createMask(Object.values((await openNamed(env, identity, secrets)).values));
}

async function loadOrFail(
  env: LoaderEnv,
  exports: object,
  identity: AppIdentity,
  id: string,
): Promise<WorkerLoaderWorkerCode> {
  try {
    return await loadCode(env, exports, identity, id);
  } catch (error) {
    throw new Error(`${NOT_LOADED}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function loadCode(
  env: LoaderEnv,
  exports: LoopbackExports,
  identity: AppIdentity,
  isolateId: string,
): Promise<WorkerLoaderWorkerCode> {
  const [artifact, modulePack, configuration] = await Promise.all([
    readArtifact(env.BLOBS, identity.artifactDigest),
    readModulePack(env.BLOBS, identity.artifactDigest),
    readConfiguration(env.BLOBS, identity.configurationDigest),
  ]);
  if (artifact.entry === null) throw new Error("a static app has no isolate");
  if (exports.AppLogWriter === undefined) throw new Error("the Worker does not export AppLogWriter");
  const secrets = await openSecrets(env, identity, configuration.secrets);
  const secretValues = Object.values(secrets);
  keepMask(isolateId, secretValues);
  const { organizationId, projectId, environment, artifactDigest } = identity;
  const props = { organizationId, projectId, environment, artifactDigest, isolateId, secretValues };
  const wrapped = wrapEntry(artifact.entry);
  const modules = modulePack.modules.map((module) => [module.name, toLoaderModule(module)] as const);
  return {
    compatibilityDate: artifact.runtime.compatibilityDate,
    compatibilityFlags: withAsyncContext(artifact.runtime.compatibilityFlags),
    mainModule: wrapped.mainModule,
    modules: { ...Object.fromEntries(modules), ...wrapped.modules },
    env: { ...configuration.env, ...secrets, [LOG_BINDING]: exports.AppLogWriter({ props }) },
    globalOutbound: null,
    limits: LIMITS,
  };
}

/**
 * The declared secrets, as they stand now. Newer ones than the identity's revision do no harm: whoever has seen that
 * revision asks for another isolate. Older ones would stay under its id for ever, so they are a failed load.
 */
async function openSecrets(
  env: LoaderEnv,
  identity: AppIdentity,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (names.length === 0) return {};
  const { revision, values } = await openNamed(env, identity, names);
  if (revision >= identity.secretsRevision) return values;
  throw new Error(
    `the secrets of ${identity.environment} stand at revision ${revision}, not ${identity.secretsRevision} yet`,
  );
}

async function openNamed(
  env: LoaderEnv,
  identity: AppIdentity,
  names: readonly string[],
): Promise<OpenedSecrets> {
  return "openSecrets" in env ? await env.openSecrets(names) : await openProjectSecrets(env, identity, names);
}

/** The recorder tells visits apart by AsyncLocalStorage. */
function withAsyncContext(flags: readonly string[]): string[] {
  return flags.includes("nodejs_compat") || flags.includes(ASYNC_CONTEXT_FLAG)
    ? [...flags]
    : [...flags, ASYNC_CONTEXT_FLAG];
}

function toLoaderModule(module: ModulePack["modules"][number]): WorkerLoaderModule {
  switch (module.type) {
    case "js":
      return { js: module.content };
    case "text":
      return { text: module.content };
    case "json":
      return { json: JSON.parse(module.content) };
    case "data":
      return { data: decodeData(module) };
  }
}

function decodeData(module: ModulePack["modules"][number]): ArrayBuffer {
  const bytes = fromBase64(module.content);
  if (bytes === null) throw new Error(`the data module ${module.name} is not base64`);
  return overArrayBuffer(bytes).buffer;
}
