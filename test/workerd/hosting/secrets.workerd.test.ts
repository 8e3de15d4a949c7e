// An app and its secrets: it has what it declares, of its own environment, as it stands now; nobody else does; and
// nothing of it is written down.
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { applySecretChange } from "../../../adapters/database/secrets.ts";
import { type AppIdentity, isolateId } from "../../../adapters/loader/app-isolate.ts";
import { checkHealth } from "../../../adapters/loader/health-check.ts";
import { sealProjectSecret } from "../../../adapters/vault/project-secrets.ts";
import { deploy, open, publish, readLog, visit } from "./support.ts";

const ECHO = {
  "src/index.ts": "export default { fetch: (request, env) => Response.json({ ...env }) };",
};

function withSource(source: string) {
  return { "src/index.ts": source };
}

/** Sets a secret as the project object and its outbox do, and gives the identity that sees it. */
async function setSecret(identity: AppIdentity, name: string, value: string): Promise<AppIdentity> {
  await publish(identity);
  const revision = identity.secretsRevision + 1;
  const sealed = await sealProjectSecret(env, identity, { name, value });
  await applySecretChange(env.DB, { ...identity, name, sealed, revision });
  return { ...identity, secretsRevision: revision };
}

async function envOf(identity: AppIdentity): Promise<unknown> {
  return await (await (await open(identity)).fetch("https://app.invalid/")).json();
}

async function logText(identity: AppIdentity): Promise<string> {
  return JSON.stringify((await readLog(identity)).items);
}

beforeAll(async () => {
  await publish(await deploy(ECHO));
});

describe("an app", () => {
  test("has the secrets that it declares, beside its plain variables, and no others", async () => {
    let identity = await deploy(ECHO, { app: { env: { PLAIN: "1" }, secrets: ["TOKEN", "KEY"] } });
    identity = await setSecret(identity, "TOKEN", "a token");
    identity = await setSecret(identity, "KEY", "line 1\nline 2 – ünïcode 🗝️\n");
    identity = await setSecret(identity, "OTHER", "not declared");
    expect(await envOf(identity)).toEqual({
      PLAIN: "1",
      TOKEN: "a token",
      KEY: "line 1\nline 2 – ünïcode 🗝️\n",
    });
  });

  test("gets the secret where a plain variable has the same name", async () => {
    const identity = await deploy(ECHO, { app: { env: { TOKEN: "plain" }, secrets: ["TOKEN"] } });
    expect(await envOf(await setSecret(identity, "TOKEN", "secret"))).toEqual({ TOKEN: "secret" });
  });

  test("sees a changed secret in another isolate, while the one before keeps its own", async () => {
    const before = await setSecret(await deploy(ECHO, { app: { secrets: ["TOKEN"] } }), "TOKEN", "first");
    expect(await envOf(before)).toEqual({ TOKEN: "first" });
    const after = await setSecret(before, "TOKEN", "second");
    expect(await isolateId(after)).not.toBe(await isolateId(before));
    expect(await envOf(after)).toEqual({ TOKEN: "second" });
    expect(await envOf(before)).toEqual({ TOKEN: "first" });
  });

  test("of another project, environment or organization has none of them", async () => {
    const sources = { app: { secrets: ["TOKEN"] } };
    const mine = await setSecret(await deploy(ECHO, sources), "TOKEN", "mine alone");
    const other = await deploy(ECHO, sources);
    expect(other.artifactDigest).toBe(mine.artifactDigest);
    expect(await envOf(other)).toEqual({});
    expect(await envOf({ ...mine, environment: "staging", secretsRevision: 0 })).toEqual({});
    expect(await envOf({ ...mine, projectId: other.projectId, secretsRevision: 0 })).toEqual({});
  });

  test("does not start on secrets older than those it was to have, and starts once they are there", async () => {
    const identity = await setSecret(await deploy(ECHO, { app: { secrets: ["TOKEN"] } }), "TOKEN", "first");
    const early = { ...identity, secretsRevision: identity.secretsRevision + 1 };
    await expect(envOf(early)).rejects.toThrow("the platform could not load the app");
    await setSecret(identity, "TOKEN", "second");
    expect(await envOf(early)).toEqual({ TOKEN: "second" });
  });

  test("whose sealed secret was copied from another project's row does not start", async () => {
    const mine = await setSecret(await deploy(ECHO, { app: { secrets: ["TOKEN"] } }), "TOKEN", "mine alone");
    const thief = await setSecret(await deploy(ECHO, { app: { secrets: ["TOKEN"] } }), "TOKEN", "x");
    await env.DB.prepare(
      `UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE projectId = ?1) WHERE projectId = ?2`,
    )
      .bind(mine.projectId, thief.projectId)
      .run();
    await expect(envOf(thief)).rejects.toThrow("the platform could not load the app");
  });

  test("is visited with the secrets that stand there now", async () => {
    const identity = await deploy(ECHO, { app: { secrets: ["TOKEN"] } });
    const hostname = await publish(await setSecret(identity, "TOKEN", "first"));
    expect(await (await visit(hostname)).json()).toEqual({ TOKEN: "first" });
  });
});

