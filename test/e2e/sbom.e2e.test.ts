// The bill of materials over HTTP (B1): as it was pushed, as the platform makes it, and in words when there is none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { type AttachedSbom, attachSbom, SBOM_MEDIA_TYPE } from "../../core/capsule/sbom/attach-sbom.ts";
import { findLockfile } from "../../core/capsule/sbom/lockfile.ts";
import { readSbom } from "../../core/capsule/sbom/read-sbom.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { decodeEnvelope, readStatement } from "../../core/signing/dsse.ts";
import { acceptedSchema, capsuleDetailSchema, statementListSchema } from "../../schemas/api/capsules.ts";
import { manifestSchema } from "../../schemas/manifest.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import { ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeCapsule, signManifest } from "./support/capsule-maker.ts";
import { expectRefusal } from "./support/expect-refusal.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const LOCKFILES = join(import.meta.dirname, "../vectors/lockfiles");
const SOURCE = "export default { fetch: () => new Response('ok') };\n";

let project: TestProject;

beforeAll(async () => {
  project = await makeProject(ownerClient());
});

function makeApp(lockfile: string, vector: string): Promise<MadeCapsule> {
  const files = { "src/index.js": SOURCE, [lockfile]: readFileSync(join(LOCKFILES, vector)) };
  return makeCapsule(project.key, files, { version: "1.0.0", app: { entry: "src/index.js" } });
}

/** As `oursynth pack` does it. */
async function withSbom(capsule: MadeCapsule): Promise<{ capsule: MadeCapsule; sbom: AttachedSbom }> {
  const file = findLockfile(capsule.manifest);
  const bytes = capsule.blobs.get(file?.sha256 ?? "");
  if (file === null || bytes === undefined) throw new Error("the app has a lockfile");
  const source = { lockfile: { file, bytes }, provided: ["hono"] };
  const attached = await attachSbom(capsule.manifest, source, nodeHashing);
  if (!attached.ok || attached.value === null) throw new Error("the lockfile can be read");
  const { document, manifest } = attached.value;
  const blobs = new Map(capsule.blobs).set(document.sha256, new Uint8Array(document.bytes));
  return { capsule: { ...(await signManifest(project.key, manifest)), blobs }, sbom: attached.value };
}

describe("the bill of materials of a pushed capsule", () => {
  test("[B1] goes out byte for byte, as an attachment of CycloneDX", async () => {
    const { capsule, sbom } = await withSbom(await makeApp("package-lock.json", "package-lock-v3.json"));
    await project.push(capsule);
    const answer = await project.api.get(`/api/capsules/${capsule.capsuleDigest}/sbom`);
    expect(answer.status, answer.text).toBe(200);
    expect(Buffer.from(answer.bytes).equals(sbom.document.bytes)).toBe(true);
    expect(answer.headers.get("content-type")).toBe(SBOM_MEDIA_TYPE);
    expect(answer.headers.get("content-disposition")).toContain('filename="fair-share-1.0.0.cdx.json"');
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox/);
    expect(answer.headers.get("etag")).toBe(`"${sbom.document.sha256}"`);
    expect(answer.json()).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
  });

  test("[B1] is 404 with words when the capsule carries none, or is not there", async () => {
    const capsule = await makeCapsule(project.key, { "index.html": "<h1>x</h1>" }, { version: "0.1.0" });
    await project.push(capsule);
    const ask = (digest: string) => () => project.api.get(`/api/capsules/${digest}/sbom`);
    await expectRefusal(project, ask(capsule.capsuleDigest), "not-found", /carries no bill of materials/);
    await expectRefusal(project, ask(`sha256:${"0".repeat(64)}`), "not-found", /no capsule/);
  });
});

describe("a capsule packed from a moment", () => {
  test.each([
    ["package-lock.json", "package-lock-v3.json"],
    ["pnpm-lock.yaml", "pnpm-lock-v9.yaml"],
  ])("[B1] with %s carries one, the same twice, and its provenance names it", async (path, vector) => {
    const own = await makeProject(ownerClient());
    const files = { "src/index.js": SOURCE, [path]: readFileSync(join(LOCKFILES, vector)) };
    const pushed = await makeCapsule(own.key, files, { version: "1.0.0", app: { entry: "src/index.js" } });
    await own.push(pushed, "main");
    const pack = async () => {
      const answer = await own.api.post(own.path("/capsules"), { version: "2.0.0" });
      return answer.expect(201, acceptedSchema).capsuleDigest;
    };
    const digest = await pack();
    expect(await pack()).toBe(digest);

    const detail = (await own.api.get(`/api/capsules/${digest}`)).expect(200, capsuleDetailSchema);
    const manifest = manifestSchema.parse(detail.manifest);
    const [line] = manifest.attestations;
    expect(line).toMatchObject({ type: "sbom", path: "attestations/sbom.cdx.json" });
    const answer = await own.api.get(`/api/capsules/${digest}/sbom`);
    expect(answer.headers.get("content-type")).toBe(SBOM_MEDIA_TYPE);
    const listed = readSbom(answer.bytes);
    const names = listed.ok ? listed.value.map(({ name, version }) => `${name}@${version}`) : [];
    // What it was developed with, and what the platform runs it with.
    expect(names).toEqual(expect.arrayContaining(["@noble/hashes@1.4.0", "hono@4.6.0", "hono@4.13.19"]));

    const statements = (await own.api.get(`/api/capsules/${digest}/statements`)).expect(
      200,
      statementListSchema,
    );
    const decoded = statements.items.map((item) => decodeEnvelope(item.envelope));
    const read = decoded.map((item) => (item.ok ? readStatement(item.value) : item));
    const statement = read.find((item) => item.ok && item.value.predicateType === PREDICATE_PROVENANCE);
    expect(statement?.ok === true && statement.value.predicate).toMatchObject({
      buildDefinition: {
        resolvedDependencies: expect.arrayContaining([expect.objectContaining({ name: path })]),
      },
      runDetails: { byproducts: [{ name: line?.path, digest: { sha256: line?.sha256 } }] },
    });
    const download = await own.api.get(`/api/capsules/${digest}/download`);
    const report = await verifyContainer(new Blob([new Uint8Array(download.bytes)]).stream(), {
      trust: null,
      hashing: nodeHashing,
      policy: { requires: [] },
      expectedDigest: digest,
      hasParent: () => true,
    });
    expect(report.verdict, JSON.stringify(report)).toBe("pass");
  });
});
