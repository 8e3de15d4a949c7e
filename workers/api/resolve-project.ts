// From what a caller names to what it may see. Another tenant's project is not there (404).
import type { Context } from "hono";
import type { Actor } from "../../adapters/database/actor.ts";
import { findProject, type Project } from "../../adapters/database/projects.ts";
import type { ProjectFailure } from "../../durable-objects/project/project-failure.ts";
import type { ProjectObject } from "../../durable-objects/project/project-object.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { Scope } from "../../schemas/permissions.ts";
import type { Result } from "../../schemas/result.ts";
import { requirePermission } from "../identity/authenticate.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";

export type ResolvedProject = {
  readonly row: Project;
  readonly owner: { readonly organizationId: string; readonly projectId: string };
  readonly object: DurableObjectStub<ProjectObject>;
};

/** The project of the caller's organization with this id or label, after checking the scope. */
export async function resolveProject(
  context: Context<ApiEnv>,
  idOrLabel: string,
  scope: Scope,
): Promise<ResolvedProject> {
  return await resolveProjectFor(context, context.get("actor"), idOrLabel, scope);
}

/** The same for a change that routes and pages make alike. */
export async function resolveProjectFor(
  door: Door,
  actor: Actor,
  idOrLabel: string,
  scope: Scope,
): Promise<ResolvedProject> {
  requirePermission(actor, scope);
  const row = await findProject(door.env.DB, actor, idOrLabel);
  if (row === null) throw noProject(idOrLabel);
  return {
    row,
    owner: { organizationId: row.orgId, projectId: row.id },
    object: door.env.PROJECTS.getByName(row.id),
  };
}

/** Another tenant's is the same as none. */
export function noProject(idOrLabel: string): AppError {
  return new AppError("not-found", `There is no project ${idOrLabel} here; oursynth projects lists yours.`);
}

/** The value, or the project object's failure as a problem. */
export function orThrow<Value>(result: Result<Value, ProjectFailure>): Value {
  if (result.ok) return result.value;
  throw toProblem(result.reason);
}

/** What a project object answered instead of throwing, with what the caller can do about it. */
export function toProblem({ code, message }: ProjectFailure): AppError {
  const detail = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  switch (code) {
    case "not-found":
    case "conflict":
      return new AppError(code, detail);
    case "head-moved":
      return new AppError(
        code,
        `${detail} Read the branch again, bring your change up to date, and repeat it.`,
      );
    case "revision-moved":
      return new AppError(code, `${detail} Look at what is live now, and repeat it if you still want to.`);
    case "secrets-missing":
      return new AppError(code, detail);
    case "trust-moved":
      return new AppError(code, `${detail} Read the record again, and repeat it if you still want to.`);
  }
}

/** Where an environment of a project answers, with the port that this request came by. */
export function environmentUrl(context: Context<ApiEnv>, label: string, environment: Environment): string {
  const { protocol, port } = new URL(context.req.url);
  const host = `${label}--${environment}.${context.env.OURSYNTH_APPS_DOMAIN}`;
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}/`;
}
