// Whether a timeline's watchers may go on watching. They are asked about when they come, when the API says that something
// has changed, and at least every minute: that holds also when the one who should have said so was killed before.
import type { WatcherLogin, WatcherRight } from "../../adapters/database/watchers.ts";
import type { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";

/** The longest that a change of rights can stay unseen. */
export const RECHECK_MS = 60_000;
/** How the door tells the object who watches; a caller's own headers never reach it. */
export const WATCHER_HEADER = "x-oursynth-watcher";

/** What is known of one watcher, socket or stream alike. */
export type Watching = {
  readonly login: WatcherLogin;
  /** When the login ends by itself; null when it does not, or when that has not been read yet. */
  readonly until: number | null;
};

/** The watchers, as the room keeps them. */
export type WatcherList = {
  readonly watching: () => readonly Watching[];
  /** Keeps until when this login is good. */
  readonly confirm: (loginId: string, until: number | null) => void;
  /** Ends every socket and stream of this login. */
  readonly drop: (loginId: string, code: typeof CLOSE_NOT_ALLOWED | typeof CLOSE_SIGN_IN_AGAIN) => void;
};

/** Looks up the rights of these logins and drops those that have none. Rejects when they cannot be read. */
export async function checkWatchers(
  list: WatcherList,
  logins: readonly WatcherLogin[],
  readRights: (logins: readonly WatcherLogin[]) => Promise<ReadonlyMap<string, WatcherRight>>,
): Promise<void> {
  const distinct = new Map(logins.map((login) => [login.id, login]));
  if (distinct.size === 0) return;
  for (const [loginId, right] of await readRights([...distinct.values()])) {
    if (right.mayWatch) list.confirm(loginId, right.until);
    else list.drop(loginId, right.code);
  }
}

/** When to look again: in a minute, or when the first login ends. Null when nobody watches. */
export function nextCheckAt(watching: readonly Watching[], now: number): number | null {
  if (watching.length === 0) return null;
  return watching.reduce((next, { until }) => Math.min(next, until ?? next), now + RECHECK_MS);
}

/** The login that the door put into a request to the object. */
export function readWatcherLogin(headers: Headers): WatcherLogin {
  const text = headers.get(WATCHER_HEADER);
  if (text === null) throw new Error("a watcher came past the door");
  return JSON.parse(text);
}
