// A capsule of the largest capsule's shape, at a size that a test can carry: many files, one of them large. Pushed and
// read back by the command line's own code. (Counts of subrequests: test/workerd/store/large-capsule.workerd.test.ts.)
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeLargeFolder } from "../../bench/large-folder.ts";
import { PlatformClient } from "../../cli/http/client.ts";
import { type PackedCapsule, packFolder } from "../../cli/pack/pack-folder.ts";
import { writeCapsule } from "../../cli/pack/write-capsule.ts";
import { pushCapsule } from "../../cli/push/push-capsule.ts";
import { readCapsuleFile } from "../../cli/push/read-capsule-file.ts";
import { acceptedSchema } from "../../schemas/api/capsules.ts";
import { verificationReportSchema } from "../../schemas/verification.ts";
import { ownerClient } from "./support/api-client.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const MEBIBYTE = 1_048_576;
const SHAPE = {
  fileCount: 2_000,
  totalBytes: 60 * MEBIBYTE,
  largeCount: 1,
  largeBytes: 40 * MEBIBYTE,
};
const UPLOAD_LIMIT_BYTES = 100_000_000;

let folder: string;
let project: TestProject;
let capsule: PackedCapsule;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oursynth-large-"));
  project = await makeProject(ownerClient());
  await writeLargeFolder(join(folder, "app"), SHAPE, project.label);
  capsule = await packFolder({ folder: join(folder, "app"), key: project.key, parents: [] });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("2,000 files with one of 40 MiB are pushed once; a second push sends nothing", async () => {
  const { projectId, api } = project;
  const client = new PlatformClient({ url: new URL(api.url), token: api.token });
  const options = { client, projectId, capsule, branch: "main" };
  const pushed = await pushCapsule(options);
  expect(pushed.blobCount).toBe(SHAPE.fileCount);
  expect(pushed.blobBytes).toBe(SHAPE.totalBytes);
  expect(pushed.accepted.report.verdict).toBe("pass");
  expect((await pushCapsule(options)).blobCount).toBe(0);
});

test("every byte of it is hashed again in the platform", async () => {
  const path = `/api/capsules/${capsule.capsuleDigest}/verify?projectId=${project.projectId}&again=1`;
  const report = (await project.api.get(path)).expect(200, verificationReportSchema);
  expect(report.verdict).toBe("pass");
  expect(report.steps.find((step) => step.id === "files")).toMatchObject({
    status: "pass",
    actual: String(SHAPE.fileCount),
  });
});

test("what is downloaded is the capsule, byte for byte what packing writes", async () => {
  const path = `/api/capsules/${capsule.capsuleDigest}/download?projectId=${project.projectId}`;
  const answer = await project.api.get(path);
  const packed = join(folder, "packed.caps");
  const downloaded = join(folder, "downloaded.caps");
  await writeCapsule(capsule, packed);
  await writeFile(downloaded, answer.bytes);
  expect((await readCapsuleFile(downloaded)).capsuleDigest).toBe(capsule.capsuleDigest);
  expect(Buffer.from(answer.bytes).equals(await readFile(packed))).toBe(true);
});

test("the same in one `.caps` is taken by another project of the organization, as the same capsule", async () => {
  const other = await makeProject(ownerClient());
  const trusted = await other.api.post("/api/keys", {
    name: "large",
    publicKey: Buffer.from(project.key.publicKey).toString("base64"),
    projectId: other.projectId,
  });
  expect(trusted.status).toBe(201);
  const body = new Uint8Array(await readFile(join(folder, "packed.caps")));
  const path = `/api/capsules/upload?projectId=${other.projectId}`;
  const headers = { "content-type": "application/octet-stream" };
  const accepted = (await other.api.send("POST", path, { body, headers })).expect(201, acceptedSchema);
  expect(accepted.capsuleDigest).toBe(capsule.capsuleDigest);
});

test("a .caps above what one request may carry is refused with the way that it takes instead", async () => {
  const path = `/api/capsules/upload?projectId=${project.projectId}`;
  const body = new Uint8Array(UPLOAD_LIMIT_BYTES + 1);
  const headers = { "content-type": "application/octet-stream" };
  const answer = await project.api.send("POST", path, { body, headers });
  expectProblem(answer, "too-large", /100000000 bytes.*oursynth push.*\/api\/capsules\/missing/);
});
