// A platform of a bench's own, and what a bench does with it, as the command line does.
import { PlatformClient } from "../cli/http/client.ts";
import { packFolder } from "../cli/pack/pack-folder.ts";
import { pushCapsule } from "../cli/push/push-capsule.ts";
import { toBase64 } from "../core/capsule/bytes.ts";
import { generateKeyPair, type PrivateKey } from "../core/signing/ed25519.ts";
import type { Deploy, DeployDetail } from "../schemas/api/deploys.ts";
import type { ProjectSummary } from "../schemas/api/projects.ts";
import type { StateFolder } from "../scripts/platform/state-folder.ts";
import { startTemporaryPlatform } from "../scripts/platform/temporary-platform.ts";

export type BenchPlatform = {
  readonly state: StateFolder;
  readonly port: number;
  readonly client: PlatformClient;
  readonly stop: () => Promise<void>;
};

export type BenchProject = {
  readonly projectId: string;
  readonly label: string;
  readonly key: PrivateKey;
  /** Where its dev environment answers. */
  readonly host: string;
};

const LOG_WAIT_MS = 10_000;

export async function startBenchPlatform(say: (line: string) => void): Promise<BenchPlatform> {
  const { state, token, stop } = await startTemporaryPlatform({ say });
  const client = new PlatformClient({ url: new URL(`http://127.0.0.1:${state.port}`), token });
  return { state, port: state.port, client, stop };
}

/** A project that trusts a key made for it. */
export async function makeProject({ client }: BenchPlatform, label: string): Promise<BenchProject> {
  const { projectId } = await client.post<ProjectSummary>("/api/projects", { label });
  const key = await generateKeyPair((bytes) => crypto.getRandomValues(bytes));
  const publicKey = toBase64(key.publicKey);
  await client.post("/api/keys", { name: "bench", publicKey, projectId, roles: ["builder"] });
  return { projectId, label, key, host: `${label}--dev.apps.localhost` };
}

/** Packs a folder, pushes it and deploys it to dev; resolves with the run when it has ended well. */
export async function ship(
  { client }: BenchPlatform,
  { projectId, key }: BenchProject,
  folder: string,
): Promise<DeployDetail> {
  const capsule = await packFolder({ folder, key, parents: [] });
  await pushCapsule({ client, projectId, capsule, branch: "main" });
  const request = { projectId, capsuleDigest: capsule.capsuleDigest, env: "dev" };
  const { deployId } = await client.post<{ deployId: string }>("/api/deploys", request);
  for (let since = 0; ; ) {
    const page = await client.get<{ nextSince: number; status: Deploy["status"] }>(
      `/api/deploys/${deployId}/logs`,
      { since, waitMs: LOG_WAIT_MS },
    );
    since = page.nextSince;
    if (page.status !== "queued" && page.status !== "running") break;
  }
  const run = await client.get<DeployDetail>(`/api/deploys/${deployId}`);
  if (run.status !== "done") throw new Error(`the deploy ended as ${run.status}: ${run.failure?.message}`);
  return run;
}
