// One change of a key in every project that trusts it. Asking again changes those that a cut left out.
import type { Context } from "hono";
import { listProjects } from "../../adapters/database/projects.ts";
import type { TrustChange } from "../../core/signing/change-trust.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";

const PROJECTS_PER_PAGE = 50;
/** Each project is asked once or twice, and a request may ask a thousand times. */
const MAX_PROJECTS = 400;

type Change = {
  readonly change: Extract<TrustChange, { readonly kind: "rotated" | "revoked" }>;
  readonly envelopeSha256: string | null;
  readonly reason: string;
};

/** The projects that changed, each with its new revision. */
export async function changeInProjects(
  context: Context<ApiEnv>,
  keyId: string,
  change: Change,
): Promise<{ projectId: string; revision: number }[]> {
  const changed: { projectId: string; revision: number }[] = [];
  let before: number | null = null;
  for (let seen = 0; seen < MAX_PROJECTS; seen += PROJECTS_PER_PAGE) {
    const page = await listProjects(context.env.DB, context.get("actor"), {
      limit: PROJECTS_PER_PAGE,
      before,
    });
    const done = await Promise.all(page.map(({ id }) => changeInProject(context, id, keyId, change)));
    changed.push(...done.filter((project) => project !== null));
    const last = page.at(-1);
    if (last === undefined || page.length < PROJECTS_PER_PAGE) return changed;
    before = last.ordinal;
  }
  const detail = `It is retired in the organization and in the newest ${MAX_PROJECTS} projects; name the others one by one with projectId.`;
  throw new AppError("conflict", detail);
}

async function changeInProject(
  context: Context<ApiEnv>,
  projectId: string,
  keyId: string,
  { change, envelopeSha256, reason }: Change,
): Promise<{ projectId: string; revision: number } | null> {
  const object = context.env.PROJECTS.getByName(projectId);
  const record = await object.trustRecord();
  const line = record.keys.find((key) => key.keyId === keyId);
  // A project may have moved on by itself; a revocation still comes over a rotation.
  if (line === undefined || (line.state !== undefined && change.kind === "rotated")) return null;
  const actor = context.get("actor").ref;
  const changed = await object.changeTrust({
    change,
    expectedRevision: null,
    envelopeSha256,
    reason,
    actor,
  });
  return changed.ok ? { projectId, revision: changed.value.revision } : null;
}
