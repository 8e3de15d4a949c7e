// A leaky bucket in whole numbers: each request pours one window's worth of units in, and `limit` units run out each
// millisecond. So `limit` requests are taken at once, then one each time that window ÷ limit has passed.
import type { QuotaPolicy } from "./quota-policies.ts";

/** What is in the bucket, and when that was so (ms). */
export type QuotaState = { readonly level: number; readonly at: number };

export type QuotaVerdict = {
  readonly isAllowed: boolean;
  /** Requests that would be taken now. */
  readonly remaining: number;
  /** Until all of the quota is there again. */
  readonly resetSeconds: number;
  /** Until the next request is taken; 0 when this one was. */
  readonly retryAfterSeconds: number;
};

const EMPTY: QuotaState = { level: 0, at: 0 };

/**
 * Takes one request from a quota.
 * @param before null when nothing was taken yet
 * @param now ms; a clock that goes backwards gives nothing back
 */
export function takeQuota(
  policy: Pick<QuotaPolicy, "limit" | "windowSeconds">,
  before: QuotaState | null,
  now: number,
): { readonly verdict: QuotaVerdict; readonly state: QuotaState } {
  const { limit } = policy;
  const windowMs = policy.windowSeconds * 1_000;
  const capacity = limit * windowMs;
  const { level, at } = drain(policy, before ?? EMPTY, now);
  const isAllowed = level + windowMs <= capacity;
  const after = isAllowed ? level + windowMs : level;
  const waitMs = isAllowed ? 0 : Math.ceil((level + windowMs - capacity) / limit);
  return {
    verdict: {
      isAllowed,
      remaining: Math.max(0, Math.floor((capacity - after) / windowMs)),
      resetSeconds: Math.ceil(after / limit / 1_000),
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    },
    state: { level: after, at },
  };
}

/** The bucket as it is now. */
export function drain(
  { limit, windowSeconds }: Pick<QuotaPolicy, "limit" | "windowSeconds">,
  { level, at }: QuotaState,
  now: number,
): QuotaState {
  // More than a window empties it whatever was in it; so the product stays an exact number.
  const elapsedMs = Math.min(Math.max(0, now - at), windowSeconds * 1_000);
  return { level: Math.max(0, level - elapsedMs * limit), at: Math.max(now, at) };
}
