// What is dangerous asks the person once more: making tokens, changing members and roles, rotating and revoking keys,
// secrets of guarded environments, deleting an organization. A sign-in counts for 15 minutes, and so does giving the
// password or passkey again at /account/confirm.
import type { Actor } from "../../adapters/database/actor.ts";
import { AppError } from "../api/app-error.ts";

export const FRESH_SIGN_IN_MS = 15 * 60_000;
export const CONFIRM_PATH = "/account/confirm";

/**
 * Throws 401 `sign-in-stale` when a session's person did not prove who they are within 15 minutes. A token passes: it
 * was made by a person who had just done so, and its scopes hold nothing that only people may do.
 */
export function requireFreshSignIn(actor: Actor, now = Date.now()): void {
  const { login } = actor;
  if (login.kind === "token" || isFresh(login.signedInAt, now)) return;
  throw new AppError(
    "sign-in-stale",
    login.kind === "device"
      ? "This needs a sign-in of the last 15 minutes: oursynth login, then repeat it."
      : `This needs a sign-in of the last 15 minutes: give your password once more at ${CONFIRM_PATH}, then repeat it.`,
    {
      // RFC 9470 §3: what is missing is not another token but a newer sign-in.
      headers: {
        "www-authenticate": `Bearer realm="oursynth", error="insufficient_user_authentication", max_age="${FRESH_SIGN_IN_MS / 1_000}"`,
      },
    },
  );
}

export function isFresh(signedInAt: number, now: number): boolean {
  return now - signedInAt < FRESH_SIGN_IN_MS;
}
