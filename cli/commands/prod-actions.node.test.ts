// What needs a person, as the command line tells it: deploy, promote, rollback and policy answered by 428 (API.md).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeDigest } from "../../core/mesh/mesh-fixture.ts";
import { gatePolicySchema } from "../../schemas/gate.ts";
import { type Restatement, restatementSchema } from "../../schemas/restatement.ts";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import { runCli } from "../test-support/run-cli.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";

const URL_TO_ANSWER = "https://platform.example/confirmations/cnf_1";
const NEXT = fakeDigest("b");
const LIVE = fakeDigest("a");
const ENVIRONMENTS = `GET /api/projects/${PROJECT}/environments`;
const ACTIVATE = `POST /api/projects/${PROJECT}/environments/prod/activate`;
const POLICY = `/api/projects/${PROJECT}/environments/prod/policy`;

const RESTATEMENT: Restatement = restatementSchema.parse({
  sentence: "Ana deploys urn:oursynth:app:demo@1.2.3 to prod of demo.",
  requestedBy: { actor: { kind: "token", id: "tok_1" }, login: "token" },
  projectId: "prj_1",
  label: PROJECT,
  env: "prod",
  revisions: { environment: 3, policy: 1, trust: 1, evidence: 2, secrets: 0 },
  release: {
    capsuleDigest: NEXT,
    capsuleId: "urn:oursynth:app:demo@1.2.3",
    branch: "main",
    commitSeq: 12,
    artifactDigest: fakeDigest("c"),
    live: { capsuleDigest: LIVE, artifactDigest: fakeDigest("d"), revision: 3 },
    changes: {
      files: { addedCount: 1, modifiedCount: 1, removedCount: 0, lines: ["+ src/new.ts", "~ src/index.ts"] },
      settings: ["/app/health"],
      variables: ["MODE"],
      secrets: [],
    },
    recipe: { framework: "worker", compatibilityDate: "2026-10-01", steps: [], lockfile: null },
    hostnames: ["demo.example"],
    gate: {
      isAllowed: true,
      basis: "evidence",
      message: "The rehearsal of today passed 20 seeds.",
      policyRevision: 1,
      capsuleDigest: NEXT,
      artifactDigest: fakeDigest("c"),
      simId: null,
      evidenceSha256: null,
    },
    override: null,
  },
  policy: null,
});
const ASKED = {
  confirmationId: "cnf_1",
  restatement: RESTATEMENT,
  restatementHash: fakeDigest("e"),
  expiresAt: 1_760_000_000_000,
  url: URL_TO_ANSWER,
};

async function start() {
  const platform = await FakePlatform.start();
  const live = { capsuleDigest: NEXT, artifactDigest: fakeDigest("c"), deployId: "dep_1", activatedAt: 1 };
  const prod = { ...live, capsuleDigest: LIVE, artifactDigest: fakeDigest("d") };
  platform.reply(ENVIRONMENTS, {
    items: [
      { name: "staging", url: "u", revision: 7, live, history: [] },
      { name: "prod", url: "u", revision: 3, live: prod, history: [{ revision: 1, ...live }] },
      { name: "dev", url: "u", revision: 0, live: null, history: [] },
    ],
  });
  const cwd = temporaryFolder();
  const env = { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN, OURSYNTH_PROJECT: PROJECT };
  const ask = (route: string) =>
    platform.problem(route, 428, "confirmation-needed", "A person must confirm.", ASKED);
  return { platform, cwd, ask, run: (...args: string[]) => runCli(args, { cwd, env }) };
}

describe("a prod action on the command line", () => {
  it.each([
    ["deploy", ["deploy", NEXT, "--env", "prod"], "POST /api/deploys"],
    ["promote", ["promote", "--from", "staging", "--to", "prod"], ACTIVATE],
    ["rollback", ["rollback", "--env", "prod", "--to", NEXT], ACTIVATE],
  ])(
    "%s says what it would do, what differs, what the gate says and where a person answers: exit 1",
    async (_name, args, route) => {
      const { ask, run } = await start();
      ask(route);
      const words = await run(...args);
      expect(words).toMatchObject({ exitCode: 1, stdout: "" });
      for (const said of [
        RESTATEMENT.sentence,
        "1 added, 1 modified, 0 removed",
        "+ src/new.ts",
        "variables MODE",
        "hostnames demo.example",
        "The rehearsal of today passed 20 seeds.",
        URL_TO_ANSWER,
      ])
        expect(words.stderr).toContain(said);
      const asJson = await run(...args, "--json");
      expect(asJson.exitCode).toBe(1);
      expect(JSON.parse(asJson.stdout)).toMatchObject({
        ...ASKED,
        ok: false,
        code: "confirmation-needed",
        status: 428,
      });
    },
  );

  it("promote brings the capsule that is live there, at the revision that was seen", async () => {
    const { platform, run } = await start();
    platform.reply(ACTIVATE, { revision: 4, capsuleDigest: NEXT, url: "http://x/" });
    expect((await run("promote", "--from", "stage", "--to", "prod")).exitCode).toBe(0);
    expect(platform.requestsTo(ACTIVATE)[0]?.json).toEqual({ capsuleDigest: NEXT, expectedRevision: 3 });
    expect((await run("promote", "--from", "dev", "--to", "prod")).stderr).toContain(
      "Nothing is live in dev",
    );
    for (const to of ["staging", "moon"])
      expect((await run("promote", "--from", "staging", "--to", to)).exitCode).toBe(2);
  });

  it("policy shows what the gate asks, sets it, and leaves the change of a guarded one to a person", async () => {
    const { platform, cwd, ask, run } = await start();
    const policy = gatePolicySchema.parse({ isGuarded: true });
    platform.reply(`GET ${POLICY}`, { env: "prod", policy, policyRevision: 1 });
    const shown = await run("policy", "show", "--env", "prod");
    expect(shown.stdout).toContain("prod, policy revision 1");
    expect(shown.stdout).toMatch(/maxAgeDays +7/);
    writeFileSync(join(cwd, "policy.json"), JSON.stringify({ isGuarded: true, nodes: 7 }));
    platform.reply(`PUT ${POLICY}`, { env: "prod", policy: { ...policy, nodes: 7 }, policyRevision: 2 });
    expect((await run("policy", "set", "--env", "prod", "--file", "policy.json")).exitCode).toBe(0);
    expect(platform.requestsTo(`PUT ${POLICY}`)[0]?.json).toEqual({ ...policy, nodes: 7 });
    ask(`PUT ${POLICY}`);
    const asked = await run("policy", "set", "--env", "prod", "--file", "policy.json");
    expect(asked.exitCode).toBe(1);
    expect(asked.stderr).toContain(URL_TO_ANSWER);
    writeFileSync(join(cwd, "policy.json"), JSON.stringify({ isGuarded: true, nodes: 99 }));
    expect((await run("policy", "set", "--env", "prod", "--file", "policy.json")).exitCode).toBe(2);
  });
});
