import { describe, expect, test } from "vitest";
import type { Actor, Login } from "../../adapters/database/actor.ts";
import { ROLE_PERMISSIONS } from "../../schemas/permissions.ts";
import { AppError } from "../api/app-error.ts";
import { requireFreshSignIn } from "./fresh-sign-in.ts";

const NOW = 1_700_000_000_000;
const MINUTE_MS = 60_000;

function actorWith(login: Login): Actor {
  return {
    organizationId: "org_a",
    userId: "usr_a",
    role: "owner",
    ref: { kind: "user", id: "usr_a" },
    permissions: ROLE_PERMISSIONS.owner,
    projectId: null,
    login,
  };
}

describe("what is dangerous", () => {
  test("is allowed for 15 minutes after a sign-in, and not a moment longer", () => {
    for (const kind of ["session", "device"] as const) {
      const actor = actorWith({ kind, id: "ses_a", signedInAt: NOW });
      expect(() => requireFreshSignIn(actor, NOW)).not.toThrow();
      expect(() => requireFreshSignIn(actor, NOW + 15 * MINUTE_MS - 1)).not.toThrow();
      expect(() => requireFreshSignIn(actor, NOW + 15 * MINUTE_MS)).toThrow(AppError);
    }
  });

  test("says what to do, and asks for a newer sign-in in the words of RFC 9470", () => {
    const stale = actorWith({ kind: "session", id: "ses_a", signedInAt: 0 });
    try {
      requireFreshSignIn(stale, NOW);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code).toBe("sign-in-stale");
      expect(error.message).toContain("/account/confirm");
      expect(error.extras.headers?.["www-authenticate"]).toContain(
        'error="insufficient_user_authentication"',
      );
      expect(error.extras.headers?.["www-authenticate"]).toContain('max_age="900"');
    }
  });

  test("asks a token for nothing more: its scopes were chosen by a person who had just signed in", () => {
    expect(() => requireFreshSignIn(actorWith({ kind: "token", id: "tok_a" }), NOW)).not.toThrow();
  });
});
