// How long a session lives: a while without use, and a longest time in all after which one signs in again.
import type { SessionKind } from "../../adapters/database/sessions.ts";

const DAY_MS = 86_400_000;

type Lifetime = { readonly idleMs: number; readonly longestMs: number };

export const SESSION_LIFETIMES: Readonly<Record<SessionKind, Lifetime>> = {
  browser: { idleMs: 7 * DAY_MS, longestMs: 30 * DAY_MS },
  /** A command line is used in spurts, and its file is no browser that a stranger sits down at. */
  device: { idleMs: 30 * DAY_MS, longestMs: 90 * DAY_MS },
};

/** Not every request should write: a session is extended when so much of its time has gone. */
const EXTENSION_STEP_MS = DAY_MS / 2;

/** Until when a session lives that is used now (ms since 1970). */
export function sessionExpiry(kind: SessionKind, createdAt: number, now: number): number {
  const { idleMs, longestMs } = SESSION_LIFETIMES[kind];
  return Math.min(now + idleMs, createdAt + longestMs);
}

/** The new end of a session that is used now, or null while it is not worth a write. */
export function extendedExpiry(
  session: { readonly kind: SessionKind; readonly createdAt: number; readonly expiresAt: number },
  now: number,
): number | null {
  const expiresAt = sessionExpiry(session.kind, session.createdAt, now);
  return expiresAt - session.expiresAt >= EXTENSION_STEP_MS ? expiresAt : null;
}
