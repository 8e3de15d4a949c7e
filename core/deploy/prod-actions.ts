// What counts as a prod action: one list, one function (ARCHITECTURE.md "Prod actions").
import type { Environment } from "../../schemas/environment.ts";

export type EnvironmentAction = "deploy" | "activate" | "rollback";

/** Environments whose changes a person confirms. */
const GUARDED: readonly Environment[] = ["prod"];

/** Whether a person must confirm this before it happens. */
export function isProdAction(_action: EnvironmentAction, environment: Environment): boolean {
  return GUARDED.includes(environment);
}
