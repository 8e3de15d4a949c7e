// Every route × everybody. A route without a row fails, and so does a row without a route. What comes back is the
// documented status, and never a byte of what belongs to others.
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import { ALL_SCOPES } from "../../schemas/permissions.ts";
import { ApiClient } from "./support/api-client.ts";
import { LiveSocket } from "./support/live-socket.ts";
import { CAPSULE_ROWS } from "./support/route-matrix/capsule-rows.ts";
import { HISTORY_ROWS } from "./support/route-matrix/history-rows.ts";
import { IDENTITY_ROWS } from "./support/route-matrix/identity-rows.ts";
import { MESH_ROWS } from "./support/route-matrix/mesh-rows.ts";
import { PLATFORM_ROWS } from "./support/route-matrix/platform-rows.ts";
import type { MatrixRow } from "./support/route-matrix/row.ts";
import { type MatrixWorld, makeWorld, type Principal } from "./support/route-matrix/world.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const ROWS: readonly MatrixRow[] = [
  ...PLATFORM_ROWS,
  ...HISTORY_ROWS,
  ...CAPSULE_ROWS,
  ...IDENTITY_ROWS,
  ...MESH_ROWS,
];
/** Requests at once. */
const AT_ONCE = 8;
/** Routes on which the marker must be seen by its owner, or its absence elsewhere would prove nothing. */
const MARKED_ROUTES_MIN = 10;
const DESTRUCTIVE: ReadonlySet<string> = new Set([
  "DELETE /api/projects/{id}",
  "PATCH /api/projects/{id}",
  "PUT /api/projects/{id}/environments/{env}/policy",
]);
const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), z.looseObject({ operationId: z.string() }))),
});

let world: MatrixWorld;
let routes: readonly string[];
const markedRoutes = new Set<string>();

beforeAll(async () => {
  world = await makeWorld();
  const answer = await new ApiClient(world.url, null).get("/api/openapi.json");
  const { paths } = answer.expect(200, documentSchema);
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
});

test("every route of the OpenAPI document has one row, and every row a route", () => {
  expect(ROWS.map(({ route }) => route).toSorted()).toEqual(routes.toSorted());
});

test("each principal gets of each route what the table of permissions says, and nothing of others", async () => {
  // Well over a thousand requests: on a busy machine they take their time.
  const { project } = world.own;
  const before = await untouched(project);
  const failures: string[] = [];
  markedRoutes.clear();
  const asked = world.principals.flatMap((principal) =>
    ROWS.filter((row) => principal.isPerson !== true || row.isForTokensHere !== true).map((row) => ({
      principal,
      row,
    })),
  );
  await inTurns(asked, async ({ principal, row }) => {
    const problem = await ask(principal, row);
    if (problem !== null) failures.push(`${row.route} by ${principal.name}: ${problem}`);
  });
  expect(failures).toEqual([]);
  expect(asked.length).toBeGreaterThan(1_000);
  expect(markedRoutes.size, [...markedRoutes].join(", ")).toBeGreaterThanOrEqual(MARKED_ROUTES_MIN);
  expect(await untouched(project)).toEqual(before);
}, 300_000);

describe("the live socket", () => {
  test("opens to who may read the project, and tells each other why not, without a frame", async () => {
    await inTurns(world.principals, async (principal) => {
      const { standing } = principal;
      const socket = LiveSocket.open(new ApiClient(world.url, null), world.own.project.projectId, {
        ...principal.headers,
      });
      if (standing.kind === "own" && standing.permissions.has("projects:read")) {
        await socket.resume(0, null);
        expect(await socket.frame("hello"), principal.name).toBeDefined();
        socket.close();
        return;
      }
      const code = standing.kind === "unknown" ? CLOSE_SIGN_IN_AGAIN : CLOSE_NOT_ALLOWED;
      const closing = await socket.closed();
      expect(closing.code, principal.name).toBe(code);
      expect(JSON.stringify([closing, socket.frames])).not.toContain(world.marker);
    });
  });
});

/** What is wrong with the answer, or null. */
async function ask(principal: Principal, row: MatrixRow): Promise<string | null> {
  const { path, isStream, ...options } = row.ask(await targetOf(principal, row));
  const api = new ApiClient(world.url, null);
  const [method = ""] = row.route.split(" ");
  const abort = new AbortController();
  const headers = { ...options.headers, ...principal.headers };
  const response = await api.open(method, path, { ...options, headers, signal: abort.signal });
  const { status } = response;
  const isWholeWanted = isStream !== true || status !== 200;
  const body = isWholeWanted ? Buffer.from(await response.arrayBuffer()).toString("latin1") : "";
  if (!isWholeWanted) abort.abort();
  const expected = expectedOf(principal, row);
  const told = `${status} ${body.slice(0, 300)}`;
  if (!expected.includes(status)) return `expected ${expected.join(" or ")}, got ${told}`;
  const isOfOthers = principal.standing.kind === "other-project" ? row.reach === "project" : true;
  const mayRead = principal.standing.kind === "own" && row.letIn.includes(status);
  const text = body + JSON.stringify([...response.headers]);
  if (mayRead && text.includes(world.marker)) markedRoutes.add(row.route);
  if (isOfOthers && !mayRead && text.includes(world.marker)) return `it tells what is not theirs: ${told}`;
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  if (status >= 400 && row.isOauth !== true && !isProblem) return `no problem document: ${told}`;
  return null;
}

/** Where being let in leaves a trace: these go to a project that is made for this one request. */
async function targetOf(principal: Principal, row: MatrixRow): Promise<MatrixWorld["own"]> {
  if (!DESTRUCTIVE.has(row.route) || !expectedOf(principal, row).includes(row.letIn[0] ?? 0))
    return world.own;
  return { ...world.own, project: await makeProject(world.own.project.api) };
}

function expectedOf({ standing, isPerson = false }: Principal, row: MatrixRow): readonly number[] {
  const { permission, reach, letIn, boundElsewhere = letIn } = row;
  if (permission === "open") return letIn;
  if (standing.kind !== "unknown" && row.isForPersons === true && !isPerson) return [403];
  const needs = [permission, row.alsoNeeds].filter((need) => need !== undefined && need !== "login");
  switch (standing.kind) {
    case "unknown":
      return [401];
    case "other-tenant":
      return reach === "organization" ? letIn : [404];
    case "other-project":
      // It holds every scope; what only people may do is no scope.
      if (reach === "tenant" && needs.some((need) => !ALL_SCOPES.some((scope) => scope === need)))
        return [403];
      return reach === "project" ? [404] : boundElsewhere;
    case "own":
      if (permission === "login") return letIn;
      return needs.every((need) => standing.permissions.has(need)) ? letIn : [403];
  }
}

async function untouched(project: TestProject) {
  const { facts, capsules, deploys } = await project.footprint();
  return { facts, capsules, deploys, events: (await project.events()).length };
}

async function inTurns<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
