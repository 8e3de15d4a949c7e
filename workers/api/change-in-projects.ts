// One change of a key in every project that trusts it. Asking again changes those that a cut left out.
import type { Actor } from "../../adapters/database/actor.ts";
import { listProjects } from "../../adapters/database/projects.ts";
import type { TrustChange } from "../../core/signing/change-trust.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";

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
  door: Door,
  actor: Actor,
  keyId: string,
  change: Change,
): Promise<{ projectId: string; revision: number }[]> {
  const changed: { projectId: string; revision: number }[] = [];
  let before: number | null = null;
  for (let seen = 0; seen < MAX_PROJECTS; seen += PROJECTS_PER_PAGE) {
    const page = await listProjects(door.env.DB, actor, { limit: PROJECTS_PER_PAGE, before });
    const done = await Promise.all(
      page.map(({ id }) => changeInProject(door, actor, id, { ...change, keyId })),
    );
    changed.push(...done.filter((project) => project !== null));
    const last = page.at(-1);
    if (last === undefined || page.length < PROJECTS_PER_PAGE) return changed;
    before = last.ordinal;
  }
  const detail = `It is retired in the organization and in the newest ${MAX_PROJECTS} projects; name the others one by one with projectId.`;
  throw new AppError("conflict", detail);
}

async function changeInProject(
  door: Door,
  actor: Actor,
  projectId: string,
  { keyId, change, envelopeSha256, reason }: Change & { readonly keyId: string },
): Promise<{ projectId: string; revision: number } | null> {
  const object = door.env.PROJECTS.getByName(projectId);
  const record = await object.trustRecord();
  const line = record.keys.find((key) => key.keyId === keyId);
  // A project may have moved on by itself; a revocation still comes over a rotation.
  if (line === undefined || (line.state !== undefined && change.kind === "rotated")) return null;
  const changed = await object.changeTrust({
    change,
    expectedRevision: null,
    envelopeSha256,
    reason,
    actor: actor.ref,
  });
  return changed.ok ? { projectId, revision: changed.value.revision } : null;
}
