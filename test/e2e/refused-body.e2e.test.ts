// A refusal reaches its client although the client is still sending: the rest of the body is read before the answer goes
// out. Without that the connection ends under the client, which then sees a reset instead of the reason.
import { beforeAll, describe, expect, test } from "vitest";
import { ApiClient, ownerClient } from "./support/api-client.ts";
import { makeCapsule } from "./support/capsule-maker.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { askRaw } from "./support/raw-request.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const BODY = new Uint8Array(24_000_000);
const OCTETS = { "content-type": "application/octet-stream" };
const ROUNDS = 5;

let project: TestProject;

beforeAll(async () => {
  project = await makeProject(ownerClient());
});

/** Parts of the body without a Content-Length: the size is only known once it has come. */
const CHUNKED = Array.from({ length: 40 }, () => new Uint8Array(1_048_576).fill(0x20));

describe("a client that is still sending 24 MB reads", () => {
  test.for(Array.from({ length: ROUNDS }, (_, round) => round))("401 without a token (%i)", async () => {
    const path = `/api/capsules/upload?projectId=${project.projectId}`;
    const answer = await new ApiClient(project.api.url, null).send("POST", path, {
      body: BODY,
      headers: OCTETS,
    });
    expectProblem(answer, "unauthenticated", /Bearer osk_/);
  });

  test("404 where nothing is", async () => {
    const answer = await project.api.send("POST", "/api/nothing", { body: BODY, headers: OCTETS });
    expectProblem(answer, "not-found", /\/api\/nothing/);
  });

  test("415 for a media type that is not read", async () => {
    const path = `/api/blobs/batch?projectId=${project.projectId}`;
    const answer = await project.api.send("POST", path, { body: BODY, headers: OCTETS });
    expectProblem(answer, "unsupported-media-type", /multipart\/form-data/);
  });

  test("413 for a batch above its limit", async () => {
    const path = `/api/blobs/batch?projectId=${project.projectId}`;
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const answer = await project.api.send("POST", path, { body: BODY, headers });
    expectProblem(answer, "too-large", /16777216 bytes/);
  });

  test("413 for JSON above its limit, whether its length is announced or not", async () => {
    const headers = { "content-type": "application/json" };
    const body = new Uint8Array(40_000_000);
    const announced = await project.api.send("PATCH", project.path(), { body, headers });
    expectProblem(announced, "too-large", /33554432 bytes/);
    const unannounced = await askRaw(project.api, {
      method: "PATCH",
      path: project.path(),
      headers,
      parts: CHUNKED,
      ending: "end",
    });
    expectProblem(unannounced, "too-large", /33554432 bytes/);
  });

  test("400 for a container that is wrong from its first byte on", async () => {
    const path = `/api/capsules/upload?projectId=${project.projectId}`;
    const answer = await project.api.send("POST", path, { body: BODY, headers: OCTETS });
    expectProblem(answer, "capsule-invalid", /container/i);
  });

  test("405 from a static app", async () => {
    await project.ship(await makeCapsule(project.key, { "index.html": "<h1>Still</h1>" }));
    const answer = await askRaw(project.api, {
      method: "POST",
      path: "/",
      headers: { ...OCTETS, host: `${project.label}--dev.apps.localhost:${new URL(project.api.url).port}` },
      parts: CHUNKED,
      ending: "end",
    });
    expect(answer.status, answer.text).toBe(405);
  });
});

test("a client that announces a body and never sends it is answered all the same", async () => {
  const answer = await askRaw(new ApiClient(project.api.url, null), {
    method: "POST",
    path: "/api/projects",
    headers: { "content-type": "application/json", "content-length": "1000" },
    ending: "open",
  });
  expectProblem(answer, "unauthenticated", /Bearer osk_/);
});
