// The published description of the API: valid by Redocly's recommended rules, and true about who may come in.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { ApiClient, ownerClient } from "./support/api-client.ts";
import { expectProblem } from "./support/expect-refusal.ts";

const REDOCLY = join(import.meta.dirname, "..", "..", "node_modules", "@redocly", "cli", "bin", "cli.js");
const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).length(1),
  parameters: z.array(z.looseObject({ in: z.string(), name: z.string() })).optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
});
const documentSchema = z.looseObject({
  openapi: z.string().startsWith("3.1"),
  paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), operationSchema)),
});

const lintSchema = z.looseObject({
  problems: z.array(
    z.looseObject({
      severity: z.string(),
      ruleId: z.string(),
      location: z.array(z.looseObject({ pointer: z.string().optional() })),
    }),
  ),
});

let text: string;
let operations: { method: string; path: string; operation: z.infer<typeof operationSchema> }[];

beforeAll(async () => {
  const answer = await new ApiClient(ownerClient().url, null).get("/api/openapi.json");
  text = answer.text;
  const { paths } = answer.expect(200, documentSchema);
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});

test("passes Redocly's recommended rules without an error, and with no warning but one that cannot be helped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-openapi-"));
  try {
    await writeFile(join(folder, "openapi.json"), text);
    await writeFile(join(folder, "redocly.yaml"), "extends: [recommended]\ntelemetry: off\n");
    const { problems } = await runRedocly(folder);
    const found = problems.map(
      ({ severity, ruleId, location }) => `${severity} ${ruleId} ${location[0]?.pointer ?? ""}`,
    );
    // A WebSocket's upgrade answers 101 and nothing else; and API.md has fixed `/result/{simId}` beside `/{simId}/replay`,
    // which no simId can be taken for.
    expect(found.sort()).toEqual([
      "warn no-ambiguous-paths #/paths/~1api~1mesh-sim~1{simId}~1cancel",
      "warn no-ambiguous-paths #/paths/~1api~1mesh-sim~1{simId}~1capsim",
      "warn no-ambiguous-paths #/paths/~1api~1mesh-sim~1{simId}~1replay",
      "warn operation-2xx-response #/paths/~1api~1projects~1{id}~1timeline~1live/get/responses",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("names every operation once, with a summary and one tag", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(35);
});

test("every route answers 401 in problem+json without a token, except those declared open", async () => {
  const nobody = new ApiClient(ownerClient().url, null);
  for (const { method, path, operation } of operations) {
    const address = path.replaceAll(/\{[^}]+\}/g, "x");
    const answer = await nobody.send(method, address);
    if (operation.security.length === 0) {
      expect(method === "GET" ? [200] : [400, 415], `${method} ${path}`).toContain(answer.status);
    } else {
      expectProblem(answer, "unauthenticated", /token/);
      expect(operation.responses["401"], `${method} ${path}`).toBeDefined();
    }
  }
  const open = operations.filter(({ operation }) => operation.security.length === 0).map(({ path }) => path);
  expect(open.toSorted()).toEqual([
    "/api/auth/device/code",
    "/api/auth/device/token",
    "/api/health",
    "/health",
    "/oai/health",
  ]);
});

/** POSTs that create nothing, or nothing that a second one could create again. */
const NOT_CREATING: Readonly<Record<string, string>> = {
  findMissing: "reads",
  putBlobs: "content-addressed",
  cancelDeploy: "the second finds it cancelled",
  decideConfirmation: "works once by itself",
  cancelSimulation: "the second finds it ended",
  verifyCapsim: "reads",
  acceptInvitation: "works once by itself",
  declineInvitation: "works once by itself",
  switchOrganization: "the second changes nothing",
  revokeKey: "the second finds it revoked",
  setSecret: "sets; and nothing made from a secret's value is kept to compare it with",
  startDeviceLogin: "nobody is known yet; codes that nobody approves end by themselves",
  pollDeviceLogin: "gives once by itself",
};

test("every POST that creates takes an Idempotency-Key and says what the key can answer", () => {
  const posts = operations.filter(({ method }) => method === "POST");
  for (const { path, operation } of posts) {
    const isDeclared = (operation.parameters ?? []).some(
      (parameter) => parameter.in === "header" && parameter.name === "idempotency-key",
    );
    expect(isDeclared, path).toBe(!(operation.operationId in NOT_CREATING));
    if (!isDeclared) continue;
    expect(operation.responses["409"]?.description, path).toContain("idempotency-in-flight");
    expect(operation.responses["422"]?.description, path).toContain("idempotency-mismatch");
  }
  const ids = new Set(posts.map(({ operation }) => operation.operationId));
  expect(Object.keys(NOT_CREATING).filter((id) => !ids.has(id))).toEqual([]);
});

test("every route with a token can answer 429", () => {
  for (const { path, operation } of operations.filter(({ operation }) => operation.security.length > 0))
    expect(operation.responses["429"]?.description, path).toContain("too-many-requests");
});

test("every declared route is served: none answers that there is nothing or not this method", async () => {
  const api = ownerClient();
  for (const { method, path } of operations) {
    const answer = await api.send(method, path.replaceAll(/\{[^}]+\}/g, "x"));
    expect(answer.text, `${method} ${path}`).not.toMatch(/There is nothing at|is not served at/);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(500);
  }
});

test("the page that shows it loads nothing from elsewhere", async () => {
  const nobody = new ApiClient(ownerClient().url, null);
  const page = await nobody.get("/api/docs");
  expect(page.status).toBe(200);
  expect(page.text).not.toMatch(/https?:\/\//);
  expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*connect-src 'self'/);
  for (const [, source] of page.text.matchAll(/<script src="([^"]+)"/g)) {
    expect((await nobody.get(source ?? "")).status, source).toBe(200);
  }
});

async function runRedocly(folder: string): Promise<z.infer<typeof lintSchema>> {
  const child = spawn(process.execPath, [REDOCLY, "lint", "openapi.json", "--format=json"], {
    cwd: folder,
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, "close");
  return lintSchema.parse(JSON.parse(output));
}
