// Whoever may no longer read a project is dropped from its sockets and streams, and nobody else is.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Login } from "../../../adapters/database/actor.ts";
import type { WatcherLogin } from "../../../adapters/database/watchers.ts";
import { RECHECK_MS, WATCHER_HEADER } from "../../../durable-objects/project/watcher-access.ts";
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../../schemas/close-codes.ts";
import type { MemberRole, Scope } from "../../../schemas/permissions.ts";
import { recheckWatchers } from "../../../workers/identity/recheck-watchers.ts";
import { isStillAllowed } from "../../../workers/identity/still-allowed.ts";
import { actorOf } from "./organization.ts";
import { makeTenant, type Tenant } from "./tenant.ts";

const DAY_MS = 86_400_000;
const ACTOR = { kind: "user", id: "usr_test" } as const;
const CONTEXT = { waitUntil: () => undefined };

let tenant: Tenant;
let people = 0;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  tenant = await makeTenant();
});
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.close();
});

/** A member with this role, and a token and a session of theirs. */
async function addMember(role: MemberRole, tokenUntil: number | null = null) {
  people += 1;
  const userId = `usr_${people}`;
  const token: WatcherLogin = { kind: "token", id: `tok_${people}` };
  const session: WatcherLogin = { kind: "session", id: `ses_${people}` };
  const { organizationId } = tenant;
  const run = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values);
  await env.DB.batch([
    run(
      "INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?1, ?1, ?1, 1, 0, 0)",
      userId,
    ),
    run(
      "INSERT INTO member (id, organizationId, userId, role, createdAt) VALUES (?1, ?2, ?1, ?3, 0)",
      userId,
      organizationId,
      role,
    ),
    run(
      "INSERT INTO apikey (id, referenceId, key, permissions, metadata, enabled, expiresAt, createdAt, updatedAt) VALUES (?1, ?2, ?1, ?3, ?4, 1, ?5, 0, 0)",
      token.id,
      userId,
      JSON.stringify({ projects: ["read"] }),
      JSON.stringify({ organizationId, projectId: null }),
      tokenUntil,
    ),
    run(
      "INSERT INTO session (id, token, userId, expiresAt, createdAt, updatedAt) VALUES (?1, ?1, ?2, ?3, 0, 0)",
      session.id,
      userId,
      Date.now() + DAY_MS,
    ),
  ]);
  return { userId, token, session };
}

function project() {
  return env.PROJECTS.getByName(tenant.projectId);
}

/** A socket that has resumed, with all that it was sent and how it was closed. */
async function watch(login: WatcherLogin) {
  const headers = { upgrade: "websocket", [WATCHER_HEADER]: JSON.stringify(login) };
  const { webSocket } = await project().fetch("http://project/live", { headers });
  if (webSocket === null) throw new Error("the upgrade was refused");
  const seen: { seqs: number[]; code: number | null } = { seqs: [], code: null };
  webSocket.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(String(data));
    for (const event of frame.events ?? []) seen.seqs.push(event.seq);
  });
  webSocket.addEventListener("close", ({ code }) => {
    seen.code = code;
  });
  webSocket.accept();
  sockets.push(webSocket);
  webSocket.send(JSON.stringify({ type: "resume", since: 0 }));
  return seen;
}

async function setRole(userId: string, role: MemberRole): Promise<void> {
  await env.DB.prepare("UPDATE member SET role = ?2 WHERE userId = ?1").bind(userId, role).run();
}

async function removeMember(userId: string): Promise<void> {
  await env.DB.prepare("DELETE FROM member WHERE userId = ?1").bind(userId).run();
}

/** Appends an event and gives its number. */
async function append(): Promise<number> {
  await project().recordUpdate({ name: "other" }, ACTOR);
  return (await project().facts()).lastSeq;
}

