// Guessing is limited twice: for each address it comes from, and for each account it aims at. Only hashes are kept.
import { countAttempts, forgetAttempts, forgiveAttempt } from "../../adapters/database/sign-in-limits.ts";
import { AppError } from "../api/app-error.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Limit = { readonly perAddress: number; readonly perAccount: number; readonly windowMs: number };

/** What may be tried, how often. Of sign-ins only those that failed count. */
const LIMITS = {
  "sign-in": { perAddress: 30, perAccount: 10, windowMs: 15 * MINUTE_MS },
  "sign-up": { perAddress: 20, perAccount: 5, windowMs: HOUR_MS },
  mail: { perAddress: 20, perAccount: 5, windowMs: HOUR_MS },
  "device-code": { perAddress: 30, perAccount: 30, windowMs: 15 * MINUTE_MS },
  link: { perAddress: 30, perAccount: 30, windowMs: 15 * MINUTE_MS },
} as const satisfies Record<string, Limit>;

export type LimitedAct = keyof typeof LIMITS;

/** The keys of one attempt, to forgive it by. */
export type Attempt = { readonly addressKey: string; readonly accountKey: string | null };

/**
 * Counts an attempt, or throws 429 with Retry-After when there were too many.
 * @param account what it aims at: an e-mail address, a person's id; null when nothing is aimed at
 */
export async function limitAttempts(
  database: D1Database,
  act: LimitedAct,
  { request, account }: { readonly request: Request; readonly account: string | null },
  now = Date.now(),
): Promise<Attempt> {
  const { perAddress, perAccount, windowMs } = LIMITS[act];
  const addressKey = await hashKey(act, "address", addressOf(request));
  const accountKey = account === null ? null : await hashKey(act, "account", account.trim().toLowerCase());
  const keys = [addressKey, ...(accountKey === null ? [] : [accountKey])];
  const counted = await countAttempts(
    database,
    keys.map((key) => ({ key, windowMs })),
    now,
  );
  const over = counted.filter(({ key, count }) => count > (key === addressKey ? perAddress : perAccount));
  if (over.length > 0) throw tooMany(Math.max(...over.map(({ windowEndsAt }) => windowEndsAt)), now);
  return { addressKey, accountKey };
}

/** The attempt was a good one: it does not count, and the account starts anew. */
export async function forgive(database: D1Database, { addressKey, accountKey }: Attempt): Promise<void> {
  await forgiveAttempt(database, [addressKey]);
  if (accountKey !== null) await forgetAttempts(database, accountKey);
}

function tooMany(windowEndsAt: number, now: number): AppError {
  const seconds = Math.max(1, Math.ceil((windowEndsAt - now) / 1_000));
  return new AppError(
    "too-many-attempts",
    `Too many attempts. Try again in ${seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,
    { headers: { "retry-after": String(seconds) } },
  );
}

/** Cloudflare sets the header and lets no client do so; without it (nothing in front) all count as one. */
function addressOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "unknown";
  // Whoever has one IPv6 address has the 2^64 beside it.
  return address.includes(":") ? expandNetwork(address) : address;
}

/** The /64 network of an IPv6 address. */
function expandNetwork(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: gap }, () => "0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

async function hashKey(act: LimitedAct, kind: "address" | "account", value: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${act} ${kind} ${value}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Buffer.from(digest).toString("base64url");
}
