// Organizations, members and tokens, straight into D1, and a caller of the API.
import { env, exports } from "cloudflare:workers";
import { crc32 } from "node:zlib";
import { ALL_SCOPES, type MemberRole, toPermissionTable } from "../../../schemas/permissions.ts";
import { hashToken, mintToken } from "../../../workers/identity/token-format.ts";
import { openDatabase } from "../open-database.ts";
import type { DoorFixture } from "./fixture-worker.ts";

const PLATFORM = "http://localhost:8787";
const PERMISSIONS = JSON.stringify(toPermissionTable(ALL_SCOPES));

let count = 0;

export class Caller {
  readonly token: string;
  readonly organizationId: string;
  readonly userId: string;

  constructor(token: string, organizationId: string, userId: string) {
    this.token = token;
    this.organizationId = organizationId;
    this.userId = userId;
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const door = (exports as unknown as { DoorFixture: Fetcher & typeof DoorFixture }).DoorFixture;
    const headers = { authorization: `Bearer ${this.token}`, ...init.headers };
    return await door.fetch(`${PLATFORM}${path}`, { ...init, method, headers });
  }

  /** POST of JSON with an Idempotency-Key. */
  async post(path: string, json: unknown, key?: string): Promise<Response> {
    const headers = {
      "content-type": "application/json",
      ...(key === undefined ? {} : { "idempotency-key": key }),
    };
    return await this.send("POST", path, { body: JSON.stringify(json), headers });
  }
}

/** An organization of its own with one member. */
export async function makeCaller(role: MemberRole = "owner"): Promise<Caller> {
  await openDatabase();
  count += 1;
  const [organizationId, userId] = [`org_${count}`, `usr_${count}`];
  await env.DB.batch([
    env.DB.prepare("INSERT INTO organization (id, name, slug, createdAt) VALUES (?1, ?1, ?1, 0)").bind(
      organizationId,
    ),
    env.DB.prepare(
      `INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?1, ?1, ?1, 1, 0, 0)`,
    ).bind(userId),
    env.DB.prepare(
      `INSERT INTO member (id, organizationId, userId, role, createdAt) VALUES (?1, ?2, ?3, ?4, 0)`,
    ).bind(`mem_${count}`, organizationId, userId, role),
  ]);
  return await addToken(organizationId, userId);
}

/** One token more for a member. */
export async function addToken(organizationId: string, userId: string): Promise<Caller> {
  count += 1;
  const token = mintToken((bytes) => crypto.getRandomValues(bytes), crc32);
  await env.DB.prepare(
    `INSERT INTO apikey (id, referenceId, key, enabled, permissions, metadata, lastRequest, createdAt, updatedAt)
     VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, 0, 0)`,
  )
    .bind(
      `tok_${count}`,
      userId,
      await hashToken(token),
      PERMISSIONS,
      JSON.stringify({ organizationId, projectId: null }),
      Date.now(),
    )
    .run();
  return new Caller(token, organizationId, userId);
}

export async function countRows(table: "projects" | "apikey" | "idempotency_keys"): Promise<number> {
  return (await env.DB.prepare(`SELECT count(*) AS count FROM ${table}`).first<number>("count")) ?? 0;
}
