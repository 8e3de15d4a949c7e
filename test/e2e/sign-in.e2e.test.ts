// People: sign-up, sign-in, sessions and how they end, over real HTTP.
import { describe, expect, test } from "vitest";
import { whoamiSchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { sessionSchema } from "../../schemas/api/sessions.ts";
import { ApiClient } from "./support/api-client.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { PASSWORD, Person } from "./support/person.ts";
import { askHost } from "./support/test-project.ts";

const sessionsSchema = pageSchema(sessionSchema);

describe("an account", () => {
  test("is made, confirmed by a mail's link, signed in to, and owns an organization of its own", async () => {
    const ada = new Person({ name: "Ada Lovelace" });
    const made = await ada.post("/sign-up", { name: ada.name, email: ada.email, password: PASSWORD });
    expect(made.status).toBe(200);
    expect(made.text).toContain(ada.email);

    const early = await ada.post("/sign-in", { email: ada.email, password: PASSWORD });
    expect(early.status).toBe(403);
    expect(early.text).toContain("not confirmed yet");
    expect(ada.session).toBeUndefined();

    const link = await ada.readLink("Confirm your e-mail address");
    expect(link.origin).toBe(ada.url);
    // A program that only looks at links changes nothing.
    expect((await ada.get(link.pathname + link.search)).status).toBe(200);
    expect((await ada.post("/sign-in", { email: ada.email, password: PASSWORD })).status).toBe(403);

    const token = link.searchParams.get("token") ?? "";
    const verified = await ada.post("/verify-email", { token, next: "/device" });
    expect(verified.headers.get("location")).toBe("/sign-in?done=verified&next=%2Fdevice");
    await ada.signIn();
    const me = (await ada.get("/api/whoami")).expect(200, whoamiSchema);
    expect(me).toMatchObject({
      user: { name: "Ada Lovelace" },
      organization: { name: "Ada Lovelace's organization" },
      role: "owner",
      login: "session",
      tokenId: null,
      projectId: null,
    });
    expect(me.scopes).toContain("deploys:confirm");
  });

  test("answers alike for an address that has one, and tells only the address", async () => {
    const person = await new Person().join();
    const stranger = new Person();
    const known = await stranger.post("/sign-up", { name: "X", email: person.email, password: PASSWORD });
    const unknown = await stranger.post("/sign-up", { name: "X", email: stranger.email, password: PASSWORD });
    expect(known.status).toBe(unknown.status);
    expect(known.text.replaceAll(person.email, "A")).toBe(unknown.text.replaceAll(stranger.email, "A"));
    expect((await person.readLink("You have an account already")).pathname).toBe("/sign-in");
  });

  test("says what is wrong beside the field, and keeps what was typed but the password", async () => {
    const person = new Person();
    const answer = await person.post("/sign-up", { name: "Ada", email: "nonsense", password: "short" });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('id="email-error"');
    expect(answer.text).toContain('aria-describedby="password-hint password-error"');
    expect(answer.text).toContain('value="nonsense"');
    expect(answer.text).not.toContain("short");
  });

  test("shows what a person typed as text, never as markup", async () => {
    const person = await new Person({ name: `<script>alert(1)</script>"'` }).join();
    const page = await person.get("/account");
    expect(page.text).not.toContain("<script");
    expect(page.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });
});

describe("the session cookie", () => {
  test("is __Host-, Secure, HttpOnly, SameSite=Lax, for the whole host and no other, and the only one", async () => {
    const person = await new Person().join();
    const again = await person.post("/sign-in", { email: person.email, password: PASSWORD });
    const cookies = again.headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    const [pair = "", ...attributes] = (cookies[0] ?? "").split("; ");
    expect(pair).toMatch(/^__Host-oursynth-session=[\w%.-]+$/);
    expect(attributes.toSorted()).toEqual([
      "HttpOnly",
      "Max-Age=2592000",
      "Path=/",
      "SameSite=Lax",
      "Secure",
    ]);
  });

  test("is a new one at each sign-in; what the browser had before opens nothing any more", async () => {
    const person = await new Person().join();
    const before = person.session ?? "";
    await person.signIn();
    expect(person.session).not.toBe(before);
    const old = person.elsewhere();
    old.cookies.set("__Host-oursynth-session", before);
    expectProblem(await old.get("/api/whoami"), "unauthenticated", /ended/);
  });

  test("that somebody else planted is not taken over", async () => {
    const attacker = await new Person().join();
    const planted = attacker.session ?? "";
    const victim = await new Person().join();
    victim.cookies.set("__Host-oursynth-session", planted);
    await victim.signIn();
    expect(victim.session).not.toBe(planted);
    const me = (await victim.get("/api/whoami")).expect(200, whoamiSchema);
    expect(me.user.name).toBe(victim.name);
  });

  test("with a token of one's own making, or another's signature, opens nothing", async () => {
    const person = await new Person().join();
    const [token = "", signature = ""] = (person.session ?? "").split(".");
    for (const value of [
      token,
      `${token}.`,
      `${token.startsWith("x") ? "y" : "x"}${token.slice(1)}.${signature}`,
      `${token}.${signature.toLowerCase()}`,
    ]) {
      const forger = person.elsewhere();
      forger.cookies.set("__Host-oursynth-session", value);
      expectProblem(await forger.get("/api/whoami"), "unauthenticated", /sign in/);
    }
  });

  test("signs nobody in on an app's host", async () => {
    const person = await new Person().join();
    const { port } = new URL(person.url);
    const answer = await askHost(Number(port), "nothing--dev.apps.localhost", "/api/whoami");
    expect(answer.status).toBe(421);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe("a request that changes something with a cookie", () => {
  const CREATE = { name: "by a page", scopes: ["projects:read"] };

  test("is taken from a page of the platform", async () => {
    const person = await new Person().join();
    const headers = { origin: person.url, "sec-fetch-site": "same-origin" };
    const made = await person.send("POST", "/api/tokens", { json: CREATE, headers });
    expect(made.status, made.text).toBe(201);
  });

  test("is refused from anywhere else, and leaves no trace", async () => {
    const person = await new Person().join();
    const strangers: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `${person.url}.evil.example` },
      { origin: person.url, "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      {},
    ];
    for (const headers of strangers) {
      expectProblem(
        await person.send("POST", "/api/tokens", { json: CREATE, headers }),
        "forbidden",
        /Origin/,
      );
      const form = await person.send("POST", "/account/sessions/end-all", {
        body: new URLSearchParams(),
        headers,
      });
      expect(form.status, JSON.stringify(headers)).toBe(403);
    }
    expect((await person.get("/api/tokens")).text).toContain('"items":[]');
    expect((await person.get("/api/whoami")).status).toBe(200);
  });

  test("signs nobody in or out from another's page, signed in or not", async () => {
    const person = await new Person().join();
    const elsewhere = person.elsewhere();
    const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    const fields = { email: person.email, password: PASSWORD };
    expect((await elsewhere.post("/sign-in", fields, headers)).status).toBe(403);
    expect(elsewhere.session).toBeUndefined();
    expect((await person.post("/sign-out", {}, headers)).status).toBe(403);
    expect((await person.get("/api/whoami")).status).toBe(200);
  });
});

describe("signing out", () => {
  test("ends this browser's session and no other", async () => {
    const person = await new Person().join();
    const other = await person.elsewhere().signIn();
    const kept = person.session ?? "";
    const out = await person.post("/sign-out");
    expect(out.headers.get("location")).toBe("/sign-in?done=signed-out");
    expect(person.session).toBeUndefined();
    person.cookies.set("__Host-oursynth-session", kept);
    expect((await person.get("/api/whoami")).status).toBe(401);
    expect((await other.get("/api/whoami")).status).toBe(200);
  });

  test("everywhere ends every one of them at once", async () => {
    const person = await new Person().join();
    const others = [await person.elsewhere().signIn(), await person.elsewhere().signIn()];
    const bystander = await new Person().join();
    const out = await person.post("/account/sessions/end-all");
    expect(out.headers.get("location")).toBe("/sign-in?done=signed-out-everywhere");
    for (const one of [person, ...others]) expect((await one.get("/api/whoami")).status).toBe(401);
    expect((await bystander.get("/api/whoami")).status).toBe(200);
  });

  test("of one session works by the list, by its owner alone", async () => {
    const person = await new Person().join();
    const other = await person.elsewhere().signIn();
    const stranger = await new Person().join();
    const { items } = (await person.get("/api/sessions")).expect(200, sessionsSchema);
    expect(items.map(({ kind, isCurrent, ipAddress }) => [kind, isCurrent, ipAddress]).toSorted()).toEqual(
      [
        ["browser", true, person.address],
        ["browser", false, person.address],
      ].toSorted(),
    );
    const sessionId = items.find(({ isCurrent }) => !isCurrent)?.sessionId ?? "";
    const headers = { origin: person.url };
    const foreign = await stranger.send("DELETE", `/api/sessions/${sessionId}`, { headers });
    expectProblem(foreign, "not-found", /no session/);
    expect((await other.get("/api/whoami")).status).toBe(200);
    expect((await person.send("DELETE", `/api/sessions/${sessionId}`, { headers })).status).toBe(204);
    expect((await other.get("/api/whoami")).status).toBe(401);
    expect((await person.get("/api/whoami")).status).toBe(200);
  });

  test("is no business of a token", async () => {
    const person = await new Person().join();
    const made = await person.send("POST", "/api/tokens", {
      json: { name: "t", scopes: ["projects:read"] },
      headers: { origin: person.url },
    });
    const { token } = JSON.parse(made.text) as { token: string };
    const api = new ApiClient(person.url, token);
    expectProblem(await api.get("/api/sessions"), "forbidden", /token has no session/);
    expectProblem(await api.send("DELETE", "/api/sessions"), "forbidden", /token has no session/);
    expect((await person.get("/api/whoami")).status).toBe(200);
  });
});

describe("a page for who is signed in", () => {
  test("leads to the sign-in and back", async () => {
    const person = await new Person().join();
    const nobody = person.elsewhere();
    const asked = await nobody.get("/device?user_code=ABCD-EFGH");
    expect(asked.status).toBe(303);
    expect(asked.headers.get("location")).toBe("/sign-in?next=%2Fdevice%3Fuser_code%3DABCD-EFGH");
    const { email } = person;
    const back = await nobody.post("/sign-in", {
      email,
      password: PASSWORD,
      next: "/device?user_code=ABCD-EFGH",
    });
    expect(back.headers.get("location")).toBe("/device?user_code=ABCD-EFGH");
  });

  test.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/%09/evil.example".replace("%09", "\t"),
    "javascript:alert(1)",
    " //evil.example",
    "http:evil.example",
    "",
  ])("leads to no other origin after it: %j", async (next) => {
    const person = await new Person().join();
    const fields = { email: person.email, password: PASSWORD, next };
    const answer = await person.elsewhere().post("/sign-in", fields);
    expect(answer.headers.get("location")).toBe("/studio");
    const signedIn = await person.get(`/sign-in?next=${encodeURIComponent(next)}`);
    expect(signedIn.headers.get("location")).toBe("/studio");
  });

  test("carries a policy without any script, and is neither framed nor kept", async () => {
    const person = await new Person().join();
    for (const path of ["/sign-in", "/sign-up", "/reset", "/account", "/outbox", "/account/nowhere"]) {
      const { headers, text } = await (path === "/account" ? person : person.elsewhere()).get(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/script-src|unsafe/);
      expect(text, path).not.toMatch(/<script|\son\w+=|style="/i);
      expect(headers.get("cache-control"), path).toBe("no-store");
      expect(headers.get("referrer-policy"), path).toBe("same-origin");
      expect(headers.get("x-frame-options"), path).toBe("DENY");
    }
  });
});
