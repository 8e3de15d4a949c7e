// Prod actions that still wait for a person's answer, as the timeline tells.
import type { TimelineEvent } from "../../../schemas/event.ts";

/** How long one waits (API.md, confirmations). */
const CONFIRMATION_TTL_MS = 600_000;

export type PendingConfirmation = {
  readonly confirmationId: string;
  readonly env: string;
  readonly sentence: string;
  readonly expiresAt: number;
};

const ENDS: ReadonlySet<string> = new Set([
  "confirmation.confirmed",
  "confirmation.refused",
  "confirmation.voided",
]);

/**
 * The oldest first.
 * @param events of the project, in order
 * @param now in ms since the epoch
 */
export function pendingConfirmations(
  events: readonly TimelineEvent[],
  now: number,
): readonly PendingConfirmation[] {
  const pending = new Map<string, PendingConfirmation>();
  for (const { type, data, ts } of events) {
    const confirmationId = data?.confirmationId;
    if (typeof confirmationId !== "string") continue;
    if (ENDS.has(type)) pending.delete(confirmationId);
    if (type !== "confirmation.asked" || ts + CONFIRMATION_TTL_MS <= now) continue;
    pending.set(confirmationId, {
      confirmationId,
      env: String(data?.env ?? ""),
      sentence: String(data?.sentence ?? ""),
      expiresAt: ts + CONFIRMATION_TTL_MS,
    });
  }
  return [...pending.values()];
}
