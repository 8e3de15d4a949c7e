// Members, roles and invitations over HTTP, and what a change does to whoever is watching.
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createdTokenSchema, tokenSchema, whoamiSchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import {
  invitationSchema,
  memberSchema,
  organizationSchema,
  receivedInvitationSchema,
} from "../../schemas/api/organizations.ts";
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import type { MemberRole } from "../../schemas/permissions.ts";
import { ApiClient } from "./support/api-client.ts";
import { EventStream } from "./support/event-stream.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { LiveSocket } from "./support/live-socket.ts";
import { ageSignIn, type House, makeHouse, type Person } from "./support/people.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const MINUTE_MS = 60_000;
const memberPageSchema = pageSchema(memberSchema);

let house: House;
let other: House;
let owner: Person;
let admin: Person;
let project: TestProject;

beforeAll(async () => {
  house = await makeHouse(["owner", "admin", "creator", "viewer", "viewer", "viewer", "viewer", "buyer"]);
  other = await makeHouse(["owner"]);
  owner = at(0);
  admin = at(1);
  project = await makeProject(owner.api);
});

function at(index: number, of: House = house): Person {
  const person = of.people[index];
  if (person === undefined) throw new Error(`nobody is number ${index}`);
  return person;
}

function memberPath(person: Person): string {
  return `/api/organizations/${house.organizationId}/members/${person.userId}`;
}

function setRole(by: Person, whom: Person, role: MemberRole) {
  return by.api.send("PATCH", memberPath(whom), { json: { role } });
}

async function appendEvent(): Promise<number> {
  await owner.api.send("PATCH", project.path(), { json: { name: "another name" } });
  const page = (await owner.api.get(project.path("/timeline?order=desc&limit=1"))).json();
  return (page as { lastSeq: number }).lastSeq;
}

async function makeToken(by: Person): Promise<{ api: ApiClient; tokenId: string }> {
  const json = { name: "watch", scopes: ["projects:read", "members:read", "tokens:read"] };
  const made = (await by.api.post("/api/tokens", json)).expect(201, createdTokenSchema);
  return { api: new ApiClient(by.api.url, made.token), tokenId: made.tokenId };
}

/** A socket that has had all there is. */
async function watch(api: ApiClient): Promise<LiveSocket> {
  const socket = LiveSocket.open(api, project.projectId);
  await socket.resume(0, null);
  await socket.frame("hello");
  return socket;
}

describe("roles", () => {
  test("are listed with the members, in pages", async () => {
    const path = `/api/organizations/${house.organizationId}/members?limit=5`;
    const first = (await owner.api.get(path)).expect(200, memberPageSchema);
    const rest = (await owner.api.get(`${path}&cursor=${first.nextCursor}`)).expect(200, memberPageSchema);
    const members = [...first.items, ...rest.items];
    expect(members.map(({ userId }) => userId)).toEqual(house.people.map(({ userId }) => userId));
    expect(members.filter(({ isYou }) => isYou).map(({ userId }) => userId)).toEqual([owner.userId]);
  });

  test("are given by whom the table lets, and hold for the next request", async () => {
    const person = at(3);
    expect((await setRole(admin, person, "creator")).expect(200, memberSchema).role).toBe("creator");
    expect((await person.api.get("/api/whoami")).expect(200, whoamiSchema).scopes).toContain(
      "projects:write",
    );
    expect((await setRole(admin, person, "viewer")).status).toBe(200);
    expect((await person.api.get("/api/whoami")).expect(200, whoamiSchema).scopes).not.toContain(
      "projects:write",
    );
    // `editor` is the same word as `creator`.
    const editor = await admin.api.send("PATCH", memberPath(person), { json: { role: "editor" } });
    expect(editor.expect(200, memberSchema).role).toBe("creator");
    await setRole(admin, person, "viewer");
  });

  test("are refused where the table does not", async () => {
    expectProblem(await setRole(admin, owner, "viewer"), "forbidden", /below theirs/);
    expectProblem(await setRole(admin, at(3), "owner"), "forbidden", /above their own/);
    expectProblem(await setRole(at(2), at(3), "buyer"), "forbidden", /members:write/);
    expectProblem(await setRole(owner, owner, "admin"), "conflict", /last one/);
    expectProblem(await owner.api.send("DELETE", memberPath(owner)), "conflict", /last one/);
    expectProblem(await setRole(at(0, other), at(3), "buyer"), "not-found", /no organization/);
    expectProblem(await owner.api.send("DELETE", memberPath(at(0, other))), "not-found", /no member/);
    const unknown = await owner.api.send("PATCH", memberPath(at(3)), { json: { role: "king" } });
    expectProblem(unknown, "validation", /role/);
  });

  test("a refusal says which roles could", async () => {
    const refused = await setRole(at(2), at(3), "buyer");
    expect(refused.json()).toMatchObject({ permission: "members:write", allowedRoles: ["owner", "admin"] });
  });

  test("are changed by people only, and by a sign-in of the last 15 minutes", async () => {
    const { api } = await makeToken(owner);
    const json = { role: "buyer" };
    expectProblem(await api.send("PATCH", memberPath(at(3)), { json }), "forbidden", /members:write/);
    expectProblem(await api.send("DELETE", memberPath(at(3))), "forbidden", /a token cannot/);
    expect((await api.get(`/api/organizations/${house.organizationId}/members`)).status).toBe(200);
    await ageSignIn(admin.deviceSessionId, 16 * MINUTE_MS);
    expectProblem(await setRole(admin, at(3), "buyer"), "sign-in-stale", /15 minutes/);
    await ageSignIn(admin.deviceSessionId, 0);
  });

  test("are changed by a browser from a page of the platform only", async () => {
    const path = memberPath(at(3));
    const send = (headers: Record<string, string>) =>
      new ApiClient(owner.api.url, null).send("PATCH", path, { json: { role: "viewer" }, headers });
    expect((await send({ ...owner.browser })).status).toBe(200);
    expectProblem(await send({ ...owner.browser, origin: "http://evil.example" }), "forbidden", /Origin/);
  });
});

