// The platform answers nothing while its vault key is missing or another one: a value sealed with a wrong key would be
// lost, and nobody would know until it is needed. Looked at once for each isolate, again and again while it does not fit.
import type { MiddlewareHandler } from "hono";
import { findVaultFault } from "../adapters/vault/check-vault.ts";
import type { ApiEnv } from "./api/api-app.ts";
import { AppError } from "./api/app-error.ts";

/** The settings that were found to fit, by their text. */
let fitting: string | null = null;
/** One line for each new fault, not one for each request. */
let told: string | null = null;

/** Null when the vault's keys fit, else one line on what to do. Rejects when D1 does not answer. */
export async function lookAtVault(env: Cloudflare.Env): Promise<string | null> {
  const settings = `${env.OURSYNTH_VAULT_KEY} ${env.OURSYNTH_VAULT_KEYS_OTHER ?? ""}`;
  if (fitting === settings) return null;
  const fault = await findVaultFault(env);
  if (fault === null) fitting = settings;
  return fault;
}

/** Refuses every request (503) while the vault's keys do not fit; health tells by itself. */
export const guardVault: MiddlewareHandler<ApiEnv> = async (context, next) => {
  if (context.req.path === "/api/health") return await next();
  const fault = await lookAtVault(context.env);
  if (fault === null) return await next();
  if (told !== fault) console.error(JSON.stringify({ message: fault }));
  told = fault;
  throw new AppError("unavailable", fault);
};
