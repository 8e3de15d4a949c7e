// Members, invitations and tokens in the real database: what holds when two act at once.
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Actor } from "../../../adapters/database/actor.ts";
import {
  acceptInvitation,
  cancelInvitation,
  declineInvitation,
  findReceived,
  insertInvitation,
  listInvitations,
  listReceived,
} from "../../../adapters/database/invitations.ts";
import {
  changeMemberRole,
  findMember,
  listMembers,
  removeMember,
} from "../../../adapters/database/members.ts";
import {
  endOrganization,
  findMembership,
  insertOrganization,
  listMemberships,
} from "../../../adapters/database/organizations.ts";
import { findTokenActor, listTokens, revokeToken } from "../../../adapters/database/tokens.ts";
import { decideRemoval, decideRoleChange } from "../../../core/organizations/member-changes.ts";
import { ORGANIZATION_LIMITS } from "../../../schemas/organization-limits.ts";
import { MEMBER_ROLES, type MemberRole } from "../../../schemas/permissions.ts";
import { actorOf, addToken, join, makeOrganization, makePerson, rolesIn } from "./organization.ts";

const DAY_MS = 86_400_000;

/** As the API does it: read, ask core, write what has not moved meanwhile. */
async function change(actor: Actor, userId: string, next: MemberRole | null): Promise<boolean> {
  const member = await findMember(env.DB, actor, userId);
  const own = await findMember(env.DB, actor, actor.userId);
  if (member === null || own === null) return false;
  const acting = { ...actor, role: own.role };
  const facts = {
    actor: acting.role,
    member: member.role,
    isSelf: userId === actor.userId,
    ownerCount: member.ownerCount,
  };
  const decided = next === null ? decideRemoval(facts) : decideRoleChange(facts, next);
  if (!decided.ok) return false;
  return next === null
    ? await removeMember(env.DB, acting, member)
    : await changeMemberRole(env.DB, acting, member, next);
}

describe("an owner", () => {
  test("is always there: no run of changes, several at once, takes the last one away", async () => {
    const step = fc.record({
      actor: fc.nat(3),
      member: fc.nat(3),
      next: fc.option(fc.constantFrom(...MEMBER_ROLES), { nil: null }),
    });
    const waves = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    const property = fc.asyncProperty(waves, async (steps) => {
      const { organizationId, actors } = await makeOrganization(["owner", "owner", "admin", "viewer"]);
      for (const wave of steps) {
        await Promise.all(
          wave.map(({ actor, member, next }) => change(at(actors, actor), at(actors, member).userId, next)),
        );
        expect([...(await rolesIn(organizationId)).values()]).toContain("owner");
      }
    });
    await fc.assert(property, { numRuns: 40, verbose: 1 });
  });

  test("two who remove each other at once: one stays", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { organizationId, actors } = await makeOrganization(["owner", "owner"]);
      const [one, two] = [at(actors, 0), at(actors, 1)];
      const done = await Promise.all([change(one, two.userId, null), change(two, one.userId, null)]);
      expect(done.filter(Boolean)).toHaveLength(1);
      expect([...(await rolesIn(organizationId)).values()]).toEqual(["owner"]);
    }
  });

  test("two who both step down at once: one stays owner", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { organizationId, actors } = await makeOrganization(["owner", "owner"]);
      const done = await Promise.all(actors.map((actor) => change(actor, actor.userId, "viewer")));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect([...(await rolesIn(organizationId)).values()].toSorted()).toEqual(["owner", "viewer"]);
    }
  });
});

test("a change decided by a role that was lost meanwhile is not made", async () => {
  const { actors, organizationId } = await makeOrganization(["owner", "admin", "viewer"]);
  const [owner, admin, viewer] = [at(actors, 0), at(actors, 1), at(actors, 2)];
  const state = await findMember(env.DB, admin, viewer.userId);
  if (state === null) throw new Error("the viewer is a member");
  expect(await change(owner, admin.userId, "viewer")).toBe(true);
  expect(await changeMemberRole(env.DB, admin, state, "creator")).toBe(false);
  expect(await removeMember(env.DB, admin, state)).toBe(false);
  expect((await rolesIn(organizationId)).get(viewer.userId)).toBe("viewer");
});

