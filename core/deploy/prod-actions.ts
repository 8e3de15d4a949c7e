// What counts as a prod action: one list, one function (ARCHITECTURE.md "Prod actions").
import type { SecretEnvironment } from "../../schemas/environment.ts";

export type EnvironmentAction =
  | "deploy"
  | "activate"
  | "rollback"
  | "set-secret"
  | "remove-secret"
  | "change-policy"
  | "change-trust";

/** prod, always, and whatever else the project's policies guard. */
export type Guarded = { readonly environment: SecretEnvironment; readonly isGuarded: boolean };

/**
 * Whether a person must confirm this before it happens. Trust is one record for the whole project: changing it is a prod
 * action once something is live in a guarded environment, because only then is there something to protect.
 */
export function isProdAction(
  action: EnvironmentAction,
  { environment, isGuarded }: Guarded,
  isLive: boolean,
): boolean {
  const asks = environment === "prod" || isGuarded;
  return action === "change-trust" ? asks && isLive : asks;
}
