// Passwords: set anew by mail, asked once more before what is dangerous, and not to be guessed.
import { describe, expect, test } from "vitest";
import { expectProblem } from "./support/expect-refusal.ts";
import { PASSWORD, Person } from "./support/person.ts";
import { executeShared } from "./support/shared-database.ts";

const NEW_PASSWORD = "eight brown bottles on a wall";

/** Lets the person's sign-ins be from so long ago. */
async function age(person: Person, minutes: number): Promise<void> {
  await executeShared(
    `UPDATE "session" SET "signedInAt" = ${Date.now() - minutes * 60_000}
     WHERE "userId" = (SELECT "id" FROM "user" WHERE "email" = '${person.email}');`,
  );
}

describe("a forgotten password", () => {
  test("is set anew by a link that works once, and signs everybody else out", async () => {
    const person = await new Person().join();
    const asked = await person.elsewhere().post("/reset", { email: person.email });
    expect(asked.status).toBe(200);
    const link = await person.readLink("Set a new password");
    const elsewhere = person.elsewhere();
    expect((await elsewhere.get(link.pathname)).status).toBe(200);
    const short = await elsewhere.post(link.pathname, { password: "short" });
    expect(short.status).toBe(422);
    const set = await elsewhere.post(link.pathname, { password: NEW_PASSWORD });
    expect(set.headers.get("location")).toBe("/sign-in?done=reset");
    expect((await person.get("/api/whoami")).status).toBe(401);
    expect((await elsewhere.post("/sign-in", { email: person.email, password: PASSWORD })).status).toBe(401);
    await elsewhere.signIn(NEW_PASSWORD);
    expect((await elsewhere.post(link.pathname, { password: PASSWORD })).status).toBe(410);
    await person.readLink("Your password was changed");
  });

  test("is asked for alike, whether or not there is an account", async () => {
    const person = await new Person().join();
    const stranger = new Person();
    const known = await stranger.post("/reset", { email: person.email });
    const unknown = await stranger.post("/reset", { email: stranger.email });
    expect([known.status, unknown.status]).toEqual([200, 200]);
    expect(known.text.replaceAll(person.email, "A")).toBe(unknown.text.replaceAll(stranger.email, "A"));
    await person.readLink("Set a new password");
    expect(await stranger.mails()).toEqual([]);
  });
});

describe("what is dangerous", () => {
  const CREATE = { name: "t", scopes: ["projects:read"] };

  test("asks a person who signed in a while ago for the password, and goes on under another session", async () => {
    const person = await new Person().join();
    const headers = { origin: person.url };
    await age(person, 16);
    const refused = await person.send("POST", "/api/tokens", { json: CREATE, headers });
    expectProblem(refused, "sign-in-stale", /account\/confirm/);
    expect(refused.headers.get("www-authenticate")).toContain("insufficient_user_authentication");
    // What is not dangerous goes on.
    expect((await person.get("/api/tokens")).status).toBe(200);

    const before = person.session;
    const wrong = await person.post("/account/confirm", { password: "not it at all", next: "/device" });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain("not your password");
    const right = await person.post("/account/confirm", { password: PASSWORD, next: "/device" });
    expect(right.headers.get("location")).toBe("/device");
    expect(person.session).not.toBe(before);
    expect((await person.send("POST", "/api/tokens", { json: CREATE, headers })).status).toBe(201);

    const copied = person.elsewhere();
    copied.cookies.set("__Host-oursynth-session", before ?? "");
    expect((await copied.get("/api/whoami")).status).toBe(401);
  });

  test("leads a page there and back", async () => {
    const person = await new Person().join();
    await age(person, 16);
    const asked = await person.get("/device");
    expect(asked.headers.get("location")).toBe("/account/confirm?next=%2Fdevice");
    await person.post("/account/confirm", { password: PASSWORD });
    expect((await person.get("/device")).status).toBe(200);
  });
});

describe("guessing a password", () => {
  test("ends after ten wrong ones for an account, from wherever they come, with Retry-After", async () => {
    const person = await new Person().join();
    for (let guess = 0; guess < 10; guess += 1) {
      const guesser = new Person({ email: person.email });
      const answer = await guesser.post("/sign-in", {
        email: person.email,
        password: `guess number ${guess}`,
      });
      expect(answer.status, answer.text).toBe(401);
    }
    const refused = await new Person().post("/sign-in", { email: person.email, password: PASSWORD });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(800);
    expect(refused.text).toContain("Too many attempts");
    // Who is signed in stays so, and others sign in as ever.
    expect((await person.get("/api/whoami")).status).toBe(200);
    await new Person().join();
  });

  test("ends after thirty wrong ones from an address, whatever the accounts", async () => {
    const guesser = new Person();
    for (let guess = 0; guess < 30; guess += 1) {
      const answer = await guesser.post("/sign-in", {
        email: `g${guess}.${guesser.email}`,
        password: "a wrong guess",
      });
      expect(answer.status, answer.text).toBe(401);
    }
    const refused = await guesser.post("/sign-in", {
      email: `x.${guesser.email}`,
      password: "a wrong guess",
    });
    expect(refused.status).toBe(429);
  });

  test("twenty at once count twenty times", async () => {
    const person = await new Person().join();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, guess) =>
        new Person().post("/sign-in", { email: person.email, password: `guess number ${guess}` }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });

  test("begins anew after a right one", async () => {
    const person = await new Person().join();
    for (let round = 0; round < 3; round += 1) {
      for (let guess = 0; guess < 6; guess += 1) {
        expect(
          (await person.post("/sign-in", { email: person.email, password: "a wrong guess" })).status,
        ).toBe(401);
      }
      await person.signIn();
    }
  });
});
