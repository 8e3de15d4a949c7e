// A project of its own for a test file, with a key that it trusts, and the ways a client takes through it.
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import * as z from "zod";
import { nodeHashing } from "../../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../../core/capsule/bytes.ts";
import { verifyContainer } from "../../../core/capsule/verify-capsule.ts";
import type { PrivateKey } from "../../../core/signing/ed25519.ts";
import { addedKeySchema, projectKeysSchema } from "../../../schemas/api/access.ts";
import { acceptedSchema, capsuleFactsSchema, missingSchema } from "../../../schemas/api/capsules.ts";
import { pageSchema } from "../../../schemas/api/common.ts";
import {
  type Deploy,
  type DeployDetail,
  deployDetailSchema,
  deploySchema,
  deployStartedSchema,
  runLogLineSchema,
} from "../../../schemas/api/deploys.ts";
import { timelinePageSchema } from "../../../schemas/api/history.ts";
import { projectDetailSchema, projectSchema } from "../../../schemas/api/projects.ts";
import type { Environment } from "../../../schemas/environment.ts";
import type { TimelineEvent } from "../../../schemas/event.ts";
import type { VerificationReport } from "../../../schemas/verification.ts";
import { Answer, type ApiClient } from "./api-client.ts";
import { keepAnswer } from "./canary.ts";
import { type MadeCapsule, newKey } from "./capsule-maker.ts";

const logPageSchema = z.strictObject({
  items: z.array(runLogLineSchema),
  nextSince: z.int(),
  status: deploySchema.shape.status,
  phase: z.string(),
});
/** Waiting for a run ends after so many empty waits of 15 s: long past every limit of the platform. */
const MAX_WAITS = 8;

export class TestProject {
  readonly api: ApiClient;
  readonly projectId: string;
  readonly label: string;
  /** Trusted as a builder. */
  readonly key: PrivateKey;

  constructor(api: ApiClient, facts: { projectId: string; label: string }, key: PrivateKey) {
    this.api = api;
    this.projectId = facts.projectId;
    this.label = facts.label;
    this.key = key;
  }

  path(rest = ""): string {
    return `/api/projects/${this.projectId}${rest}`;
  }

  async missing(capsule: MadeCapsule): Promise<string[]> {
    const { projectId } = this;
    const answer = await this.api.post("/api/capsules/missing", { projectId, manifest: capsule.manifest });
    return answer.expect(200, missingSchema).missing;
  }

