// What counts as a prod action: one list, one function (ARCHITECTURE.md "Prod actions").
import type { SecretEnvironment } from "../../schemas/environment.ts";

export type EnvironmentAction = "deploy" | "activate" | "rollback" | "set-secret" | "remove-secret";

/** Environments whose changes a person confirms. */
const GUARDED: readonly SecretEnvironment[] = ["prod"];

/** Whether a person must confirm this before it happens. */
export function isProdAction(_action: EnvironmentAction, environment: SecretEnvironment): boolean {
  return GUARDED.includes(environment);
}
