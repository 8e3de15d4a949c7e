// Uploading: negotiate, put, finalise; nothing is visible before the end, and everything may be repeated.
import { beforeAll, describe, expect, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { projectKeysSchema } from "../../schemas/api/access.ts";
import {
  acceptedSchema,
  blobPutSchema,
  capsuleDetailSchema,
  statementListSchema,
} from "../../schemas/api/capsules.ts";
import { PREDICATE_RECEIPT } from "../../schemas/statement.ts";
import { verificationReportSchema } from "../../schemas/verification.ts";
import { ownerClient } from "./support/api-client.ts";
import { makeCapsule, makeGreeter, packContainer, signAbout } from "./support/capsule-maker.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { cutRaw } from "./support/raw-request.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const PAGE = { "index.html": "<h1>Split the bill</h1>", "style.css": "h1 { color: navy }", "a/b.txt": "b" };

let project: TestProject;

beforeAll(async () => {
  project = await makeProject(ownerClient());
});

describe("an upload in steps", () => {
  test("negotiation lists every file of a new capsule, once", async () => {
    const capsule = await makeCapsule(project.key, {
      "one.txt": "same",
      "two.txt": "same",
      "three.txt": "3",
    });
    const missing = await project.missing(capsule);
    expect(missing.toSorted()).toEqual([...capsule.blobs.keys()].toSorted());
  });

  test("nothing is visible before finalise, and all of it after", async () => {
    const capsule = await makeCapsule(project.key, PAGE, { version: "1.0.0" });
    const before = await project.footprint();
    expect((await project.putBatch(capsule.blobs)).status).toBe(200);
    expect(await project.footprint()).toEqual(before);
    expectProblem(await project.api.get(`/api/capsules/${capsule.capsuleDigest}`), "not-found", /no capsule/);

    const accepted = (await project.finalise(capsule)).expect(201, acceptedSchema);
    expect(accepted.capsuleDigest).toBe(capsule.capsuleDigest);
    expect(accepted.report.verdict).toBe("pass");
    expect((await project.capsules()).map((found) => found.capsuleDigest)).toContain(capsule.capsuleDigest);
    const [event] = await project.events(`&type=capsule.accepted`);
    expect(event?.data).toMatchObject({ capsuleDigest: capsule.capsuleDigest, version: "1.0.0" });
    expect(event?.seq).toBe(accepted.eventSeq);
    const detail = await project.api.get(`/api/capsules/${capsule.capsuleDigest}`);
    expect(detail.expect(200, capsuleDetailSchema).manifest).toEqual(capsule.manifest);
  });

  test("a statement that comes later is kept, stands on the timeline, and changes nothing of the capsule", async () => {
    const capsule = await makeCapsule(project.key, PAGE, { version: "1.1.1" });
    const first = await project.push(capsule);
    const { manifest, capsuleDigest } = capsule;
    const later = await signAbout(project.key, manifest.id, capsuleDigest, "2");
    const again = await project.finalise({ manifest, envelopes: [...capsule.envelopes, later] });
    expect(again.expect(201, acceptedSchema).eventSeq).toBe(first.eventSeq);
    const path = `/api/capsules/${capsuleDigest}/statements?projectId=${project.projectId}`;
    const { items } = (await project.api.get(path)).expect(200, statementListSchema);
    const receipts = items.filter(({ predicateType }) => predicateType === PREDICATE_RECEIPT);
    expect([items.length, receipts.length]).toEqual([4, 2]);
    const events = await project.events();
    expect(events.at(-1)).toMatchObject({ type: "statement.added", data: { capsuleDigest } });
    expect(events.at(-1)?.data?.envelopes).toHaveLength(2);
    await project.finalise({ manifest, envelopes: [later] });
    expect(await project.events()).toHaveLength(events.length);
  });

  test("finalising again gives the same answer and no second event, also twice at once", async () => {
    const capsule = await makeCapsule(project.key, PAGE, { version: "1.1.0" });
    const first = await project.push(capsule);
    const after = await project.footprint();
    const answers = await Promise.all([
      project.finalise(capsule),
      project.finalise(capsule),
      project.finalise(capsule),
    ]);
    for (const answer of answers) expect(answer.expect(201, acceptedSchema)).toEqual(first);
    expect(await project.footprint()).toEqual(after);
  });

  test("the first finalise, sent four times at once, makes one event", async () => {
    const capsule = await makeCapsule(project.key, PAGE, { version: "1.2.0" });
    expect((await project.putBatch(capsule.blobs)).status).toBe(200);
    const answers = await Promise.all([1, 2, 3, 4].map(() => project.finalise(capsule)));
    const accepted = answers.map((answer) => answer.expect(201, acceptedSchema));
    expect(new Set(accepted.map((one) => one.eventSeq)).size).toBe(1);
    const events = await project.events("&type=capsule.accepted");
    expect(events.filter((event) => event.data?.capsuleDigest === capsule.capsuleDigest)).toHaveLength(1);
  });

  test("changing one file of a capsule leaves exactly that one to be put", async () => {
    await project.push(await makeCapsule(project.key, PAGE, { version: "2.0.0" }));
    const changed = await makeCapsule(
      project.key,
      { ...PAGE, "index.html": "<h1>Changed</h1>" },
      { version: "2.0.1" },
    );
    const index = changed.manifest.files.find((file) => file.path === "index.html");
    expect(await project.missing(changed)).toEqual([index?.sha256]);
  });

  test("a single put tells size and CRC-32, and may be repeated", async () => {
    const bytes = new TextEncoder().encode("put me twice");
    const sha256 = nodeHashing.sha256HexSync?.(bytes) ?? "";
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const put = (await project.putBlob(sha256, bytes)).expect(200, blobPutSchema);
      expect(put).toEqual({ sha256, sizeBytes: bytes.length, crc32: nodeHashing.crc32(bytes, 0) });
    }
  });

  test("an empty file is a file", async () => {
    const capsule = await makeCapsule(
      project.key,
      { "empty.txt": "", "index.html": "e" },
      { version: "2.1.0" },
    );
    for (const [sha256, bytes] of capsule.blobs) {
      expect((await project.putBlob(sha256, bytes)).status).toBe(200);
    }
    (await project.finalise(capsule)).expect(201, acceptedSchema);
  });
});