  putBlob(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<Answer> {
    return this.api.send("PUT", `/api/blobs/${sha256}?projectId=${this.projectId}`, { body: bytes });
  }

  putBatch(blobs: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>): Promise<Answer> {
    const form = new FormData();
    for (const [sha256, bytes] of blobs) form.append(sha256, new Blob([bytes]), sha256);
    return this.api.send("POST", `/api/blobs/batch?projectId=${this.projectId}`, { body: form });
  }

  finalise(capsule: Pick<MadeCapsule, "manifest" | "envelopes">, more: object = {}): Promise<Answer> {
    const { projectId } = this;
    const { manifest, envelopes } = capsule;
    return this.api.post("/api/capsules", { projectId, manifest, envelopes, ...more });
  }

  /** Negotiates, uploads what is missing, finalises. */
  async push(capsule: MadeCapsule, branch?: string) {
    const missing = new Set(await this.missing(capsule));
    const wanted = [...capsule.blobs].filter(([sha256]) => missing.has(sha256));
    if (wanted.length > 0) {
      const put = await this.putBatch(wanted);
      if (put.status !== 200) throw new Error(put.text);
    }
    const finalised = await this.finalise(capsule, branch === undefined ? {} : { branch });
    return finalised.expect(201, acceptedSchema);
  }

  async startDeploy(capsuleDigest: string, env: Environment): Promise<string> {
    const { projectId } = this;
    const answer = await this.api.post("/api/deploys", { projectId, capsuleDigest, env });
    return answer.expect(202, deployStartedSchema).deployId;
  }

  /** Pushes, deploys, and waits for the end, which must be good. */
  async ship(capsule: MadeCapsule, env: Environment = "dev"): Promise<DeployDetail> {
    await this.push(capsule);
    const run = await this.waitForDeploy(await this.startDeploy(capsule.capsuleDigest, env));
    if (run.status !== "done") throw new Error(`the deploy ended as ${run.status}: ${run.failure?.message}`);
    return run;
  }

  /** Downloads a capsule and verifies the container with the keys that the project trusts. */
  async verifyDownload(capsuleDigest: string): Promise<VerificationReport> {
    const download = await this.api.get(`/api/capsules/${capsuleDigest}/download`);
    const keys = (await this.api.get(this.path("/keys"))).expect(200, projectKeysSchema);
    return await verifyContainer(new Blob([new Uint8Array(download.bytes)]).stream(), {
      trust: {
        revision: keys.revision,
        keys: keys.items,
        thresholds: keys.thresholds,
      },
      hashing: nodeHashing,
      expectedDigest: capsuleDigest,
      hasParent: () => true,
    });
  }

  async waitForDeploy(deployId: string): Promise<DeployDetail> {
    let since = 0;
    for (let waits = 0; waits < MAX_WAITS; ) {
      const path = `/api/deploys/${deployId}/logs?since=${since}&waitMs=15000`;
      const page = (await this.api.get(path)).expect(200, logPageSchema);
      if (["done", "error", "cancelled"].includes(page.status)) return await this.deploy(deployId);
      waits += page.items.length === 0 ? 1 : 0;
      since = page.nextSince;
    }
    throw new Error(`the deploy ${deployId} did not end`);
  }

  async deploy(deployId: string): Promise<DeployDetail> {
    return (await this.api.get(`/api/deploys/${deployId}`)).expect(200, deployDetailSchema);
  }

  async facts() {
    return (await this.api.get(this.path())).expect(200, projectDetailSchema);
  }

  async environment(name: Environment) {
    const found = (await this.facts()).environments.find((environment) => environment.name === name);
    if (found === undefined) throw new Error(`no environment ${name}`);
    return found;
  }

  async capsules() {
    const answer = await this.api.get(this.path("/capsules?limit=200"));
    return answer.expect(200, pageSchema(capsuleFactsSchema)).items;
  }

  async deploys(): Promise<Deploy[]> {
    return (await this.api.get(this.path("/deploys?limit=200"))).expect(200, pageSchema(deploySchema)).items;
  }

  /** The whole timeline, page by page. */
  async events(query = ""): Promise<TimelineEvent[]> {
    const events: TimelineEvent[] = [];
    for (let cursor: string | null = "0"; cursor !== null; ) {
      const answer = await this.api.get(this.path(`/timeline?limit=500&cursor=${cursor}${query}`));
      const page: z.infer<typeof timelinePageSchema> = answer.expect(200, timelinePageSchema);
      events.push(...page.items);
      cursor = page.nextCursor;
    }
    return events;
  }

  /** Everything that a refused request must leave as it was. */
  async footprint() {
    const [facts, capsules, deploys] = await Promise.all([this.facts(), this.capsules(), this.deploys()]);
    return { facts, capsules, deploys };
  }

  async rename(name: string): Promise<void> {
    (await this.api.send("PATCH", this.path(), { json: { name } })).expect(200, projectSchema);
  }

  /** A visitor of the app. Node does not resolve `*.localhost`, so the host travels in its header. */
  visit(env: Environment, path = "/"): Promise<Answer> {
    const { port } = new URL(this.api.url);
    return askHost(Number(port), `${this.label}--${env}.apps.localhost`, path);
  }
}

/** Makes a project, and a key that it trusts. */
export async function makeProject(api: ApiClient): Promise<TestProject> {
  const label = `e2e-${randomBytes(6).toString("hex")}`;
  const { projectId } = (await api.post("/api/projects", { label })).expect(201, projectSchema);
  const key = await newKey();
  const publicKey = toBase64(key.publicKey);
  (await api.post("/api/keys", { name: "e2e", publicKey, projectId })).expect(201, addedKeySchema);
  return new TestProject(api, { projectId, label }, key);
}

/** GET over plain HTTP with a Host header of one's own. */
export function askHost(port: number, host: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, headers: { host: `${host}:${port}` }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const headers = new Headers();
          for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
          const bytes = new Uint8Array(Buffer.concat(chunks));
          keepAnswer(`GET ${host}${path}`, headers, bytes);
          resolve(new Answer(response.statusCode ?? 0, headers, bytes));
        });
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}
