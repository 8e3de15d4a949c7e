// What the client does when an answer does not come: asking again must not do a thing twice.
import { expect, test } from "vitest";
import { FakePlatform, TOKEN } from "../test-support/fake-platform.ts";
import { PlatformClient } from "./client.ts";

test("a POST is asked again with its first Idempotency-Key, also while the first is under way", async () => {
  const platform = await FakePlatform.start();
  const keys: (string | undefined)[] = [];
  platform.routes.set("POST /api/projects", (_seen, _body, request) => {
    keys.push(String(request.headers["idempotency-key"]));
    // A server before the platform that lost its connection, then a platform that is not ready.
    const status = [500, 503][keys.length - 1];
    return status !== undefined ? { status, json: {} } : { status: 201, json: { projectId: "prj_1" } };
  });
  const client = new PlatformClient({ url: new URL(platform.url), token: TOKEN });
  expect(await client.post("/api/projects", { label: "once" })).toEqual({ projectId: "prj_1" });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  await client.post("/api/projects", { label: "twice" });
  expect(keys[3]).not.toBe(keys[0]);
});

test("a conflict is told at once: only one that says when to come back is asked again", async () => {
  const platform = await FakePlatform.start();
  platform.problem("POST /api/projects", 409, "conflict", "The label is taken.");
  const client = new PlatformClient({ url: new URL(platform.url), token: TOKEN });
  await expect(client.post("/api/projects", { label: "taken" })).rejects.toMatchObject({ status: 409 });
  expect(platform.requestsTo("POST /api/projects")).toHaveLength(1);
});