describe("a token", () => {
  test("does at once what its owner's new role allows, and nothing when they are removed", async () => {
    const { actors } = await makeOrganization(["owner", "creator"]);
    const [owner, creator] = [at(actors, 0), at(actors, 1)];
    const hash = (await addToken(creator)) ?? "";
    const permissions = async () =>
      (await findTokenActor(env.DB, hash, Date.now()))?.actor.permissions ?? null;
    expect(await permissions()).toContain("deploys:write");
    await change(owner, creator.userId, "viewer");
    expect(await permissions()).toContain("deploys:read");
    expect(await permissions()).not.toContain("deploys:write");
    await change(owner, creator.userId, "buyer");
    expect([...((await permissions()) ?? [])]).toEqual(["organization:read"]);
    await change(owner, creator.userId, null);
    expect(await permissions()).toBeNull();
  });

  test("does not come back to life with its owner, and lives on in their other organization", async () => {
    const { actors, organizationId } = await makeOrganization(["owner", "viewer"]);
    const [owner, viewer] = [at(actors, 0), at(actors, 1)];
    const other = await makeOrganization([]);
    await join(other.organizationId, viewer.userId, "viewer");
    const here = (await addToken(viewer)) ?? "";
    const there = (await addToken(actorOf(other.organizationId, viewer.userId, "viewer"))) ?? "";
    await change(owner, viewer.userId, null);
    await join(organizationId, viewer.userId, "viewer");
    expect(await findTokenActor(env.DB, here, Date.now())).toBeNull();
    expect(await findTokenActor(env.DB, there, Date.now())).not.toBeNull();
  });

  test("is seen and revoked by who manages members, whoever it belongs to, in that organization only", async () => {
    const { actors } = await makeOrganization(["owner", "viewer"]);
    const [owner, viewer] = [at(actors, 0), at(actors, 1)];
    const stranger = at((await makeOrganization(["owner"])).actors, 0);
    await addToken(owner);
    const hash = (await addToken(viewer)) ?? "";
    expect(await listTokens(env.DB, owner, "mine")).toHaveLength(1);
    const all = await listTokens(env.DB, owner, "all");
    expect(all.map((token) => token.owner.userId).toSorted()).toEqual(
      [owner.userId, viewer.userId].toSorted(),
    );
    expect(await listTokens(env.DB, stranger, "all")).toEqual([]);
    const theirs = all.find((token) => token.owner.userId === viewer.userId)?.tokenId ?? "";
    expect(await revokeToken(env.DB, stranger, theirs, "all")).toBe(false);
    expect(await revokeToken(env.DB, owner, theirs, "mine")).toBe(false);
    expect(await revokeToken(env.DB, owner, theirs, "all")).toBe(true);
    expect(await findTokenActor(env.DB, hash, Date.now())).toBeNull();
  });

  test("is the last one that a member may have, and long expired ones make room", async () => {
    const { actors } = await makeOrganization(["owner"]);
    const owner = at(actors, 0);
    expect(await addToken(owner, Date.now() - 40 * DAY_MS)).not.toBeNull();
    const made = await Promise.all(
      Array.from({ length: ORGANIZATION_LIMITS.tokensPerMember + 5 }, () => addToken(owner)),
    );
    expect(made.filter((hash) => hash !== null)).toHaveLength(ORGANIZATION_LIMITS.tokensPerMember);
    expect(await listTokens(env.DB, owner, "mine")).toHaveLength(ORGANIZATION_LIMITS.tokensPerMember);
  });
});

