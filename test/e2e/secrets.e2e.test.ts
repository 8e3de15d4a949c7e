// Secrets through the whole platform: set over HTTP, read by a live app, changed without a deploy, seen by nobody else.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createdTokenSchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { appLogPageSchema } from "../../schemas/api/deploys.ts";
import { secretSchema } from "../../schemas/api/secrets.ts";
import { type Answer, ApiClient, ownerClient } from "./support/api-client.ts";
import { plantSecret } from "./support/canary.ts";
import { makeCapsule, makeWorkerApp } from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { type SecondTenant, secondTenant } from "./support/second-tenant.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const owner = ownerClient();
/** Within so long a changed secret is seen everywhere. */
const SEEN_WITHIN_MS = 6_000;

/** Answers with digests of what it has, so that nothing secret is in its answers. */
const DIGESTS = `
export default { async fetch(request, env) {
  const digests = {};
  for (const [name, value] of Object.entries(env)) {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
    digests[name] = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return Response.json(digests);
} };
`;

let shop: TestProject;
let tenant: SecondTenant;
let viewer: ApiClient;

beforeAll(async () => {
  shop = await makeProject(owner);
  tenant = await secondTenant();
  const scopes = ["projects:read", "secrets:read", "deploys:write", "capsules:write"];
  const made = await owner.post("/api/tokens", { name: "reads secrets", scopes });
  viewer = new ApiClient(owner.url, made.expect(201, createdTokenSchema).token);
});

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

function setSecret(project: TestProject, name: string, value: unknown, env = "dev"): Promise<Answer> {
  return project.api.post(project.path("/secrets"), { env, name, value });
}

async function mustSet(project: TestProject, name: string, value: string, env = "dev") {
  const answer = await setSecret(project, name, value, env);
  return secretSchema.parse(answer.expect(answer.status === 200 ? 200 : 201, secretSchema));
}

function removeSecret(project: TestProject, query: string): Promise<Answer> {
  return project.api.send("DELETE", project.path(`/secrets?${query}`));
}

async function listSecrets(project: TestProject, query = "") {
  return (await project.api.get(project.path(`/secrets${query}`))).expect(200, pageSchema(secretSchema))
    .items;
}

async function visitJson(project: TestProject, env: "dev" | "staging" = "dev"): Promise<unknown> {
  return (await project.visit(env)).json();
}

describe("a secret", () => {
  test("is set, changed, listed by name and removed; its value never comes back", async () => {
    const project = await makeProject(owner);
    const value = plantSecret("listed");
    const made = await setSecret(project, "API_KEY", value);
    expect(made.status).toBe(201);
    expect(made.expect(201, secretSchema)).toMatchObject({ name: "API_KEY", env: "dev", revision: 1 });
    expect((await setSecret(project, "API_KEY", plantSecret("changed"))).status).toBe(200);
    await mustSet(project, "OTHER", plantSecret("staging"), "stage");
    await mustSet(project, "LAB", plantSecret("simulation"), "simulation");
    const all = await listSecrets(project);
    expect(all.map(({ env, name, revision }) => `${env} ${name} ${revision}`)).toEqual([
      "dev API_KEY 2",
      "staging OTHER 1",
      "simulation LAB 1",
    ]);
    expect((await listSecrets(project, "?env=staging")).map(({ name }) => name)).toEqual(["OTHER"]);
    expect((await removeSecret(project, "env=dev&name=API_KEY")).status).toBe(204);
    expectProblem(
      await removeSecret(project, "env=dev&name=API_KEY"),
      "not-found",
      /environment dev has no secret API_KEY/,
    );
    expect(await listSecrets(project, "?env=dev")).toEqual([]);
    const events = await project.events();
    expect(
      events.filter(({ type }) => type.startsWith("secret.")).map(({ type, data }) => [type, data]),
    ).toEqual([
      ["secret.set", { env: "dev", name: "API_KEY" }],
      ["secret.set", { env: "dev", name: "API_KEY" }],
      ["secret.set", { env: "staging", name: "OTHER" }],
      ["secret.set", { env: "simulation", name: "LAB" }],
      ["secret.removed", { env: "dev", name: "API_KEY" }],
    ]);
  });

  test.each([
    ["a name with a blank", { name: "A B" }, "validation", /name/],
    ["a name that begins with a digit", { name: "1A" }, "validation", /name/],
    ["an empty name", { name: "" }, "validation", /name/],
    ["a name of 257 characters", { name: "A".repeat(257) }, "validation", /name/],
    ["a name with a line break", { name: "A\nB" }, "validation", /name/],
    ["a name that is a path", { name: "../A" }, "validation", /name/],
    ["no environment", { env: undefined }, "validation", /env/],
    ["an unknown environment", { env: "production" }, "validation", /env/],
    ["an empty value", { value: "" }, "validation", /value/],
    ["a value that is no text", { value: 42 }, "validation", /value/],
    ["half a character", { value: "\ud800" }, "validation", /half of a surrogate/],
    ["a value above 32 KiB", { value: "é".repeat(16_385) }, "too-large", /32770 bytes.*32768/],
    ["a field that is not known", { note: "x" }, "validation", /note/],
  ] as const)("with %s is refused", async (_what, change, code, detail) => {
    const body = { env: "dev", name: "A", value: plantSecret("refused"), ...change };
    await expectRefusal(shop, () => owner.post(shop.path("/secrets"), body), code, detail);
    expect(await listSecrets(shop)).toEqual([]);
  });

  test("needs its own scope to be written, and another tenant does not find it", async () => {
    const body = { env: "dev", name: "A", value: plantSecret("forbidden") };
    const path = shop.path("/secrets");
    expectProblem(await viewer.post(path, body), "forbidden", /secrets:write/);
    expectProblem(await viewer.send("DELETE", `${path}?env=dev&name=A`), "forbidden", /secrets:write/);
    expect((await viewer.get(path)).status).toBe(200);
    expectProblem(await tenant.api.get(path), "not-found", /no project/);
    expectProblem(await tenant.api.post(path, body), "not-found", /no project/);
    expectProblem(await new ApiClient(owner.url, null).get(path), "unauthenticated", /token/);
  });

  test("of prod waits for a person: restated by name, and nothing is set", async () => {
    const value = plantSecret("prod");
    const answer = await setSecret(shop, "PROD_KEY", value, "prod");
    const problem = expectProblem(answer, "confirmation-needed", /A person must confirm this/);
    const sentence = `Set the secret PROD_KEY of ${shop.label} in prod.`;
    expect(problem).toMatchObject({ restatement: { sentence } });
    const removal = await removeSecret(shop, "env=prod&name=PROD_KEY");
    expect(expectProblem(removal, "confirmation-needed", /./)).toMatchObject({
      restatement: { sentence: `Remove the secret PROD_KEY of ${shop.label} in prod.` },
    });
    expect(await listSecrets(shop, "?env=prod")).toEqual([]);
  });
});

