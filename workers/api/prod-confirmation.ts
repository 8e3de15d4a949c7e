// A prod action is restated and waits for a person (API.md, confirmations).
import type { Actor } from "../../adapters/database/actor.ts";
import type { EnvironmentAction } from "../../core/deploy/prod-actions.ts";
import { ENVIRONMENTS } from "../../schemas/environment.ts";
import type { ProdRequest, RestatedTrustChange } from "../../schemas/prod-request.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";
import { orThrow, type ResolvedProject } from "./resolve-project.ts";

/** Where a person reads the restatement and answers. */
export const CONFIRMATIONS_PATH = "/confirmations";

/**
 * Does nothing where nobody must confirm. A prod action is stored instead of done, and 428 says in full what it would do
 * and where a person answers; confirming carries it out.
 */
export async function confirmIfProd(
  door: Door,
  actor: Actor,
  project: ResolvedProject,
  action: EnvironmentAction,
  request: ProdRequest,
): Promise<void> {
  if (!(await project.object.asksPerson(action, request.env))) return;
  const { ref, login } = actor;
  const asked = await project.object.requestProd(request, { actor: ref, login: login.kind });
  const { confirmationId, restatement, restatementHash, expiresAt } = orThrow(asked);
  const url = new URL(`${CONFIRMATIONS_PATH}/${confirmationId}`, door.req.url).href;
  const detail = `${restatement.sentence} A person must confirm this within 10 minutes, signed in at ${url}.`;
  throw new AppError("confirmation-needed", detail, {
    members: { confirmationId, restatement, restatementHash, expiresAt, url },
  });
}

/** The same for a change of whom the project trusts, once something is live in an environment that asks for a person. */
export async function confirmTrustIfProd(
  door: Door,
  actor: Actor,
  project: ResolvedProject,
  change: RestatedTrustChange,
  envelopeSha256: string | null,
): Promise<void> {
  for (const env of ENVIRONMENTS) {
    await confirmIfProd(door, actor, project, "change-trust", { kind: "trust", env, change, envelopeSha256 });
  }
}
