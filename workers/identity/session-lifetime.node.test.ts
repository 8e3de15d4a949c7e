import { describe, expect, test } from "vitest";
import { extendedExpiry, sessionExpiry } from "./session-lifetime.ts";

const DAY_MS = 86_400_000;
const MADE = 1_700_000_000_000;

describe("a session", () => {
  test("ends seven days after its last use, a device's login after thirty", () => {
    expect(sessionExpiry("browser", MADE, MADE)).toBe(MADE + 7 * DAY_MS);
    expect(sessionExpiry("device", MADE, MADE)).toBe(MADE + 30 * DAY_MS);
  });

  test("never lives longer in all than thirty days, a device's login than ninety", () => {
    expect(sessionExpiry("browser", MADE, MADE + 29 * DAY_MS)).toBe(MADE + 30 * DAY_MS);
    expect(sessionExpiry("device", MADE, MADE + 89 * DAY_MS)).toBe(MADE + 90 * DAY_MS);
  });

  test("is written again only when half a day is won", () => {
    const session = { kind: "browser", createdAt: MADE, expiresAt: MADE + 7 * DAY_MS } as const;
    expect(extendedExpiry(session, MADE + DAY_MS / 2 - 1)).toBeNull();
    expect(extendedExpiry(session, MADE + DAY_MS / 2)).toBe(MADE + 7.5 * DAY_MS);
  });

  test("is not written again when it can win nothing more", () => {
    const session = { kind: "browser", createdAt: MADE, expiresAt: MADE + 30 * DAY_MS } as const;
    expect(extendedExpiry(session, MADE + 29.9 * DAY_MS)).toBeNull();
  });
});
