// A platform in memory that speaks the contract of API.md, for the commands that speak HTTP. It checks nothing that
// the real one would: it answers what a test put in, and remembers what it was asked.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { writeContainer } from "../../core/capsule/container-writer.ts";
import {
  computeCapsuleDigest,
  computeContentDigest,
  computeSettingsDigest,
} from "../../core/capsule/digest.ts";
import { envelopeBytes } from "../../core/signing/dsse.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import type { Envelope } from "../../schemas/statement.ts";
import { acceptSocket, type ServerSocket } from "./socket-server.ts";

export const TOKEN = "ost_test";
export const PROJECT = "fair-share";

export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly json: unknown;
};
type Answer = { readonly status: number; readonly json: unknown } | { readonly bytes: Buffer };
type Route = (seen: SeenRequest, body: Buffer, request: IncomingMessage) => Answer | Promise<Answer>;

export class FakePlatform {
  readonly url: string;
  readonly seen: SeenRequest[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly capsules = new Map<string, { manifest: Manifest; envelopes: Envelope[] }>();
  readonly events: TimelineEvent[] = [];
  epoch = "epoch-1";
  head: string | null = null;
  /** Routes of a test's own, by `METHOD /path`; they come first. */
  readonly routes = new Map<string, Route>();
  onSocket: (socket: ServerSocket, request: IncomingMessage) => void = () => {};
  refuseUpgrade: number | null = null;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<FakePlatform> {
    const server = createServer((request, response) => void platform.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const platform = new FakePlatform(`http://localhost:${(server.address() as AddressInfo).port}`);
    server.on("upgrade", (request, stream) => {
      if (platform.refuseUpgrade === null) platform.onSocket(acceptSocket(request, stream), request);
      else
        stream.end(`HTTP/1.1 ${platform.refuseUpgrade} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return platform;
  }

  /** Answers `METHOD /path` with this value from now on. */
  reply(route: string, json: unknown, status = 200): void {
    this.routes.set(route, () => ({ status, json }));
  }

  problem(route: string, status: number, code: string, detail: string, more: object = {}): void {
    this.reply(
      route,
      { type: "about:blank", title: "No", status, code, detail, ok: false, error: detail, ...more },
      status,
    );
  }

  requestsTo(route: string): SeenRequest[] {
    return this.seen.filter(({ method, path }) => `${method} ${path}` === route);
  }

  addEvents(count: number): void {
    for (let index = 0; index < count; index++) {
      const seq = this.events.length + 1;
      this.events.push({
        seq,
        id: `evt_${seq}`,
        ts: 1_760_000_000_000 + seq,
        source: "project",
        type: "commit.created",
        data: { seq },
        salt: "",
        dataHash: "0".repeat(64),
        actor: { kind: "user", id: "usr_1" },
        runId: null,
        snapshot: null,
        prevHash: "0".repeat(64),
        hash: "0".repeat(64),
      });
    }
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", this.url);
    const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
    const seen = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      json: isJson ? JSON.parse(body.toString()) : null,
    };
    this.seen.push(seen);
    const answer = await this.#route(seen, body, request);
    if ("bytes" in answer) response.end(answer.bytes);
    else {
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.json));
    }
  }

  #route(seen: SeenRequest, body: Buffer, request: IncomingMessage): Answer | Promise<Answer> {
    const own = this.routes.get(`${seen.method} ${seen.path}`);
    if (own !== undefined) return own(seen, body, request);
    if (seen.path === "/health")
      return { status: 200, json: { ok: true, ts: Date.now(), version: "0.1.0", checks: { d1: true } } };
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return refusal(401, "unauthenticated", "No valid token.");
    const [, , first, second, third] = seen.path.split("/");
    if (seen.path === "/api/whoami") return { status: 200, json: whoami() };
    if (seen.path === `/api/projects/${PROJECT}`) return this.#project();
    if (seen.path === `/api/projects/${PROJECT}/timeline`) return this.#page(seen.query);
    if (seen.path === "/api/capsules/missing") return this.#missing(seen.json as { manifest: Manifest });
    if (seen.path === "/api/capsules")
      return this.#finalise(seen.json as { manifest: Manifest; envelopes: Envelope[]; branch?: string });
    if (first === "blobs" && second === "batch") return this.#putBatch(body, request);
    if (first === "blobs" && second !== undefined) return this.#put(second, body);
    if (first === "capsules" && second !== undefined && third === "download") return this.#download(second);
    return refusal(404, "not-found", `There is no ${seen.path}.`);
  }

  async #project(): Promise<Answer> {
    const stored = this.head === null ? undefined : this.capsules.get(this.head);
    const branches =
      stored === undefined
        ? []
        : [
            {
              name: "main",
              headSeq: 1,
              capsuleDigest: this.head,
              snapshot: {
                contentDigest: await computeContentDigest(stored.manifest.files, nodeHashing),
                settingsDigest: await computeSettingsDigest(stored.manifest, nodeHashing),
              },
            },
          ];
    return {
      status: 200,
      json: { projectId: "prj_1", label: PROJECT, name: "Fair share", branches, environments: [] },
    };
  }

  async #missing({ manifest }: { manifest: Manifest }): Promise<Answer> {
    const wanted = [...manifest.attestations, ...manifest.files].map(({ sha256 }) => sha256);
    const missing = [...new Set(wanted)].filter((sha256) => !this.blobs.has(sha256));
    return {
      status: 200,
      json: { capsuleDigest: await computeCapsuleDigest(manifest, nodeHashing), missing },
    };
  }

  #put(sha256: string, body: Buffer): Answer {
    if (createHash("sha256").update(body).digest("hex") !== sha256)
      return refusal(422, "digest-mismatch", "Other bytes.");
    this.blobs.set(sha256, body);
    return { status: 200, json: { sha256, sizeBytes: body.length, crc32: 0 } };
  }

  async #putBatch(body: Buffer, request: IncomingMessage): Promise<Answer> {
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    for (const [sha256, part] of form) {
      const bytes = typeof part === "string" ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
      const answer = this.#put(sha256, bytes);
      if ("status" in answer && answer.status !== 200) return answer;
    }
    return { status: 200, json: { items: [] } };
  }

  async #finalise(body: { manifest: Manifest; envelopes: Envelope[]; branch?: string }): Promise<Answer> {
    const { manifest, envelopes, branch } = body;
    const capsuleDigest = await computeCapsuleDigest(manifest, nodeHashing);
    this.capsules.set(capsuleDigest, { manifest, envelopes });
    if (branch === "main") this.head = capsuleDigest;
    return {
      status: 201,
      json: {
        capsuleDigest,
        contentDigest: await computeContentDigest(manifest.files, nodeHashing),
        id: manifest.id,
        acceptedBy: "usr_fake",
        eventSeq: 7,
      },
    };
  }

  async #download(digest: string): Promise<Answer> {
    const stored = this.capsules.get(digest);
    if (stored === undefined) return refusal(404, "not-found", "No such capsule.");
    const chunks: Uint8Array[] = [];
    const parts = {
      manifest: stored.manifest,
      attestations: new Map(
        stored.manifest.attestations.map(({ path, sha256 }) => [
          path,
          this.blobs.get(sha256) ?? new Uint8Array(),
        ]),
      ),
      envelopes: stored.envelopes.map(envelopeBytes),
      hashing: nodeHashing,
      openFile: ({ sha256 }: { sha256: string }) => this.blobs.get(sha256) ?? new Uint8Array(),
    };
    for await (const chunk of writeContainer(parts)) chunks.push(chunk.slice());
    return { bytes: Buffer.concat(chunks) };
  }

  #page(query: URLSearchParams): Answer {
    const since = Number(query.get("since"));
    const items = this.events.filter(({ seq }) => seq > since).slice(0, Number(query.get("limit")));
    return { status: 200, json: { items, nextCursor: null, lastSeq: this.events.length, epoch: this.epoch } };
  }
}

function refusal(status: number, code: string, detail: string): Answer {
  return { status, json: { status, code, detail, title: detail, ok: false, error: detail } };
}

function whoami(): object {
  return {
    user: { id: "usr_1", name: "Ada" },
    organization: { id: "org_1", name: "Ada's" },
    role: "owner",
    login: "token",
    tokenId: "tok_1",
    scopes: ["capsules:read", "capsules:write"],
    projectId: null,
  };
}
