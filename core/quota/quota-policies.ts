// How much of what may be asked for, by whom. The numbers are defaults; OURSYNTH_QUOTAS says others.
import type { Result } from "../../schemas/result.ts";

/** `limit` requests at once, and again as many spread over each window. */
export type QuotaPolicy = {
  readonly name: QuotaName;
  readonly limit: number;
  readonly windowSeconds: number;
};

const HOUR = 3_600;

/** By whom they are counted stands in docs/security.md; `caller` must say what `[[ratelimits]]` in wrangler.toml says. */
const DEFAULTS = {
  caller: { limit: 30_000, windowSeconds: 60 },
  "sign-in": { limit: 60, windowSeconds: 600 },
  deploys: { limit: 1_200, windowSeconds: HOUR },
  merges: { limit: 1_200, windowSeconds: HOUR },
  packs: { limit: 1_200, windowSeconds: HOUR },
  verifications: { limit: 1_200, windowSeconds: HOUR },
  uploads: { limit: 72_000, windowSeconds: HOUR },
} as const;

export type QuotaName = keyof typeof DEFAULTS;

export const QUOTA_NAMES = Object.keys(DEFAULTS) as readonly QuotaName[];
export type QuotaPolicies = Readonly<Record<QuotaName, QuotaPolicy>>;

/** So that `limit × window in ms` stays an exact number. */
const MAX_LIMIT = 1_000_000;
const MAX_WINDOW_SECONDS = 86_400;
const ENTRY = /^([a-z-]+)=(\d{1,7})\/(\d{1,5})$/;

/**
 * Reads `deploys=60/3600, uploads=500/60` (requests, seconds); what is not named keeps its default. Fails with one
 * sentence that names the entry which is wrong.
 */
export function parseQuotaPolicies(text: string): Result<QuotaPolicies, string> {
  const policies = Object.fromEntries(
    QUOTA_NAMES.map((name) => [name, { name, ...DEFAULTS[name] }]),
  ) as Record<QuotaName, QuotaPolicy>;
  for (const entry of text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, word, limitText, windowText] = ENTRY.exec(entry) ?? [];
    const name = QUOTA_NAMES.find((known) => known === word);
    const [limit, windowSeconds] = [Number(limitText), Number(windowText)];
    const isInRange =
      limit >= 1 && limit <= MAX_LIMIT && windowSeconds >= 1 && windowSeconds <= MAX_WINDOW_SECONDS;
    if (name === undefined || !isInRange) {
      const reason = `OURSYNTH_QUOTAS has the entry ${entry}; write NAME=REQUESTS/SECONDS, with a name of ${QUOTA_NAMES.join(", ")}`;
      return { ok: false, reason };
    }
    policies[name] = { name, limit, windowSeconds };
  }
  return { ok: true, value: policies };
}
