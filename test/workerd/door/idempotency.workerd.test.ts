// Idempotency-Key (ARCHITECTURE.md "At the door", decision 0017) through the real API and D1.
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  KEPT_MS,
  keepAnswer,
  removeExpiredAnswers,
  takeIdempotencyLease,
} from "../../../adapters/database/idempotency.ts";
import { addToken, type Caller, countRows, makeCaller } from "./caller.ts";

const EQUAL_REQUESTS = 20;

test("20 equal requests at once make one thing; the others get its answer or are told to wait", async () => {
  const caller = await makeCaller();
  const before = await countRows("apikey");
  const body = { name: "one", scopes: ["projects:read"] };
  const answers = await Promise.all(
    Array.from({ length: EQUAL_REQUESTS }, () => caller.post("/api/tokens", body, "twenty")),
  );
  expect(await countRows("apikey")).toBe(before + 1);
  const statuses = answers.map(({ status }) => status);
  const first = answers.filter(
    ({ status, headers }) => status === 201 && !headers.has("idempotency-replayed"),
  );
  expect(first).toHaveLength(1);
  expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
  for (const answer of answers.filter(({ status }) => status === 409)) {
    expect(await answer.json()).toMatchObject({ code: "idempotency-in-flight" });
    expect(answer.headers.get("retry-after")).toBe("1");
  }
  const again = await caller.post("/api/tokens", body, "twenty");
  expect(again.headers.get("idempotency-replayed")).toBe("true");
});

describe("the answer that is given again", () => {
  test("is the first one, byte for byte, with its status and media type", async () => {
    const caller = await makeCaller();
    const first = await caller.post("/api/projects", { label: "replayed" }, "a");
    const second = await caller.post("/api/projects", { label: "replayed" }, "a");
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.text()).toBe(await first.text());
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(first.headers.get("idempotency-replayed")).toBeNull();
  });

  test("leaves the one-time secret out, and the database never had it", async () => {
    const caller = await makeCaller();
    const body = { name: "secret", scopes: ["projects:read"] };
    const first: { token: string; tokenId: string } = await (
      await caller.post("/api/tokens", body, "s")
    ).json();
    const second = await (await caller.post("/api/tokens", body, "s")).json();
    const { token, ...rest } = first;
    expect(token).toMatch(/^osk_/);
    expect(second).toEqual(rest);
    const { results } = await env.DB.prepare("SELECT * FROM idempotency_keys").all();
    expect(JSON.stringify(results)).toContain(first.tokenId);
    expect(JSON.stringify(results)).not.toContain(token);
  });

  test("may be a refusal: what was not valid stays so, and 404 stays 404", async () => {
    const caller = await makeCaller();
    for (const [path, body, status] of [
      ["/api/projects", { label: "NO" }, 400],
      ["/api/projects/none/branches", { name: "x" }, 404],
    ] as const) {
      expect((await caller.post(path, body, "r")).status).toBe(status);
      const again = await caller.post(path, body, "r");
      expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([status, "true"]);
    }
  });

  test("is never one about who asks (403): with more rights the same key does it", async () => {
    const caller = await makeCaller("viewer");
    expect((await caller.post("/api/projects", { label: "promoted" }, "k")).status).toBe(403);
    await env.DB.prepare("UPDATE member SET role = 'owner' WHERE userId = ?1").bind(caller.userId).run();
    expect((await caller.post("/api/projects", { label: "promoted" }, "k")).status).toBe(201);
  });
});

describe("a key", () => {
  test("with another body, query or media type is 422", async () => {
    const caller = await makeCaller();
    expect((await caller.post("/api/projects", { label: "first-body" }, "k")).status).toBe(201);
    const other = await caller.post("/api/projects", { label: "other-body" }, "k");
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "idempotency-mismatch" });
    const query = await caller.post("/api/projects?a=1", { label: "first-body" }, "k");
    expect(query.status).toBe(422);
  });

  test("is the actor's own: another token, or another organization, does its own thing with it", async () => {
    const caller = await makeCaller();
    const colleague = await addToken(caller.organizationId, caller.userId);
    const stranger = await makeCaller();
    const labels = ["own-a", "own-b", "own-c"];
    const answers = await Promise.all(
      [caller, colleague, stranger].map((who, index) =>
        who.post("/api/projects", { label: labels[index] }, "shared"),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers.map(({ headers }) => headers.has("idempotency-replayed"))).toEqual([false, false, false]);
  });

  test("is another key on another route", async () => {
    const caller = await makeCaller();
    expect((await caller.post("/api/projects", { label: "route-a" }, "k")).status).toBe(201);
    const token = await caller.post("/api/tokens", { name: "t", scopes: ["projects:read"] }, "k");
    expect(token.status).toBe(201);
    expect(token.headers.get("idempotency-replayed")).toBeNull();
  });

  test("may stand in quotes, as the draft writes it", async () => {
    const caller = await makeCaller();
    expect((await caller.post("/api/projects", { label: "quoted" }, '"q"')).status).toBe(201);
    expect((await caller.post("/api/projects", { label: "quoted" }, "q")).status).toBe(201);
  });

  test.each(["", "a b", "a,b", "x".repeat(256), "naïve"])("of the form %j is refused", async (key) => {
    const caller = await makeCaller();
    const answer = await caller.post("/api/projects", { label: "never-made" }, key);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path: "Idempotency-Key" }] });
  });

  test("on a GET, or none at all, changes nothing", async () => {
    const caller = await makeCaller();
    const before = await countRows("idempotency_keys");
    await caller.send("GET", "/api/projects", { headers: { "idempotency-key": "k" } });
    await caller.post("/api/projects", { label: "without-key" });
    expect(await countRows("idempotency_keys")).toBe(before);
  });
});

