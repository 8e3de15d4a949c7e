// `oursynth login` by the real command line, with its person at a browser.
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, runCli } from "../../cli/test-support/run-cli.ts";
import { whoamiSchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { DEVICE_GRANT, deviceCodeSchema, sessionSchema } from "../../schemas/api/sessions.ts";
import { ApiClient } from "./support/api-client.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { Person } from "./support/person.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oursynth-login-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function cli(person: Person, config: string, ...words: string[]): Promise<CliRun> {
  const env = { OURSYNTH_URL: person.url, OURSYNTH_CONFIG: join(folder, config) };
  return runCli(words, { cwd: folder, env });
}

/** Runs `oursynth login` while the person types the code that it shows, and decides. */
async function logIn(person: Person, config: string, decision: "approve" | "deny"): Promise<CliRun> {
  const env = { OURSYNTH_URL: person.url, OURSYNTH_CONFIG: join(folder, config) };
  let decided: Promise<void> | undefined;
  const run = await runCli(["login", "--json"], {
    cwd: folder,
    env,
    onStart: (child) => {
      let shown = "";
      child.stderr?.on("data", (text: string) => {
        shown += text;
        const code = /^ {2}([A-Z2-9]{4}-[A-Z2-9]{4})$/m.exec(shown)?.[1];
        if (code !== undefined) decided ??= decide(person, code, decision);
      });
    },
  });
  await decided;
  return run;
}

async function decide(person: Person, code: string, decision: string): Promise<void> {
  const page = await person.get(`/device?user_code=${code.toLowerCase()}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain(code);
  expect(page.text).toContain("oursynth, the command line");
  expect(page.text).toContain(person.email);
  const answer = await person.post("/device", { user_code: code, decision });
  expect(answer.status, answer.text).toBe(200);
}

describe("oursynth login", () => {
  test("signs a terminal in that its person approves; logout ends it at once", async () => {
    const person = await new Person({ name: "Grace Hopper" }).join();
    const run = await logIn(person, "approved", "approve");
    expect(run.exitCode, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ user: { name: "Grace Hopper" }, role: "owner" });

    const file = join(folder, "approved", "logins.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(await readFile(file, "utf8")) as Record<string, { credential: string }>;
    const credential = kept[person.url]?.credential ?? "";
    expect(run.stdout + run.stderr).not.toContain(credential);

    const who = await cli(person, "approved", "whoami", "--json");
    const me = whoamiSchema.parse(JSON.parse(who.stdout));
    expect(me).toMatchObject({ user: { name: "Grace Hopper" }, login: "device", tokenId: null });
    // It asks; only a person in a browser answers.
    for (const permission of ["deploys:confirm", "organization:write", "organization:delete"]) {
      expect(me.scopes).not.toContain(permission);
    }
    const projects = await cli(
      person,
      "approved",
      "projects",
      "create",
      `e2e-login-${Date.now().toString(36)}`,
    );
    expect(projects.exitCode, projects.stderr).toBe(0);

    // A device's login opens nothing as a cookie, nor without its signature.
    const thief = person.elsewhere();
    thief.cookies.set("__Host-oursynth-session", encodeURIComponent(credential.slice(4)));
    expectProblem(await thief.get("/api/whoami"), "unauthenticated", /ended/);
    const unsigned = new ApiClient(person.url, credential.split(".")[0] ?? "");
    expectProblem(await unsigned.get("/api/whoami"), "unauthenticated", /oursynth login/);

    const out = await cli(person, "approved", "logout");
    expect(out.exitCode, out.stderr).toBe(0);
    expectProblem(
      await new ApiClient(person.url, credential).get("/api/whoami"),
      "unauthenticated",
      /oursynth login/,
    );
    expect((await cli(person, "approved", "whoami")).exitCode).toBe(1);
    expect(await readFile(file, "utf8")).not.toContain(credential);
  });

  test("takes the place of the login before it, and sign-out everywhere ends it", async () => {
    const person = await new Person().join();
    await logIn(person, "twice", "approve");
    await logIn(person, "twice", "approve");
    const { items } = (await person.get("/api/sessions")).expect(200, pageSchema(sessionSchema));
    expect(items.filter(({ kind }) => kind === "device")).toHaveLength(1);
    await person.post("/account/sessions/end-all");
    const who = await cli(person, "twice", "whoami");
    expect(who.exitCode).toBe(1);
    expect(who.stderr).toContain("oursynth login");
  });

  test("says so when its person denies it, and keeps nothing", async () => {
    const person = await new Person().join();
    const run = await logIn(person, "denied", "deny");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("denied");
    await expect(stat(join(folder, "denied", "logins.json"))).rejects.toThrow("ENOENT");
  });

  test("an option and the environment come before it", async () => {
    const person = await new Person().join();
    await logIn(person, "order", "approve");
    const made = await person.send("POST", "/api/tokens", {
      json: { name: "t", scopes: ["projects:read"] },
      headers: { origin: person.url },
    });
    const { token } = JSON.parse(made.text) as { token: string };
    const login = await cli(person, "order", "whoami", "--json");
    expect(JSON.parse(login.stdout)).toMatchObject({ login: "device" });
    const option = await cli(person, "order", "whoami", "--json", "--token", token);
    expect(JSON.parse(option.stdout)).toMatchObject({ login: "token" });
  });
});

describe("the device grant (RFC 8628)", () => {
  const CLIENT = { client_id: "oursynth-cli" };

  async function start(person: Person) {
    const api = new ApiClient(person.url, null);
    const answer = await api.post("/api/auth/device/code", CLIENT, {
      headers: { "cf-connecting-ip": person.address },
    });
    const code = answer.expect(200, deviceCodeSchema);
    const poll = () =>
      api.post("/api/auth/device/token", {
        ...CLIENT,
        grant_type: DEVICE_GRANT,
        device_code: code.device_code,
      });
    return { code, poll };
  }

  test("answers pending, then slow_down to who asks too soon", async () => {
    const { code, poll } = await start(new Person());
    expect(code.interval).toBe(5);
    expect(code.expires_in).toBe(600);
    expect((await poll()).json()).toMatchObject({ error: "authorization_pending" });
    expect((await poll()).json()).toMatchObject({ error: "slow_down" });
  });

  test("gives the login once", async () => {
    const person = await new Person().join();
    const { code, poll } = await start(person);
    await decide(person, `${code.user_code.slice(0, 4)}-${code.user_code.slice(4)}`, "approve");
    const answers = await Promise.all([poll(), poll(), poll()]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await poll()).json()).toMatchObject({ error: "invalid_grant" });
  });

  test("is approved by nobody but the person who looked at it, and by no program", async () => {
    const person = await new Person().join();
    const other = await new Person().join();
    const { code, poll } = await start(person);
    await person.get(`/device?user_code=${code.user_code}`);
    await other.get(`/device?user_code=${code.user_code}`);
    await other.post("/device", { user_code: code.user_code, decision: "approve" });
    expect((await poll()).json()).toMatchObject({ error: "authorization_pending" });
  });

  test("is spoken in OAuth's own forms too, and says what is missing", async () => {
    const api = new ApiClient(new Person().url, null);
    const form = await api.send("POST", "/api/auth/device/code", { body: new URLSearchParams(CLIENT) });
    const { device_code } = form.expect(200, deviceCodeSchema);
    const poll = new URLSearchParams({ ...CLIENT, grant_type: DEVICE_GRANT, device_code });
    const answer = await api.send("POST", "/api/auth/device/token", { body: poll });
    expect(answer.json()).toMatchObject({ error: "authorization_pending" });
    expectProblem(await api.send("POST", "/api/auth/device/token"), "validation", /grant_type/);
  });

  test("refuses a client that it does not know", async () => {
    const api = new ApiClient(new Person().url, null);
    const answer = await api.post("/api/auth/device/code", { client_id: "another" });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: "invalid_client" });
  });
});