describe("what an app prints and throws", () => {
  const SECRET = "sk_live_0123456789/abc+def";
  const APP = { app: { secrets: ["TOKEN"] } };

  test("is written down without its secrets, in whatever form it printed them", async () => {
    const source = `
console.log("at start");
export default { fetch(request, env) {
  console.log("plain", env.TOKEN);
  console.warn({ nested: { token: env.TOKEN } });
  console.error("url", encodeURIComponent(env.TOKEN), "basic", btoa("user:" + env.TOKEN));
  console.log(new Error("with " + env.TOKEN));
  console.log("x".repeat(9 * 1024 - 12) + env.TOKEN);
  return new Response("done");
} };`;
    const identity = await setSecret(await deploy(withSource(source), APP), "TOKEN", SECRET);
    await (await (await open(identity)).fetch("https://app.invalid/")).text();
    const text = await logText(identity);
    expect(text).toContain("plain ***");
    for (const form of [SECRET, encodeURIComponent(SECRET), btoa(`user:${SECRET}`).slice(8, 30), "sk_live"]) {
      expect(text).not.toContain(form);
    }
  });

  test("is masked by the values of its own isolate, also after they were changed", async () => {
    const source =
      "export default { fetch(request, env) { console.log('I am ' + env.TOKEN); return new Response('') } };";
    const before = await setSecret(await deploy(withSource(source), APP), "TOKEN", "the-first-value");
    const old = await open(before);
    await (await old.fetch("https://app.invalid/")).text();
    const after = await setSecret(before, "TOKEN", "the-second-value");
    await (await old.fetch("https://app.invalid/")).text();
    await (await (await open(after)).fetch("https://app.invalid/")).text();
    await expect.poll(async () => (await readLog(after)).items.length).toBe(3);
    expect((await readLog(after)).items.map(({ message }) => message)).toEqual(Array(3).fill("I am ***"));
  });

  test.each([
    ["while it answers", "export default { fetch(request, env) { throw new Error('no ' + env.TOKEN) } };"],
    [
      "while it starts",
      "import { env } from 'cloudflare:workers';\nthrow new Error('no ' + env.TOKEN);\nexport default { fetch() {} };",
    ],
  ])("%s is told to the deploy and to the log without its secrets", async (_when, source) => {
    const identity = await setSecret(await deploy(withSource(source), APP), "TOKEN", SECRET);
    const health = await checkHealth(env, exports, identity);
    if (health.ok) throw new Error("healthy");
    expect(health.reason.message).toContain("no ***");
    expect(JSON.stringify(health.reason)).not.toContain("sk_live");
    const hostname = await publish(identity);
    const page = await visit(hostname, `/${encodeURIComponent(SECRET)}`);
    expect(page.status).toBe(500);
    await expect.poll(async () => (await readLog(identity)).items.length).toBeGreaterThan(0);
    expect(await logText(identity)).not.toContain("sk_live");
  });
});