describe("an app", () => {
  test("is not deployed while a secret that it declares is missing; then it has it, byte for byte", async () => {
    const project = await makeProject(owner);
    const secrets = ["API_KEY", "CERTIFICATE"];
    const capsule = await makeWorkerApp(project.key, DIGESTS, "1.0.0", { secrets, env: { PLAIN: "1" } });
    await project.push(capsule);
    const key = plantSecret("deployed");
    await mustSet(project, "API_KEY", key);
    const failed = await project.waitForDeploy(await project.startDeploy(capsule.capsuleDigest, "dev"));
    expect(failed).toMatchObject({ status: "error", phase: "gating", failure: { code: "secrets-missing" } });
    expect(failed.failure?.message).toBe(
      `the environment dev lacks secrets that the app declares: CERTIFICATE. Set each and repeat it: oursynth secrets set CERTIFICATE --env dev --project ${project.label}`,
    );
    expect((await project.visit("dev")).status).toBe(421);
    const rehearsal = await owner.post("/api/deploys", {
      projectId: project.projectId,
      capsuleDigest: capsule.capsuleDigest,
      env: "dev",
      dryRun: true,
    });
    expect(rehearsal.text).toMatch(
      /"gating","status":"fail","message":"the environment dev lacks secrets.*CERTIFICATE/,
    );
    const certificate = `-----BEGIN ${plantSecret("lines")}\nsecond line 🗝️\r\n\ttabbed\n-----END\n`;
    await mustSet(project, "CERTIFICATE", certificate);
    const run = await project.waitForDeploy(await project.startDeploy(capsule.capsuleDigest, "dev"));
    expect(run.status).toBe("done");
    expect(await visitJson(project)).toEqual({
      PLAIN: digestOf("1"),
      API_KEY: digestOf(key),
      CERTIFICATE: digestOf(certificate),
    });
  });

  test("sees a changed secret without a deploy, and never one of another environment or project", async () => {
    const [mine, other] = [await makeProject(owner), await makeProject(tenant.api)];
    const app = { secrets: ["API_KEY"] };
    const values = {
      mine: plantSecret("mine"),
      staging: plantSecret("mine-staging"),
      other: plantSecret("other"),
    };
    await mustSet(mine, "API_KEY", values.mine);
    await mustSet(mine, "API_KEY", values.staging, "staging");
    await mustSet(mine, "UNDECLARED", plantSecret("undeclared"));
    await mustSet(other, "API_KEY", values.other);
    const capsule = await makeWorkerApp(mine.key, DIGESTS, "1.0.0", app);
    await mine.ship(capsule, "dev");
    await mine.ship(capsule, "staging");
    await other.ship(await makeWorkerApp(other.key, DIGESTS, "1.0.0", app), "dev");
    expect(await visitJson(mine)).toEqual({ API_KEY: digestOf(values.mine) });
    expect(await visitJson(mine, "staging")).toEqual({ API_KEY: digestOf(values.staging) });
    expect(await visitJson(other)).toEqual({ API_KEY: digestOf(values.other) });

    const changed = plantSecret("mine-changed");
    const setAt = Date.now();
    await mustSet(mine, "API_KEY", changed);
    await expect
      .poll(() => visitJson(mine), { timeout: SEEN_WITHIN_MS, interval: 100 })
      .toEqual({ API_KEY: digestOf(changed) });
    expect(Date.now() - setAt).toBeLessThan(5_000);
    expect(await visitJson(mine, "staging")).toEqual({ API_KEY: digestOf(values.staging) });
    expect(await visitJson(other)).toEqual({ API_KEY: digestOf(values.other) });
  });

  test("that is live keeps what it declares, unless its removal is forced; and nothing rolls back to what lacks it", async () => {
    const project = await makeProject(owner);
    await mustSet(project, "API_KEY", plantSecret("in-use"));
    const first = await makeWorkerApp(project.key, DIGESTS, "1.0.0", { secrets: ["API_KEY"] });
    await project.ship(first);
    const refused = await removeSecret(project, "env=dev&name=API_KEY");
    expectProblem(refused, "conflict", /live in dev declares API_KEY.*force/);
    await project.ship(await makeWorkerApp(project.key, DIGESTS, "2.0.0"));
    expect((await removeSecret(project, "env=dev&name=API_KEY")).status).toBe(204);
    const rollback = () =>
      owner.post(project.path("/environments/dev/activate"), {
        capsuleDigest: first.capsuleDigest,
        expectedRevision: 2,
      });
    expectProblem(await rollback(), "secrets-missing", /dev lacks secrets.*API_KEY/);
    await mustSet(project, "API_KEY", plantSecret("back-again"));
    expect((await rollback()).status).toBe(200);
    expect((await removeSecret(project, "env=dev&name=API_KEY&force=true")).status).toBe(204);
    await expect.poll(() => visitJson(project), { timeout: SEEN_WITHIN_MS, interval: 100 }).toEqual({});
  });

  test("of static files gets none and needs none", async () => {
    const project = await makeProject(owner);
    const app = { assets: ".", secrets: ["API_KEY"] };
    const run = await project.ship(await makeCapsule(project.key, { "index.html": "<p>files</p>" }, { app }));
    expect(run.log.map(({ message }) => message).join("\n")).toContain(
      "a static app has no code to give them to",
    );
    expect((await project.visit("dev")).text).toBe("<p>files</p>");
  });

  test("that prints, throws and answers with an error tells its log, the run and the timeline no secret", async () => {
    const project = await makeProject(owner);
    const value = plantSecret("echoed");
    await mustSet(project, "API_KEY", value);
    const source = `
export default { fetch(request, env) {
  console.log("I hold", env.API_KEY, { inside: env.API_KEY }, btoa(encodeURIComponent(env.API_KEY)));
  console.error(encodeURIComponent(env.API_KEY));
  if (new URL(request.url).pathname === "/throw") throw new Error("thrown " + env.API_KEY);
  return new Response("fine");
} };`;
    const app = { secrets: ["API_KEY"] };
    await project.ship(await makeWorkerApp(project.key, source, "1.0.0", app));
    expect((await project.visit("dev", "/")).text).toBe("fine");
    expect((await project.visit("dev", "/throw")).status).toBe(500);
    const logs = async () =>
      (await owner.get(project.path("/environments/dev/logs?since=0"))).expect(200, appLogPageSchema).items;
    await expect.poll(async () => JSON.stringify(await logs())).toContain("thrown ***");
    expect(JSON.stringify(await logs())).toContain("I hold ***");

    const throwing = `import { env } from "cloudflare:workers";\nthrow new Error("at start " + env.API_KEY);\nexport default { fetch() {} };`;
    const bad = await makeWorkerApp(project.key, throwing, "2.0.0", app);
    await project.push(bad);
    const run = await project.waitForDeploy(await project.startDeploy(bad.capsuleDigest, "dev"));
    expect(run).toMatchObject({ status: "error", phase: "checking", failure: { code: "throws-at-start" } });
    expect(run.failure?.message).toContain("at start ***");
    const unhealthy = source.replace('=== "/throw"', '!== "/never"');
    const sick = await makeWorkerApp(project.key, unhealthy, "3.0.0", app);
    await project.push(sick);
    const second = await project.waitForDeploy(await project.startDeploy(sick.capsuleDigest, "dev"));
    expect(second.failure?.message).toContain("thrown ***");
    await project.events();
  });
});

describe("a secret that is set 20 times at once", () => {
  const project = makeProject(owner);
  afterAll(async () => expect((await listSecrets(await project)).length).toBe(1));

  test("is one secret, and what is live has the value that was set last", async () => {
    const values = Array.from({ length: 20 }, (_, index) => plantSecret(`race-${index}`));
    const target = await project;
    await mustSet(target, "API_KEY", plantSecret("race"));
    await target.ship(await makeWorkerApp(target.key, DIGESTS, "1.0.0", { secrets: ["API_KEY"] }));
    const set = await Promise.all(values.map((value) => mustSet(target, "API_KEY", value)));
    const last = set.findIndex(({ revision }) => revision === 21);
    await expect
      .poll(() => visitJson(target), { timeout: SEEN_WITHIN_MS, interval: 100 })
      .toEqual({ API_KEY: digestOf(values[last] ?? "") });
  });
});