describe("a change of rights", () => {
  test("drops a watcher whose role may no longer read with 4403, and nobody else", async () => {
    const [leaving, staying] = [await addMember("viewer"), await addMember("viewer")];
    const dropped = [await watch(leaving.token), await watch(leaving.session)];
    const kept = [await watch(staying.token), await watch(staying.session)];
    await setRole(leaving.userId, "buyer");
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    await expect.poll(() => dropped.map(({ code }) => code)).toEqual([CLOSE_NOT_ALLOWED, CLOSE_NOT_ALLOWED]);
    const seq = await append();
    await expect.poll(() => kept.map(({ seqs }) => seqs.at(-1))).toEqual([seq, seq]);
    expect(kept.map(({ code }) => code)).toEqual([null, null]);
    for (const { seqs } of dropped) expect(seqs).not.toContain(seq);
  });

  test("keeps a watcher whose other role may still read", async () => {
    const member = await addMember("admin");
    const seen = await watch(member.session);
    await setRole(member.userId, "viewer");
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    const seq = await append();
    await expect.poll(() => seen.seqs.at(-1)).toBe(seq);
    expect(seen.code).toBeNull();
  });

  test("drops a removed member in the middle of a burst: nothing after it arrives", async () => {
    const [leaving, staying] = [await addMember("creator"), await addMember("creator")];
    const dropped = await watch(leaving.session);
    const kept = await watch(staying.session);
    let isOver = false;
    const burst = (async () => {
      for (let count = 0; !isOver && count < 1_000; count += 1) {
        await project().recordUpdate({ count }, ACTOR);
      }
    })();
    await expect.poll(() => dropped.seqs.length).toBeGreaterThan(5);
    await removeMember(leaving.userId);
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    const { lastSeq } = await project().facts();
    for (let more = 0; more < 20; more += 1) await append();
    isOver = true;
    await burst;
    const end = (await project().facts()).lastSeq;
    await expect.poll(() => kept.seqs.at(-1), { timeout: 20_000 }).toBe(end);
    expect(kept.seqs).toEqual(Array.from({ length: end }, (_, index) => index + 1));
    expect(dropped.code).toBe(CLOSE_NOT_ALLOWED);
    expect(Math.max(...dropped.seqs)).toBeLessThanOrEqual(lastSeq);
  });

  test("closes with 4401 when a token is revoked or a session ends", async () => {
    const member = await addMember("viewer");
    const [byToken, bySession] = [await watch(member.token), await watch(member.session)];
    await env.DB.prepare("DELETE FROM apikey WHERE id = ?1").bind(member.token.id).run();
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    await expect.poll(() => byToken.code).toBe(CLOSE_SIGN_IN_AGAIN);
    expect(bySession.code).toBeNull();
    await env.DB.prepare("DELETE FROM session WHERE id = ?1").bind(member.session.id).run();
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    await expect.poll(() => bySession.code).toBe(CLOSE_SIGN_IN_AGAIN);
  });

  test("reaches a socket whose object slept meanwhile", async () => {
    const [leaving, staying] = [await addMember("viewer"), await addMember("viewer")];
    const [dropped, kept] = [await watch(leaving.session), await watch(staying.session)];
    await expect.poll(() => dropped.seqs.length > 0 && kept.seqs.length > 0).toBe(true);
    await evictDurableObject(project());
    await removeMember(leaving.userId);
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    await expect.poll(() => dropped.code).toBe(CLOSE_NOT_ALLOWED);
    const seq = await append();
    await expect.poll(() => kept.seqs.at(-1)).toBe(seq);
  });

  test("between the door and the object is seen: the socket is closed and is sent nothing", async () => {
    const member = await addMember("viewer");
    await setRole(member.userId, "buyer");
    const seen = await watch(member.session);
    await expect.poll(() => seen.code).toBe(CLOSE_NOT_ALLOWED);
    expect(seen.seqs).toEqual([]);
  });

  test("is asked about by the permission that is needed, of token and role both", async () => {
    const member = await addMember("viewer");
    const { organizationId, projectId } = tenant;
    const actor = actorOf(organizationId, member.userId, "viewer");
    const logins: Record<"token" | "session", Login> = {
      token: { kind: "token", id: member.token.id, expiresAt: null },
      session: { kind: "session", id: member.session.id, signedInAt: 0 },
    };
    const allowed = (kind: "token" | "session", permission: Scope) =>
      isStillAllowed(env, { ...actor, login: logins[kind] }, projectId, permission);
    expect(await allowed("session", "deploys:read")).toBe(true);
    expect(await allowed("token", "projects:read")).toBe(true);
    // The token was made for reading projects only.
    expect(await allowed("token", "deploys:read")).toBe(false);
    await setRole(member.userId, "buyer");
    expect(await allowed("session", "deploys:read")).toBe(false);
  });

  test("does not reach into another organization's projects", async () => {
    const member = await addMember("viewer");
    const seen = await watch(member.session);
    const { organizationId } = await makeTenant();
    await recheckWatchers(env, CONTEXT, organizationId);
    expect(seen.code).toBeNull();
  });
});

describe("without anybody telling it", () => {
  test("the object looks again within a minute", async () => {
    const member = await addMember("viewer");
    const seen = await watch(member.session);
    const alarm = await runInDurableObject(project(), (_object, { storage }) => storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now());
    expect(alarm).toBeLessThanOrEqual(Date.now() + RECHECK_MS);
    await removeMember(member.userId);
    expect(await runDurableObjectAlarm(project())).toBe(true);
    await expect.poll(() => seen.code).toBe(CLOSE_NOT_ALLOWED);
  });

  test("a token's end is kept to the second, and who connects later does not put it off", async () => {
    const until = Date.now() + 1_500;
    const [short, long] = [await addMember("viewer", until), await addMember("viewer")];
    const ending = await watch(short.token);
    const lasting = await watch(long.token);
    const alarm = await runInDurableObject(project(), (_object, { storage }) => storage.getAlarm());
    expect(alarm).toBe(until);
    await expect.poll(() => ending.code, { timeout: 5_000 }).toBe(CLOSE_SIGN_IN_AGAIN);
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(lasting.code).toBeNull();
  });

  test("an object that nobody watches sets no alarm", async () => {
    await append();
    expect(await runInDurableObject(project(), (_object, { storage }) => storage.getAlarm())).toBeNull();
  });
});

describe("server-sent events", () => {
  async function open(login: WatcherLogin): Promise<Response> {
    const headers = { [WATCHER_HEADER]: JSON.stringify(login) };
    return await project().fetch("http://project/stream?since=0", { headers });
  }

  async function stream(login: WatcherLogin) {
    const { body } = await open(login);
    if (body === null) throw new Error("there is a body");
    const seen = { text: "", isOver: false };
    void (async () => {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) seen.text += chunk;
      seen.isOver = true;
    })();
    return seen;
  }

  test("end for who may no longer read, and go on for others", async () => {
    const [leaving, staying] = [await addMember("viewer"), await addMember("viewer")];
    const [ended, kept] = [await stream(leaving.session), await stream(staying.token)];
    await expect.poll(() => ended.text.includes("id: 1\n")).toBe(true);
    await removeMember(leaving.userId);
    await recheckWatchers(env, CONTEXT, tenant.organizationId);
    await expect.poll(() => ended.isOver).toBe(true);
    const seq = await append();
    await expect.poll(() => kept.text.includes(`id: ${seq}\n`)).toBe(true);
    expect(ended.text).not.toContain(`id: ${seq}\n`);
    expect(kept.isOver).toBe(false);
  });

  test("do not begin for who may not read", async () => {
    const refused = await open((await addMember("buyer")).session);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toBe("");
  });
});