describe("an upload that is cut half-way", () => {
  test("leaves nothing visible, and negotiating again lists only what is still missing", async () => {
    const large = new Uint8Array(3_000_000).fill(7);
    const capsule = await makeCapsule(
      project.key,
      { "index.html": "cut one", "other.html": "cut two", "large.bin": large },
      { version: "3.0.0" },
    );
    const largeFile = capsule.manifest.files.find((file) => file.path === "large.bin");
    const small = [...capsule.blobs].filter(([sha256]) => sha256 !== largeFile?.sha256);
    const before = await project.footprint();
    expect((await project.putBatch(small.slice(0, 1))).status).toBe(200);
    await cutRaw(project.api, {
      method: "PUT",
      path: `/api/blobs/${largeFile?.sha256}?projectId=${project.projectId}`,
      headers: { "content-length": String(large.length) },
      parts: [large.subarray(0, 1_500_000)],
    });
    expect(await project.footprint()).toEqual(before);
    const stillMissing = await project.missing(capsule);
    expect(stillMissing.toSorted()).toEqual([largeFile?.sha256, small[1]?.[0]].toSorted());

    await project.push(capsule);
    expect(await project.missing(capsule)).toEqual([]);
  });

  test("a batch that breaks off stores none of its parts", async () => {
    const capsule = await makeCapsule(project.key, { "x.html": "batch one", "y.html": "batch two" });
    const boundary = "cut";
    const part = (sha256: string, text: string) =>
      new TextEncoder().encode(
        `--${boundary}\r\ncontent-disposition: form-data; name="${sha256}"; filename="x"\r\n\r\n${text}\r\n`,
      );
    const [first] = capsule.blobs.keys();
    await cutRaw(project.api, {
      method: "POST",
      path: `/api/blobs/batch?projectId=${project.projectId}`,
      headers: { "content-type": `multipart/form-data; boundary=${boundary}`, "content-length": "100000" },
      parts: [part(first ?? "", "batch one")],
    });
    expect((await project.missing(capsule)).toSorted()).toEqual([...capsule.blobs.keys()].toSorted());
  });
});

describe("the .caps", () => {
  test("goes up in one request, moves the branch, and comes down again byte for byte", async () => {
    const capsule = await makeCapsule(project.key, { ...PAGE, "caps.txt": "whole" }, { version: "4.0.0" });
    const container = await packContainer(capsule);
    const upload = await project.api.send("POST", `/api/capsules/upload?projectId=${project.projectId}`, {
      body: container,
      headers: { "content-type": "application/octet-stream" },
    });
    const accepted = upload.expect(201, acceptedSchema);
    expect(accepted.capsuleDigest).toBe(capsule.capsuleDigest);
    const main = (await project.facts()).branches.find((branch) => branch.name === "main");
    expect(main?.capsuleDigest).toBe(capsule.capsuleDigest);

    const download = await project.api.get(`/api/capsules/${capsule.capsuleDigest}/download`);
    expect(download.status).toBe(200);
    expect(download.headers.get("content-disposition")).toMatch(
      /^attachment; filename="fair-share-4\.0\.0\.caps"/,
    );
    expect(download.headers.get("x-content-type-options")).toBe("nosniff");
    expect(download.headers.get("content-security-policy")).toMatch(/^sandbox/);
    expect(Buffer.compare(download.bytes, container)).toBe(0);
  });

  test("that was put together from blobs verifies with core and has the same digest", async () => {
    const capsule = await makeGreeter(project.key, "download me");
    await project.push(capsule);
    const download = await project.api.get(`/api/capsules/${capsule.capsuleDigest}/download`);
    const listed = await project.api.get(project.path("/keys"));
    const { revision, items: keys } = listed.expect(200, projectKeysSchema);
    const report = await verifyContainer(new Blob([new Uint8Array(download.bytes)]).stream(), {
      trust: { revision, keys, thresholds: {} },
      hashing: nodeHashing,
      expectedDigest: capsule.capsuleDigest,
      hasParent: () => true,
    });
    expect(report.steps.filter((step) => step.status !== "pass")).toEqual([]);
    expect(report.verdict).toBe("pass");
    expect(report.capsuleDigest).toBe(capsule.capsuleDigest);
  });

  test("the stored report says the same when every byte is hashed again", async () => {
    const capsule = await makeGreeter(project.key, "verify me");
    await project.push(capsule);
    const path = `/api/capsules/${capsule.capsuleDigest}/verify`;
    const stored = (await project.api.get(path)).expect(200, verificationReportSchema);
    const again = (await project.api.get(`${path}?again=1`)).expect(200, verificationReportSchema);
    expect(stored.verdict).toBe("pass");
    expect(again.verdict).toBe("pass");
  });
});
