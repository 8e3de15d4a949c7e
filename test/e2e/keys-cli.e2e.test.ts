// `oursynth keys` against the platform: a key's whole life as a person lives it, on the command line.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runCli } from "../../cli/test-support/run-cli.ts";
import { temporaryFolder } from "../../cli/test-support/temporary-folder.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { addedKeySchema } from "../../schemas/api/access.ts";
import { acceptedSchema } from "../../schemas/api/capsules.ts";
import type { ApiClient } from "./support/api-client.ts";
import { makeGreeter } from "./support/capsule-maker.ts";
import { secondTenant } from "./support/second-tenant.ts";
import { makeProject } from "./support/test-project.ts";

let api: ApiClient;
beforeAll(async () => {
  api = (await secondTenant("tenant-with-command-line")).api;
});

test("[S9] make, rotate with owners' signatures, pull with receipts, verify without the platform, revoke", async () => {
  const project = await makeProject(api);
  const cwd = temporaryFolder();
  const at = (name: string) => join(cwd, name);
  const env = { OURSYNTH_URL: api.url, OURSYNTH_TOKEN: api.token ?? "" };
  const run = async (...line: string[]) => await runCli(line, { cwd, env });
  const good = async (...line: string[]) => {
    const done = await run(...line);
    expect(done.exitCode, `${line.join(" ")}: ${done.stderr}`).toBe(0);
    return done.stdout;
  };
  const inProject = ["--project", project.label];

  const made = addedKeySchema.parse(
    JSON.parse(await good("keys", "make", "releases", ...inProject, "--json")),
  );
  await project.push(await makeGreeter(project.key, "to pack"), "main");
  const packed = await api.post(project.path("/capsules"), { version: "7.0.0", keyId: made.keyId });
  const { capsuleDigest } = packed.expect(201, acceptedSchema);
  expect(await good("keys", "list", ...inProject)).toContain(`${fingerprintOf(made.keyId)}  ${made.keyId}`);

  for (const owner of ["a", "b"]) await good("capsule", "keygen", "--out", owner);
  const owners = ["keys", "owners", "--threshold", "2", "a/key.pub.pem", "b/key.pub.pem"];
  const asked = await run(...owners, "--out", "owners.json");
  expect(asked.exitCode).toBe(2);
  for (const owner of ["a", "b"]) await good("keys", "sign", "owners.json", "--key", `${owner}/key.pem`);
  expect(await good(...owners, "--envelope", "owners.json")).toContain("2 of them must sign");

  const rotate = ["keys", "rotate", made.keyId, ...inProject, "--reason", "yearly"];
  const rotation = await run(...rotate, "--out", "rotation.json");
  expect(rotation.exitCode).toBe(2);
  expect(rotation.stdout).toContain("2 of the owners' keys must sign");
  await good("keys", "sign", "rotation.json", "--key", "a/key.pem");
  const tooFew = await run(...rotate, "--envelope", "rotation.json");
  expect(tooFew.exitCode).toBe(1);
  expect(tooFew.stderr).toContain("1 of the 2 owners' keys");
  expect(await good("keys", "sign", "rotation.json", "--key", "b/key.pem")).toContain('"reason": "yearly"');
  expect(await good(...rotate, "--envelope", "rotation.json")).toMatch(/is rotated in 1 project/);

  const out = ["--project", project.label, "--out"];
  await good("pull", capsuleDigest, ...out, "plain.caps");
  await good("pull", capsuleDigest, ...out, "receipts.caps", "--receipts");
  writeFileSync(at("trust.json"), await good("keys", "list", ...inProject, "--json"));
  const statements = await api.get(`/api/capsules/${capsuleDigest}/statements`);
  writeFileSync(at("statements.json"), statements.bytes);
  const trust = ["--trust", "trust.json"];
  const plain = await run("capsule", "verify", "plain.caps", ...trust);
  expect(plain.exitCode).toBe(2);
  expect(plain.stdout).toContain(`${made.keyId} counts until`);
  await good("capsule", "verify", "receipts.caps", ...trust);
  await good("capsule", "verify", "plain.caps", ...trust, "--receipts", "statements.json");
  expect((await run("capsule", "verify", "plain.caps", ...trust, "--receipts", "trust.json")).exitCode).toBe(
    2,
  );
  expect((await run("capsule", "verify", "plain.caps", "--trust", "statements.json")).exitCode).toBe(2);

  const since = ["--compromised-since", "2026-01-01"];
  const revoke = ["keys", "revoke", made.keyId, ...inProject, "--reason", "leaked after all"];
  expect(await good(...revoke, ...since)).toContain(`${fingerprintOf(made.keyId)} is revoked`);
  expect((await run(...revoke, "--compromised-since", "yesterday")).exitCode).toBe(2);
  writeFileSync(at("trust.json"), await good("keys", "list", ...inProject, "--json"));
  const late = await run("capsule", "verify", "receipts.caps", ...trust);
  expect(late.exitCode).toBe(2);
  expect(late.stdout).toContain("counts until 2026-01-01T00:00:00.000Z, and it was logged");
  expect(readFileSync(at("trust.json"), "utf8")).not.toContain("PRIVATE");
  expect(await good("timeline", ...inProject)).toContain(`${fingerprintOf(made.keyId)}, revision`);

  expect((await run("keys", "untrust", made.keyId)).exitCode).toBe(2);
  expect((await run("keys", "trust", made.keyId, ...inProject)).exitCode).toBe(1);
});
