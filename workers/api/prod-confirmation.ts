// A prod action is restated and waits for a person (API.md, confirmations).

import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { computeJsonDigest } from "../../core/capsule/digest.ts";
import { isProdAction } from "../../core/deploy/prod-actions.ts";
import { CONFIRMATION_TTL_MS } from "../../durable-objects/project/confirmation-storage.ts";
import type { Environment, SecretEnvironment } from "../../schemas/environment.ts";
import { AppError } from "./app-error.ts";
import type { ResolvedProject } from "./resolve-project.ts";

/** The id also says in which project it waits, so that it can be found again. */
const SEPARATOR = ".";

/**
 * Stores the request and answers 428 with its restatement. Throws always.
 * @param restatement the whole action in one sentence, as a person will be asked to confirm it
 */
async function askForConfirmation(
  project: ResolvedProject,
  request: Readonly<Record<string, unknown>>,
  restatement: string,
): Promise<never> {
  const random = newId("confirmation");
  const confirmation = {
    confirmationId: `${random}${SEPARATOR}${project.row.id}`,
    request,
    restatement,
    restatementHash: await computeJsonDigest(restatement, workerdHashing),
    expiresAt: Date.now() + CONFIRMATION_TTL_MS,
  };
  await project.object.addConfirmation(confirmation);
  const { confirmationId, restatementHash, expiresAt } = confirmation;
  const detail = `${restatement} A person must confirm this in a signed-in browser session; this version of the platform has no sign-in yet, so it cannot be confirmed. Use dev or staging.`;
  throw new AppError("confirmation-needed", detail, {
    members: { confirmationId, restatement, restatementHash, expiresAt },
  });
}

/** The project that a confirmation's id names; null when it has no such form. */
export function projectOfConfirmation(confirmationId: string): string | null {
  return confirmationId.split(SEPARATOR)[1] ?? null;
}

/** Does nothing outside prod; a prod action is restated, and 428 says how it goes on. */
export async function confirmIfProd(
  project: ResolvedProject,
  action: "deploy" | "activate",
  capsuleDigest: string,
  env: Environment,
): Promise<void> {
  if (!isProdAction(action, env)) return;
  const verb = action === "deploy" ? "Deploy" : "Activate";
  const restatement = `${verb} ${capsuleDigest} of ${project.row.label} in ${env}.`;
  await askForConfirmation(project, { action, capsuleDigest, env, projectId: project.row.id }, restatement);
}

/** A secret that is to be set waits sealed, and is dropped when the confirmation expires. */
export type SecretAction = { readonly env: SecretEnvironment; readonly name: string } & (
  | { readonly action: "set-secret"; readonly sealed: string }
  | { readonly action: "remove-secret"; readonly isForced: boolean }
);

/** The same for a change of an environment's secrets; the restatement names the secret, never its value. */
export async function confirmSecretIfProd(project: ResolvedProject, secret: SecretAction): Promise<void> {
  if (!isProdAction(secret.action, secret.env)) return;
  const verb = secret.action === "set-secret" ? "Set" : "Remove";
  const restatement = `${verb} the secret ${secret.name} of ${project.row.label} in ${secret.env}.`;
  await askForConfirmation(project, { ...secret, projectId: project.row.id }, restatement);
}
