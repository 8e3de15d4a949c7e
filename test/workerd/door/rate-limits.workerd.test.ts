// Quotas through the real API, with limits that a test can reach and windows that no test waits through.
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { QUOTA_NAMES } from "../../../core/quota/quota-policies.ts";
import { requireAddressQuota } from "../../../workers/api/rate-limits.ts";
import { addToken, type Caller, makeCaller } from "./caller.ts";

const CALLER_LIMIT = 40;
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

async function startDeploy(caller: Caller, label: string): Promise<Response> {
  return await caller.post("/api/deploys", { projectId: label, capsuleDigest: NO_DIGEST, env: "dev" });
}

describe("a login", () => {
  test("asks as often as its limit and is then told 429 with when to come back; another is not", async () => {
    const caller = await makeCaller();
    const statuses: number[] = [];
    for (let index = 0; index < CALLER_LIMIT; index++) {
      const answer = await caller.send("GET", "/api/projects");
      expect(answer.headers.get("ratelimit-policy")).toBe('"caller";q=40;w=60');
      statuses.push(answer.status);
    }
    // The runtime's window stands on the minute: a test that crosses one begins anew, never refused too early.
    expect(statuses).toEqual(Array(CALLER_LIMIT).fill(200));
    let refused = await caller.send("GET", "/api/projects");
    for (let index = 0; index < CALLER_LIMIT && refused.status === 200; index++) {
      refused = await caller.send("GET", "/api/projects");
    }
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "too-many-requests", status: 429 });
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(refused.headers.get("ratelimit")).toBe('"caller";r=0;t=60');
    const other = await addToken(caller.organizationId, caller.userId);
    expect((await other.send("GET", "/api/projects")).status).toBe(200);
  });
});

describe("a costly action", () => {
  test("is counted for the organization, over all its tokens, and refused exactly behind the limit", async () => {
    const caller = await makeCaller();
    const colleague = await addToken(caller.organizationId, caller.userId);
    await caller.post("/api/projects", { label: "costly" });
    const answers = [];
    for (const who of [caller, colleague, caller, colleague]) answers.push(await startDeploy(who, "costly"));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
    expect(answers.map(({ headers }) => headers.get("ratelimit")?.replace(/;t=\d+$/, ""))).toEqual([
      '"deploys";r=2',
      '"deploys";r=1',
      '"deploys";r=0',
      '"deploys";r=0',
    ]);
    expect(answers[0]?.headers.get("ratelimit-policy")).toBe('"caller";q=40;w=60, "deploys";q=3;w=86400');
    const retryAfter = Number(answers[3]?.headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(28_000);
    expect(retryAfter).toBeLessThanOrEqual(28_800);
    // What costs nothing still goes.
    expect((await caller.send("GET", "/api/projects")).status).toBe(200);
  });

  test("of another organization is counted apart", async () => {
    const [one, other] = [await makeCaller(), await makeCaller()];
    await one.post("/api/projects", { label: "apart-one" });
    await other.post("/api/projects", { label: "apart-other" });
    for (let index = 0; index < 4; index++) await startDeploy(one, "apart-one");
    expect((await startDeploy(one, "apart-one")).status).toBe(429);
    expect((await startDeploy(other, "apart-other")).status).toBe(404);
  });

  test("that the caller may not do takes nothing from the organization", async () => {
    const owner = await makeCaller();
    await owner.post("/api/projects", { label: "spared" });
    await env.DB.prepare("UPDATE member SET role = 'viewer' WHERE userId = ?1").bind(owner.userId).run();
    for (let index = 0; index < 6; index++) expect((await startDeploy(owner, "spared")).status).toBe(403);
    await env.DB.prepare("UPDATE member SET role = 'owner' WHERE userId = ?1").bind(owner.userId).run();
    expect((await startDeploy(owner, "spared")).headers.get("ratelimit")).toMatch(/^"deploys";r=2/);
  });

  test("a replayed answer takes nothing", async () => {
    const caller = await makeCaller();
    await caller.post("/api/projects", { label: "replays" });
    const body = { projectId: "replays", capsuleDigest: NO_DIGEST, env: "dev" };
    for (let index = 0; index < 6; index++) {
      expect((await caller.post("/api/deploys", body, "same")).status).toBe(404);
    }
  });

  test("refused for its quota is not what an Idempotency-Key remembers", async () => {
    const caller = await makeCaller();
    await caller.post("/api/projects", { label: "forgets" });
    for (let index = 0; index < 3; index++) await startDeploy(caller, "forgets");
    const body = { projectId: "forgets", capsuleDigest: NO_DIGEST, env: "dev" };
    const first = await caller.post("/api/deploys", body, "late");
    const second = await caller.post("/api/deploys", body, "late");
    expect([first.status, second.status]).toEqual([429, 429]);
    expect(second.headers.has("idempotency-replayed")).toBe(false);
  });
});

describe("who is not signed in", () => {
  const from = (address: string) =>
    requireAddressQuota(
      env,
      new Request("http://localhost/sign-in", {
        headers: { "cf-connecting-ip": address, "x-forwarded-for": String(Math.random()) },
      }),
      "sign-in",
    );

  test("is counted by address: an IPv6 network is one, X-Forwarded-For is nobody", async () => {
    await from("203.0.113.7");
    await from("203.0.113.7");
    await expect(from("203.0.113.7")).rejects.toMatchObject({ code: "too-many-requests" });
    await from("203.0.113.8");
    await from("2001:db8:0:1::1");
    await from("2001:0db8::1:ffff:0:0:1");
    await expect(from("2001:db8:0:1:aaaa::")).rejects.toMatchObject({ code: "too-many-requests" });
    await from("2001:db8:0:2::1");
  });
});

test("every quota that a route names is one of the table", () => {
  expect(QUOTA_NAMES).toEqual([
    "caller",
    "sign-in",
    "deploys",
    "merges",
    "packs",
    "verifications",
    "uploads",
  ]);
});
