import { expect, test } from "vitest";
import type { TimelineEvent } from "../../../schemas/event.ts";
import { pendingConfirmations } from "./pending-confirmations.ts";

function told(type: string, confirmationId: string, ts: number): TimelineEvent {
  const data = { confirmationId, env: "prod", sentence: `About ${confirmationId}.` };
  return { type: `confirmation.${type}`, data, ts } as unknown as TimelineEvent;
}

test("what was asked within ten minutes and not answered still waits", () => {
  const events = [
    told("asked", "old", 0),
    told("asked", "confirmed", 500_000),
    told("asked", "open", 510_000),
    told("asked", "refused", 520_000),
    told("asked", "voided", 530_000),
    told("confirmed", "confirmed", 540_000),
    told("refused", "refused", 550_000),
    told("voided", "voided", 560_000),
  ];
  expect(pendingConfirmations(events, 600_000)).toEqual([
    { confirmationId: "open", env: "prod", sentence: "About open.", expiresAt: 1_110_000 },
  ]);
  expect(pendingConfirmations(events, 1_110_000)).toEqual([]);
});
