import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MEMBER_ROLES, type MemberRole } from "../../schemas/permissions.ts";
import { decideInvitation, decideRemoval, decideRoleChange, grantableRoles } from "./member-changes.ts";

/** Written out by hand, role by role: whom each may change, and to what. Everything else is refused. */
const BELOW_OWNER: readonly MemberRole[] = ["admin", "creator", "viewer", "buyer"];
const MAY_CHANGE: Readonly<
  Record<MemberRole, { whom: readonly MemberRole[]; toWhat: readonly MemberRole[] }>
> = {
  owner: { whom: ["owner", ...BELOW_OWNER], toWhat: ["owner", ...BELOW_OWNER] },
  admin: { whom: BELOW_OWNER, toWhat: BELOW_OWNER },
  creator: { whom: [], toWhat: [] },
  viewer: { whom: [], toWhat: [] },
  buyer: { whom: [], toWhat: [] },
};
const SEVERAL_OWNERS = 2;

describe("who may change whose role to what", () => {
  for (const actor of MEMBER_ROLES) {
    for (const member of MEMBER_ROLES) {
      for (const next of MEMBER_ROLES) {
        const { whom, toWhat } = MAY_CHANGE[actor];
        const isAllowed = whom.includes(member) && toWhat.includes(next);
        test(`${actor} ${isAllowed ? "may" : "may not"} make ${member} ${next}`, () => {
          for (const isSelf of actor === member ? [true, false] : [false]) {
            const change = { actor, member, isSelf, ownerCount: SEVERAL_OWNERS };
            expect(decideRoleChange(change, next).ok).toBe(isAllowed);
          }
        });
      }
    }
  }

  test("the reason says whether it is the actor, the member or the role", () => {
    const facts = { isSelf: false, ownerCount: SEVERAL_OWNERS };
    const reasonOf = (actor: MemberRole, member: MemberRole, next: MemberRole) => {
      const decided = decideRoleChange({ ...facts, actor, member }, next);
      return decided.ok ? null : decided.reason.tag;
    };
    expect(reasonOf("creator", "viewer", "buyer")).toBe("not-a-manager");
    expect(reasonOf("admin", "owner", "viewer")).toBe("member-above");
    expect(reasonOf("admin", "viewer", "owner")).toBe("role-above");
  });
});

describe("who may remove whom", () => {
  for (const actor of MEMBER_ROLES) {
    for (const member of MEMBER_ROLES) {
      const isAllowed = MAY_CHANGE[actor].whom.includes(member);
      test(`${actor} ${isAllowed ? "may" : "may not"} remove another who is ${member}`, () => {
        const change = { actor, member, isSelf: false, ownerCount: SEVERAL_OWNERS };
        expect(decideRemoval(change).ok).toBe(isAllowed);
      });
    }
    test(`${actor} may leave`, () => {
      const change = { actor, member: actor, isSelf: true, ownerCount: SEVERAL_OWNERS };
      expect(decideRemoval(change).ok).toBe(true);
    });
  }
});

describe("the last owner", () => {
  const last = { actor: "owner", member: "owner", isSelf: true, ownerCount: 1 } as const;

  test("cannot leave, be removed or step down, and may go on as owner", () => {
    expect(decideRemoval(last)).toEqual({ ok: false, reason: { tag: "last-owner" } });
    for (const next of BELOW_OWNER) {
      expect(decideRoleChange(last, next)).toEqual({ ok: false, reason: { tag: "last-owner" } });
    }
    expect(decideRoleChange(last, "owner").ok).toBe(true);
  });

  test("no sequence of allowed changes leaves an organization without an owner", () => {
    const role = fc.constantFrom(...MEMBER_ROLES);
    const step = fc.record({
      actor: fc.nat(9),
      member: fc.nat(9),
      next: fc.option(role, { nil: null }),
    });
    const property = fc.property(
      fc.array(role, { maxLength: 9 }),
      fc.array(step, { maxLength: 60 }),
      (others, steps) => {
        const members: MemberRole[] = ["owner", ...others];
        for (const { actor, member, next } of steps) {
          const [actorIndex, memberIndex] = [actor % members.length, member % members.length];
          const [actorRole, memberRole] = [members[actorIndex], members[memberIndex]];
          if (actorRole === undefined || memberRole === undefined) continue;
          const change = {
            actor: actorRole,
            member: memberRole,
            isSelf: actorIndex === memberIndex,
            ownerCount: members.filter((held) => held === "owner").length,
          };
          const decided = next === null ? decideRemoval(change) : decideRoleChange(change, next);
          if (decided.ok) members.splice(memberIndex, 1, ...(next === null ? [] : [next]));
          expect(members).toContain("owner");
        }
      },
    );
    fc.assert(property, { numRuns: 2_000, verbose: 1 });
  });
});

test("an invitation is as high as the role of who sends it, at most", () => {
  for (const actor of MEMBER_ROLES) {
    expect(grantableRoles(actor)).toEqual(MAY_CHANGE[actor].toWhat);
    for (const role of MEMBER_ROLES) {
      expect(decideInvitation(actor, role).ok).toBe(MAY_CHANGE[actor].toWhat.includes(role));
    }
  }
});
