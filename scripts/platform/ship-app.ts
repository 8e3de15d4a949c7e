// From a folder to a live app over the platform's own API, as the command line does it.

import { webcrypto } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { apiPath, type PlatformClient, ProblemError } from "../../cli/http/client.ts";
import { followDeploy } from "../../cli/http/follow-deploy.ts";
import { packFolder } from "../../cli/pack/pack-folder.ts";
import { pushCapsule } from "../../cli/push/push-capsule.ts";
import { generateKeyPair, type PrivateKey } from "../../core/signing/ed25519.ts";
import { formatPrivateKey, formatPublicKey, parsePrivateKey } from "../../core/signing/key-format.ts";
import type { CapsuleSummary } from "../../schemas/api/capsules.ts";
import type { DeployDetail } from "../../schemas/api/deploys.ts";
import type { ProjectDetail } from "../../schemas/api/projects.ts";
import type { Environment } from "../../schemas/environment.ts";
import { exists, type StateFolder, writePrivate } from "./state-folder.ts";

export type ShippedApp = {
  readonly url: string;
  readonly capsuleDigest: string;
  readonly artifactDigest: string;
  /** Files that travelled; 0 when nothing had changed since the last time. */
  readonly blobCount: number;
  readonly isNew: boolean;
};

export type ShipOptions = {
  readonly client: PlatformClient;
  readonly folder: string;
  readonly label: string;
  readonly environment: Environment;
  readonly key: PrivateKey;
  readonly reason: string;
};

/** The key that signs the demonstration's capsules: made at the first start, kept in the state folder. */
export async function makeDemoKey(state: StateFolder): Promise<PrivateKey> {
  if (await exists(state.demoKeyFile)) {
    const parsed = await parsePrivateKey(await readFile(state.demoKeyFile, "utf8"));
    if (parsed.ok) return parsed.value;
    throw new Error(
      `${state.demoKeyFile} is not a private key: ${parsed.reason.message}. Remove it to get a new one.`,
    );
  }
  const key = await generateKeyPair((bytes) => webcrypto.getRandomValues(bytes));
  await writePrivate(state.demoKeyFile, formatPrivateKey(key));
  await writeFile(state.demoPublicKeyFile, formatPublicKey(key.publicKey));
  return key;
}

/** The project with this label, made when it is not there, trusting the key as a builder. */
export async function ensureProject(
  client: PlatformClient,
  label: string,
  publicKey: Uint8Array,
): Promise<ProjectDetail> {
  let project = await findProject(client, label);
  if (project === null) {
    await client.requestJson(apiPath("projects"), { method: "POST", json: { label } });
    project = await client.get<ProjectDetail>(apiPath("projects", label));
  }
  if (await isTrusted(client, label, publicKey)) return project;
  await client.requestJson(apiPath("keys"), {
    method: "POST",
    json: { name: "demo key", publicKey: formatPublicKey(publicKey), projectId: label, roles: ["builder"] },
  });
  return project;
}

/** Packs, pushes and deploys; does nothing when the very same content is live already. */
export async function shipApp(options: ShipOptions): Promise<ShippedApp> {
  const { client, label, environment } = options;
  const project = await client.get<ProjectDetail>(apiPath("projects", label));
  const current = project.branches.find((branch) => branch.name === "main");
  const capsule = await packFolder({
    folder: options.folder,
    key: options.key,
    reason: options.reason,
    parents: current?.capsuleDigest == null ? [] : [current.capsuleDigest],
  });
  const state = project.environments.find((candidate) => candidate.name === environment);
  const live = state?.live ?? null;
  const isLive = live !== null && current?.capsuleDigest === live.capsuleDigest;
  const isSame =
    current?.snapshot.contentDigest === capsule.contentDigest &&
    current.snapshot.settingsDigest === capsule.settingsDigest;
  if (live !== null && isLive && isSame)
    return { ...live, url: state?.url ?? "", blobCount: 0, isNew: false };
  const pushed = await pushCapsule({
    client,
    projectId: label,
    capsule,
    branch: "main",
    message: options.reason,
  });
  const run = await deployCapsule(client, label, pushed.accepted, environment);
  const { url, capsuleDigest } = run;
  return {
    url,
    capsuleDigest,
    artifactDigest: run.artifactDigest ?? "",
    blobCount: pushed.blobCount,
    isNew: true,
  };
}

/** Deploys and waits for the end; throws with the run's reason when it fails. */
export async function deployCapsule(
  client: PlatformClient,
  label: string,
  capsule: Pick<CapsuleSummary, "capsuleDigest">,
  environment: Environment,
): Promise<DeployDetail> {
  const { deployId } = await client.requestJson<{ deployId: string }>(apiPath("deploys"), {
    method: "POST",
    json: { projectId: label, capsuleDigest: capsule.capsuleDigest, env: environment },
  });
  const run = await followDeploy(client, deployId, { onLine: () => undefined });
  if (run.status !== "done")
    throw new Error(`${label} was not deployed: ${run.failure?.message ?? run.status}`);
  return run;
}

async function isTrusted(client: PlatformClient, label: string, publicKey: Uint8Array): Promise<boolean> {
  const path = apiPath("projects", label, "keys");
  const { items } = await client.get<{ items: readonly { publicKey: string }[] }>(path);
  return items.some((key) => key.publicKey === Buffer.from(publicKey).toString("base64"));
}

async function findProject(client: PlatformClient, label: string): Promise<ProjectDetail | null> {
  try {
    return await client.get<ProjectDetail>(apiPath("projects", label));
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  }
}
