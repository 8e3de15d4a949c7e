// The houses of the matrix: an organization that is full of marked things, with every role and every lack of a scope, and
// another one that must see none of it.
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import {
  ALL_SCOPES,
  MEMBER_ROLES,
  type Permission,
  ROLE_PERMISSIONS,
  type Scope,
} from "../../../../schemas/permissions.ts";
import { ApiClient } from "../api-client.ts";
import { type MadeCapsule, makeCapsule, makeWorkerApp } from "../capsule-maker.ts";
import { draftMember, draftOrganization, insertAll } from "../make-organization.ts";
import { makeHouse } from "../people.ts";
import { startSimulation, waitForResult } from "../rehearse.ts";
import { makeProject, type TestProject } from "../test-project.ts";

export type Standing =
  /** Nobody whom the platform knows: 401. */
  | { readonly kind: "unknown" }
  /** A member, or a token of one, of the marked organization. */
  | { readonly kind: "own"; readonly permissions: ReadonlySet<Permission> }
  /** May everything in the marked organization, but in another project. */
  | { readonly kind: "other-project" }
  /** May everything in an organization of its own. */
  | { readonly kind: "other-tenant" };

/** Who asks: a token, or a browser with its cookie and its origin. */
export type Principal = {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly standing: Standing;
  /** A session, not a token. */
  readonly isPerson?: boolean;
};

export type MatrixWorld = {
  readonly url: string;
  /** Stands in names, files, messages, logs: no one else may ever read it. */
  readonly marker: string;
  readonly own: {
    readonly organizationId: string;
    readonly marker: string;
    readonly project: TestProject;
    readonly capsule: MadeCapsule;
    readonly deployId: string;
    /** In another project of the same organization: it cannot be built. */
    readonly failedDeployId: string;
    /** Of the main branch. */
    readonly headSeq: number;
    readonly tokenId: string;
    readonly keyId: string;
    /** Sealed. */
    readonly simId: string;
  };
  readonly principals: readonly Principal[];
};

export async function makeWorld(): Promise<MatrixWorld> {
  const { url } = inject("platform");
  const marker = `secret-of-a-${randomBytes(8).toString("hex")}`;
  const marked = draftOrganization(marker);
  const owner = await draftMember(marked, { role: "owner", scopes: ALL_SCOPES, projectId: null });
  const other = draftOrganization("other");
  const stranger = await draftMember(other, { role: "owner", scopes: ALL_SCOPES, projectId: null });
  await insertAll([marked, other]);

  const furnished = await furnish(new ApiClient(url, owner), marker);
  const own = { ...furnished, organizationId: marked.organizationId, marker };
  const elsewhere = await makeProject(new ApiClient(url, owner));
  const bound = { role: "owner", scopes: ALL_SCOPES, projectId: elsewhere.projectId } as const;
  const principals: Principal[] = [
    { name: "nobody", headers: {}, standing: { kind: "unknown" } },
    { name: "a malformed token", headers: bearer("osk_not-a-token"), standing: { kind: "unknown" } },
    {
      name: "a well-formed token of nobody",
      headers: bearer(flipLast(owner)),
      standing: { kind: "unknown" },
    },
    {
      name: "the owner of another organization",
      headers: bearer(stranger),
      standing: { kind: "other-tenant" },
    },
    {
      name: "a token of another project",
      headers: bearer(await draftMember(marked, bound)),
      standing: { kind: "other-project" },
    },
  ];
  for (const role of MEMBER_ROLES) {
    const token = await draftMember(marked, { role, scopes: ALL_SCOPES, projectId: null });
    principals.push({ name: role, headers: bearer(token), standing: allowed(ALL_SCOPES, role) });
  }
  for (const scope of ALL_SCOPES) {
    const scopes = ALL_SCOPES.filter((candidate) => candidate !== scope);
    const token = await draftMember(marked, { role: "owner", scopes, projectId: null });
    principals.push({ name: `without ${scope}`, headers: bearer(token), standing: allowed(scopes, "owner") });
  }
  await insertAll([marked]);
  const { people } = await makeHouse(MEMBER_ROLES, marked.organizationId);
  const guests = await makeHouse(["owner"]);
  for (const [index, role] of MEMBER_ROLES.entries()) {
    const person = people[index];
    if (person === undefined) throw new Error(`nobody is ${role}`);
    const permissions = ROLE_PERMISSIONS[role];
    const standing = { kind: "own", permissions } as const;
    principals.push({ name: `${role} in a browser`, headers: person.browser, standing, isPerson: true });
  }
  for (const person of guests.people) {
    const standing = { kind: "other-tenant" } as const;
    principals.push({ name: "a stranger in a browser", headers: person.browser, standing, isPerson: true });
  }
  return { url, marker, own, principals };
}

/** A project with the marker in everything that a route can tell. */
export async function furnish(
  api: ApiClient,
  marker: string,
): Promise<Omit<MatrixWorld["own"], "organizationId" | "marker">> {
  const project = await makeProject(api);
  await project.rename(marker);
  const source = `export default { fetch() { console.log("${marker}"); return new Response("${marker}"); } };\n`;
  const lockfile = JSON.stringify({ name: marker, lockfileVersion: 3, packages: {} });
  const files = { "src/index.js": source, "package-lock.json": lockfile };
  const capsule = await makeCapsule(project.key, files, { name: marker, app: { entry: "src/index.js" } });
  await project.push(capsule, "main");
  const { deployId } = await project.ship(capsule);
  await project.visit("dev");
  const { branches } = await project.facts();
  const token = await api.post("/api/tokens", { name: marker, scopes: ["projects:read"] });
  const keys = await api.get("/api/keys");
  return {
    project,
    capsule,
    deployId,
    failedDeployId: await failDeploy(api),
    headSeq: branches.find(({ name }) => name === "main")?.headSeq ?? 0,
    tokenId: (token.json() as { tokenId: string }).tokenId,
    simId: await rehearse(project, capsule.capsuleDigest),
    keyId: (keys.json() as { items: { keyId: string }[] }).items[0]?.keyId ?? "",
  };
}

async function rehearse(project: TestProject, capsuleDigest: string): Promise<string> {
  const { simId } = await startSimulation(project, capsuleDigest, { params: { nodes: 2, seed: 1 } });
  await waitForResult(project.api, simId);
  return simId;
}

async function failDeploy(api: ApiClient): Promise<string> {
  const project = await makeProject(api);
  const broken = await makeWorkerApp(project.key, "this is no JavaScript {{{");
  await project.push(broken);
  const run = await project.waitForDeploy(await project.startDeploy(broken.capsuleDigest, "dev"));
  if (run.status !== "error") throw new Error(`the broken app was deployed: ${run.status}`);
  return run.deployId;
}

function allowed(scopes: readonly Scope[], role: keyof typeof ROLE_PERMISSIONS): Standing {
  return {
    kind: "own",
    permissions: new Set(scopes.filter((scope) => ROLE_PERMISSIONS[role].has(scope))),
  };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** Another token; its checksum is wrong with it. */
function flipLast(token: string): string {
  return token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
}