describe("who watches", () => {
  test("is closed with 4403 when the role may no longer read; others go on; coming back is refused", async () => {
    const [leaving, staying] = [at(4), at(5)];
    const token = await makeToken(leaving);
    const sockets = [await watch(leaving.api), await watch(token.api)];
    const kept = await watch(staying.api);
    const stream = await EventStream.open(leaving.api, project.path("/timeline/stream"), null);
    await stream.take(1);
    expect((await setRole(admin, leaving, "buyer")).status).toBe(200);
    for (const socket of sockets) expect(await socket.closed()).toMatchObject({ code: CLOSE_NOT_ALLOWED });
    const seq = await appendEvent();
    await kept.reach(seq);
    await expect(stream.take(100)).rejects.toThrow(/ended/);
    for (const socket of sockets) expect(socket.lastSeq).toBeLessThan(seq);
    for (const api of [leaving.api, token.api]) {
      const again = LiveSocket.open(api, project.projectId);
      expect(await again.closed()).toMatchObject({ code: CLOSE_NOT_ALLOWED });
      expectProblem(await api.get(project.path("/timeline")), "forbidden", /buyer/);
      expectProblem(await api.get(project.path("/timeline/stream")), "forbidden", /buyer/);
    }
    kept.close();
  });

  test("gets nothing more when removed in the middle of a burst; their tokens are gone", async () => {
    const [leaving, staying] = [at(6), at(5)];
    const token = await makeToken(leaving);
    const dropped = await watch(leaving.api);
    const byToken = await watch(token.api);
    const kept = await watch(staying.api);
    let isOver = false;
    const burst = (async () => {
      while (!isOver) await owner.api.send("PATCH", project.path(), { json: { name: "burst" } });
    })();
    const before = dropped.lastSeq;
    await dropped.reach(before + 5);
    expect((await owner.api.send("DELETE", memberPath(leaving))).status).toBe(204);
    const atRemoval = await appendEvent();
    await kept.reach(atRemoval + 5);
    isOver = true;
    await burst;
    expect(await dropped.closed()).toMatchObject({ code: CLOSE_NOT_ALLOWED });
    expect(await byToken.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
    for (const socket of [dropped, byToken]) expect(socket.lastSeq).toBeLessThan(atRemoval);
    expect(kept.events.map(({ seq }) => seq)).toEqual(kept.events.map((_event, index) => index + 1));
    expectProblem(await token.api.get("/api/whoami"), "unauthenticated", /revoked/);
    const again = LiveSocket.open(token.api, project.projectId);
    expect(await again.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
    kept.close();
  });

  test("is closed with 4401 when the token is revoked, or the session ends", async () => {
    const person = at(5);
    const token = await makeToken(person);
    const [byToken, byDevice] = [await watch(token.api), await watch(person.api)];
    const browser = LiveSocket.open(new ApiClient(owner.api.url, null), project.projectId, {
      ...person.browser,
    });
    await browser.resume(0, null);
    await browser.frame("hello");
    expect((await person.api.send("DELETE", `/api/tokens/${token.tokenId}`)).status).toBe(204);
    expect(await byToken.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
    const seq = await appendEvent();
    await Promise.all([byDevice.reach(seq), browser.reach(seq)]);
    const ended = await person.api.send("DELETE", `/api/sessions/${person.browserSessionId}`);
    expect(ended.status).toBe(204);
    expect(await browser.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
    await byDevice.reach(await appendEvent());
    expect((await person.api.send("DELETE", "/api/sessions/current")).status).toBe(204);
    expect(await byDevice.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
    const again = LiveSocket.open(person.api, project.projectId);
    expect(await again.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
  });
});

describe("tokens", () => {
  test("of everybody are listed and revoked by who manages members, and by nobody else", async () => {
    const creator = at(2);
    const token = await makeToken(creator);
    const tokenPageSchema = pageSchema(tokenSchema);
    const all = (await admin.api.get("/api/tokens?of=all")).expect(200, tokenPageSchema).items;
    expect(all.find(({ tokenId }) => tokenId === token.tokenId)?.owner.userId).toBe(creator.userId);
    const mine = (await admin.api.get("/api/tokens")).expect(200, tokenPageSchema).items;
    expect(mine.map(({ owner: { userId } }) => userId)).not.toContain(creator.userId);
    expectProblem(await creator.api.get("/api/tokens?of=all"), "forbidden", /members:write/);
    expectProblem(await token.api.get("/api/tokens?of=all"), "forbidden", /members:write/);
    const path = `/api/tokens/${token.tokenId}`;
    expectProblem(await at(3).api.send("DELETE", path), "not-found", /no token/);
    expectProblem(await at(0, other).api.send("DELETE", path), "not-found", /no token/);
    expect((await admin.api.send("DELETE", path)).status).toBe(204);
    expectProblem(await token.api.get("/api/whoami"), "unauthenticated", /revoked/);
  });

  test("that end make none that lives on", async () => {
    const json = { name: "short", scopes: ["tokens:write", "projects:read"], expiresInDays: 2 };
    const short = (await owner.api.post("/api/tokens", json)).expect(201, createdTokenSchema);
    const maker = new ApiClient(owner.api.url, short.token);
    for (const wanted of [{}, { expiresInDays: 90 }]) {
      const made = await maker.post("/api/tokens", { name: "child", scopes: ["projects:read"], ...wanted });
      expect(made.expect(201, createdTokenSchema).expiresAt).toBe(short.expiresAt);
    }
    const earlier = await maker.post("/api/tokens", {
      name: "c",
      scopes: ["projects:read"],
      expiresInDays: 1,
    });
    expect(earlier.expect(201, createdTokenSchema).expiresAt).toBeLessThan(short.expiresAt ?? 0);
  });
});

describe("invitations", () => {
  function invite(by: Person, email: string, role: MemberRole) {
    return by.api.post(`/api/organizations/${house.organizationId}/invitations`, { email, role });
  }

  test("make a member of whom they are for, once, whose session can turn there", async () => {
    const guest = at(0, other);
    const made = (await invite(admin, guest.email.toUpperCase(), "creator")).expect(201, invitationSchema);
    expect(made.email).toBe(guest.email);
    const path = `/api/invitations/${made.invitationId}/accept`;
    expectProblem(await at(2).api.post(path, {}), "not-found", /address of your account/);
    const received = (await guest.api.get("/api/invitations")).expect(
      200,
      pageSchema(receivedInvitationSchema),
    );
    expect(received.items.map(({ organization }) => organization.organizationId)).toEqual([
      house.organizationId,
    ]);
    expect((await guest.api.post(path, {})).status).toBe(200);
    expectProblem(await guest.api.post(path, {}), "conflict", /used/);

    expectProblem(await guest.api.get(project.path()), "not-found", /no project/);
    const organizations = pageSchema(organizationSchema);
    const mine = (await guest.api.get("/api/organizations")).expect(200, organizations).items;
    expect(mine.map(({ organizationId, role, isActive }) => [organizationId, role, isActive])).toEqual([
      [other.organizationId, "owner", true],
      [house.organizationId, "creator", false],
    ]);
    const turn = await guest.api.post(`/api/organizations/${house.organizationId}/switch`, {});
    expect(turn.expect(200, organizationSchema).isActive).toBe(true);
    expect((await guest.api.get(project.path())).status).toBe(200);
    expect((await guest.api.get("/api/whoami")).expect(200, whoamiSchema).role).toBe("creator");

    expect((await guest.api.send("DELETE", memberPath(guest))).status).toBe(204);
    expect((await guest.api.get("/api/whoami")).expect(200, whoamiSchema).organization.id).toBe(
      other.organizationId,
    );
  });

  test("can be taken back and declined, and are worth nothing then", async () => {
    const guest = at(0, other);
    const first = (await invite(admin, guest.email, "viewer")).expect(201, invitationSchema);
    const path = `/api/organizations/${house.organizationId}/invitations/${first.invitationId}`;
    expectProblem(await at(2).api.send("DELETE", path), "forbidden", /members:write/);
    expect((await admin.api.send("DELETE", path)).status).toBe(204);
    expectProblem(
      await guest.api.post(`/api/invitations/${first.invitationId}/accept`, {}),
      "conflict",
      /taken back/,
    );
    const second = (await invite(admin, guest.email, "viewer")).expect(201, invitationSchema);
    expect((await guest.api.post(`/api/invitations/${second.invitationId}/decline`, {})).status).toBe(204);
    expectProblem(
      await guest.api.post(`/api/invitations/${second.invitationId}/accept`, {}),
      "conflict",
      /declined/,
    );
  });

  test("are refused above one's own role, for members, and for what is no address", async () => {
    expectProblem(await invite(admin, "new@example.org", "owner"), "forbidden", /above their own/);
    expectProblem(await invite(at(2), "new@example.org", "viewer"), "forbidden", /members:write/);
    expectProblem(await invite(admin, owner.email, "viewer"), "conflict", /member already/);
    expectProblem(await invite(admin, "not an address", "viewer"), "validation", /email/);
  });
});

describe("organizations", () => {
  test("are made, renamed and ended by people; not with projects in them, and not by tokens", async () => {
    const person = at(2);
    const { api } = await makeToken(person);
    expectProblem(await api.post("/api/organizations", { name: "No" }), "forbidden", /a token cannot/);
    const made = (await person.api.post("/api/organizations", { name: "Second" })).expect(
      201,
      organizationSchema,
    );
    const path = `/api/organizations/${made.organizationId}`;
    expectProblem(await person.api.send("PATCH", path, { json: { name: "No" } }), "forbidden", /browser/);
    const browser = new ApiClient(owner.api.url, null);
    const headers = person.browser;
    const renamed = await browser.send("PATCH", path, { json: { name: "Renamed" }, headers });
    expect(renamed.expect(200, organizationSchema).name).toBe("Renamed");
    expectProblem(await owner.api.get(path), "not-found", /no organization/);
    expect((await person.api.post(`${path}/switch`, {})).status).toBe(200);
    const inside = await makeProject(person.api);
    expectProblem(await browser.send("DELETE", path, { headers }), "conflict", /projects/);
    expect((await person.api.send("DELETE", inside.path())).status).toBe(204);
    expect((await browser.send("DELETE", path, { headers })).status).toBe(204);
    expectProblem(await person.api.get(path), "not-found", /no organization/);
    expect((await person.api.get("/api/whoami")).expect(200, whoamiSchema).organization.id).toBe(
      house.organizationId,
    );
    expectProblem(
      await admin.api.send("DELETE", `/api/organizations/${house.organizationId}`),
      "forbidden",
      /admin/,
    );
  });

  test("whoever has no session is told to sign in", async () => {
    const nobody = new ApiClient(inject("platform").url, null);
    for (const path of [
      "/api/organizations",
      "/api/invitations",
      `/api/organizations/${house.organizationId}/members`,
    ]) {
      expectProblem(await nobody.get(path), "unauthenticated", /sign in/);
    }
  });
});