describe("an invitation", () => {
  let invitations = 0;

  async function invited(role: MemberRole = "creator", lifeMs = 7 * DAY_MS, isVerified = true) {
    const { organizationId, actors } = await makeOrganization(["owner", "admin"]);
    const [owner, admin] = [at(actors, 0), at(actors, 1)];
    const home = await makeOrganization([]);
    const person = await makePerson(isVerified);
    await join(home.organizationId, person.userId, "owner");
    const guest = actorOf(home.organizationId, person.userId, "owner");
    invitations += 1;
    const invitationId = `inv_${invitations}`;
    const now = Date.now();
    const made = { invitationId, email: person.email, role, expiresAt: now + lifeMs, now };
    expect(await insertInvitation(env.DB, admin, made)).toBe(true);
    return { organizationId, owner, admin, guest, invitationId, email: person.email };
  }

  async function accept(guest: Actor, invitationId: string): Promise<boolean> {
    const invitation = await findReceived(env.DB, guest, invitationId);
    if (invitation === null) return false;
    const memberId = crypto.randomUUID();
    return await acceptInvitation(env.DB, guest, { invitation, memberId, now: Date.now() });
  }

  test("makes its person a member in its role once, also when accepted five times at once", async () => {
    const { guest, invitationId, organizationId, admin } = await invited();
    const done = await Promise.all([1, 2, 3, 4, 5].map(() => accept(guest, invitationId)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect((await rolesIn(organizationId)).get(guest.userId)).toBe("creator");
    expect(await listInvitations(env.DB, admin, Date.now())).toEqual([]);
    expect(await accept(guest, invitationId)).toBe(false);
  });

  test("is there for its address only", async () => {
    const { guest, invitationId } = await invited();
    const other = await invited();
    expect(await findReceived(env.DB, other.guest, invitationId)).toBeNull();
    expect(await declineInvitation(env.DB, other.guest, invitationId)).toBe(false);
    expect((await listReceived(env.DB, guest, Date.now())).map((found) => found.invitationId)).toEqual([
      invitationId,
    ]);
  });

  test("is over when its time is, when it was taken back, and when it was declined", async () => {
    const late = await invited("viewer", -1);
    expect(await accept(late.guest, late.invitationId)).toBe(false);
    expect(await listReceived(env.DB, late.guest, Date.now())).toEqual([]);
    const canceled = await invited();
    expect(await cancelInvitation(env.DB, late.owner, canceled.invitationId)).toBe(false);
    expect(await cancelInvitation(env.DB, canceled.owner, canceled.invitationId)).toBe(true);
    expect(await accept(canceled.guest, canceled.invitationId)).toBe(false);
    const declined = await invited();
    expect(await declineInvitation(env.DB, declined.guest, declined.invitationId)).toBe(true);
    expect(await accept(declined.guest, declined.invitationId)).toBe(false);
  });

  test("is worth nothing when its sender's role changes between the look and the acceptance", async () => {
    const { guest, invitationId, owner, admin, organizationId } = await invited("admin");
    const invitation = await findReceived(env.DB, guest, invitationId);
    if (invitation === null) throw new Error("it is there");
    expect(invitation.inviterRole).toBe("admin");
    expect(await change(owner, admin.userId, "creator")).toBe(true);
    const accepted = { invitation, memberId: crypto.randomUUID(), now: Date.now() };
    expect(await acceptInvitation(env.DB, guest, accepted)).toBe(false);
    expect((await rolesIn(organizationId)).has(guest.userId)).toBe(false);
    expect((await findReceived(env.DB, guest, invitationId))?.inviterRole).toBe("creator");
  });

  test("says whether its person has confirmed the address", async () => {
    const { guest, invitationId } = await invited("viewer", DAY_MS, false);
    expect((await findReceived(env.DB, guest, invitationId))?.isEmailVerified).toBe(false);
  });

  test("takes the place of an earlier one to the same address", async () => {
    const { guest, admin, email, invitationId } = await invited("viewer");
    const now = Date.now();
    const again = {
      invitationId: "inv_again",
      email,
      role: "creator",
      expiresAt: now + DAY_MS,
      now,
    } as const;
    expect(await insertInvitation(env.DB, admin, again)).toBe(true);
    const open = await listInvitations(env.DB, admin, now);
    expect(open.map((found) => [found.invitationId, found.role])).toEqual([["inv_again", "creator"]]);
    expect(await accept(guest, invitationId)).toBe(false);
    expect(await accept(guest, "inv_again")).toBe(true);
  });

  test("is refused beyond what may be open", async () => {
    const { admin } = await invited();
    const now = Date.now();
    const made = await Promise.all(
      Array.from({ length: ORGANIZATION_LIMITS.pendingInvitations + 3 }, (_, index) =>
        insertInvitation(env.DB, admin, {
          invitationId: `inv_many_${index}`,
          email: `many-${index}@example.org`,
          role: "viewer",
          expiresAt: now + DAY_MS,
          now,
        }),
      ),
    );
    // One was open before.
    expect(made.filter(Boolean)).toHaveLength(ORGANIZATION_LIMITS.pendingInvitations - 1);
  });
});

describe("an organization", () => {
  test("is seen by its members only, with their role; a token sees its own only", async () => {
    const { organizationId, actors } = await makeOrganization(["owner", "viewer"]);
    const viewer = at(actors, 1);
    const other = await makeOrganization([]);
    await join(other.organizationId, viewer.userId, "admin");
    const seen = await listMemberships(env.DB, viewer);
    expect(seen.map((found) => [found.organizationId, found.role])).toEqual([
      [organizationId, "viewer"],
      [other.organizationId, "admin"],
    ]);
    const token: Actor = { ...viewer, login: { kind: "token", id: "tok_x", expiresAt: null } };
    expect((await listMemberships(env.DB, token)).map((found) => found.organizationId)).toEqual([
      organizationId,
    ]);
    expect(await findMembership(env.DB, token, other.organizationId)).toBeNull();
    expect(await findMembership(env.DB, at(actors, 0), other.organizationId)).toBeNull();
  });

  test("ends with members, invitations and tokens, but not while it has a project or for who owns it no longer", async () => {
    const { organizationId, projectId, actors } = await makeOrganization(["owner", "viewer"]);
    const [owner, viewer] = [at(actors, 0), at(actors, 1)];
    const hash = (await addToken(viewer)) ?? "";
    expect(await endOrganization(env.DB, owner)).toBe(false);
    expect((await rolesIn(organizationId)).size).toBe(2);
    await env.DB.prepare("UPDATE projects SET deletedAt = 1 WHERE id = ?1").bind(projectId).run();
    expect(await endOrganization(env.DB, viewer)).toBe(false);
    expect(await endOrganization(env.DB, owner)).toBe(true);
    expect((await rolesIn(organizationId)).size).toBe(0);
    expect(await findTokenActor(env.DB, hash, Date.now())).toBeNull();
    expect(await findMembership(env.DB, owner, organizationId)).toBeNull();
  });

  test("is made up to as many as one may own", async () => {
    const owner = at((await makeOrganization(["owner"])).actors, 0);
    const made = await Promise.all(
      Array.from({ length: ORGANIZATION_LIMITS.ownedOrganizations + 2 }, (_, index) => {
        const organizationId = `${owner.userId}_${index}`;
        const facts = { organizationId, memberId: organizationId, name: "Mine", slug: organizationId };
        return insertOrganization(env.DB, owner, { ...facts, now: Date.now() });
      }),
    );
    expect(made.filter(Boolean)).toHaveLength(ORGANIZATION_LIMITS.ownedOrganizations - 1);
  });

  test("lists its members in pages that skip none and repeat none", async () => {
    const roles: MemberRole[] = ["owner", "admin", "creator", "viewer", "buyer"];
    const { actors } = await makeOrganization(roles);
    const owner = at(actors, 0);
    const first = await listMembers(env.DB, owner, { limit: 2, after: null });
    const rest = await listMembers(env.DB, owner, { limit: 10, after: first.at(-1)?.ordinal ?? 0 });
    expect([...first, ...rest].map(({ role }) => role)).toEqual(roles);
  });
});

function at(actors: readonly Actor[], index: number): Actor {
  const actor = actors[index];
  if (actor === undefined) throw new Error(`there is no actor ${index}`);
  return actor;
}