describe("a streamed body", () => {
  const sendAs = (caller: Caller, path: string, mediaType: string, body: string) =>
    caller.send("POST", path, {
      headers: {
        "content-type": mediaType,
        "idempotency-key": "stream",
        "content-length": String(body.length),
      },
      body,
    });

  test("that the handler read to its end is compared by its bytes", async () => {
    const caller = await makeCaller();
    expect((await caller.post("/api/projects", { label: "streamed" })).status).toBe(201);
    const upload = (name: string) =>
      sendAs(
        caller,
        "/api/blobs/batch?projectId=streamed",
        "multipart/form-data; boundary=x",
        `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nbytes\r\n--x--\r\n`,
      );
    expect((await upload("no-digest")).status).toBe(400);
    const again = await upload("no-digest");
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([400, "true"]);
    expect((await upload("another")).status).toBe(422);
  });

  test("that the handler refused before its end is not kept: nobody knows what it would have been", async () => {
    const caller = await makeCaller();
    const before = await countRows("idempotency_keys");
    const post = (body: string) => sendAs(caller, "/api/projects", "text/plain", body);
    expect((await post("one")).status).toBe(415);
    const other = await post("two");
    expect([other.status, other.headers.has("idempotency-replayed")]).toEqual([415, false]);
    expect(await countRows("idempotency_keys")).toBe(before);
  });
});

describe("the lease", () => {
  const scope = { orgId: "org_x", actor: "token:tok_x", route: "POST /x", key: "k" };
  const answer = { status: 201, contentType: "application/json", location: null, body: "{}" };
  const NOW = 1_790_000_000_000;
  const take = (key: string, holder: string, now: number, fingerprint: string | null = "f") =>
    takeIdempotencyLease(env.DB, { ...scope, key }, { holder, fingerprint, now, leaseMs: 60_000 });

  test("of a Worker that was killed ends; then one of those who ask again gets it", async () => {
    await makeCaller();
    expect(await take("killed", "dead", NOW)).toEqual({ state: "held" });
    expect(await take("killed", "early", NOW + 59_999)).toMatchObject({
      state: "in-flight",
      fingerprint: "f",
    });
    const late = await Promise.all(
      Array.from({ length: EQUAL_REQUESTS }, (_, index) => take("killed", `late-${index}`, NOW + 60_000)),
    );
    expect(late.filter(({ state }) => state === "held")).toHaveLength(1);
  });

  test("that went to another writes no answer any more", async () => {
    await take("slow", "slow", NOW);
    expect(await take("slow", "next", NOW + 60_000)).toEqual({ state: "held" });
    await keepAnswer(env.DB, { ...scope, key: "slow" }, "slow", "f", answer);
    expect(await take("slow", "third", NOW + 60_001)).toMatchObject({ state: "in-flight" });
    await keepAnswer(env.DB, { ...scope, key: "slow" }, "next", "f", answer);
    expect(await take("slow", "third", NOW + 60_002)).toEqual({
      state: "answered",
      fingerprint: "f",
      answer,
    });
  });

  test("and the answer are kept 24 hours; then the key is new, and the schedule removes what is left", async () => {
    await take("day", "one", NOW);
    await keepAnswer(env.DB, { ...scope, key: "day" }, "one", "f", answer);
    expect(await take("day", "two", NOW + KEPT_MS - 1)).toMatchObject({ state: "answered" });
    expect(await take("day", "three", NOW + KEPT_MS)).toEqual({ state: "held" });
    await env.DB.prepare("DELETE FROM idempotency_keys").run();
    for (const key of ["a", "b", "c"]) await take(key, key, NOW);
    expect(await removeExpiredAnswers(env.DB, NOW + KEPT_MS - 1, 10)).toBe(0);
    expect(await removeExpiredAnswers(env.DB, NOW + KEPT_MS, 2)).toBe(2);
    expect(await removeExpiredAnswers(env.DB, NOW + KEPT_MS, 2)).toBe(1);
  });
});

test("an answer that is too large to keep is told as done, and is not done again", async () => {
  const caller = await makeCaller();
  await caller.post("/api/projects", { label: "large-answer" }, "large");
  await env.DB.prepare("UPDATE idempotency_keys SET body = NULL WHERE key = 'large'").run();
  const again = await caller.post("/api/projects", { label: "large-answer" }, "large");
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({
    code: "conflict",
    detail: expect.stringMatching(/answered 201/),
  });
});
