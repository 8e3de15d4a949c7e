// Who may change whose role to what, who may remove whom, and who may invite whom as what: decided from roles alone.
// The API asks here before it writes, and the pages before they show a button; the database's own conditions
// (adapters/database/members.ts) hold it together when two act at once.
import { MEMBER_ROLES, type MemberRole, ROLE_PERMISSIONS } from "../../schemas/permissions.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";

/** Why a change of members is refused. */
export type MemberRefusal =
  /** The actor's role does not manage members at all. */
  | { readonly tag: "not-a-manager" }
  /** The member stands above the actor. */
  | { readonly tag: "member-above" }
  /** The role to be given stands above the actor's own. */
  | { readonly tag: "role-above" }
  /** The organization would be left without an owner. */
  | { readonly tag: "last-owner" };

export type MemberChange = {
  readonly actor: MemberRole;
  readonly member: MemberRole;
  /** Whether actor and member are one person. */
  readonly isSelf: boolean;
  /** How many owners the organization has before the change. */
  readonly ownerCount: number;
};

/** Whether `actor` may give `member` the role `next`. Giving the role that is held already is allowed and changes nothing. */
export function decideRoleChange(change: MemberChange, next: MemberRole): Result<null, MemberRefusal> {
  const { actor, member } = change;
  if (!managesMembers(actor)) return fail({ tag: "not-a-manager" });
  if (standsAbove(member, actor)) return fail({ tag: "member-above" });
  if (standsAbove(next, actor)) return fail({ tag: "role-above" });
  return next === "owner" ? ok(null) : keepOwner(change);
}

/** Whether `actor` may remove `member`; anyone may leave, but for the last owner. */
export function decideRemoval(change: MemberChange): Result<null, MemberRefusal> {
  const { actor, member, isSelf } = change;
  if (isSelf) return keepOwner(change);
  if (!managesMembers(actor)) return fail({ tag: "not-a-manager" });
  if (standsAbove(member, actor)) return fail({ tag: "member-above" });
  return keepOwner(change);
}

/** Whether `actor` may invite somebody as `role`; asked again when the invitation is accepted. */
export function decideInvitation(actor: MemberRole, role: MemberRole): Result<null, MemberRefusal> {
  if (!managesMembers(actor)) return fail({ tag: "not-a-manager" });
  return standsAbove(role, actor) ? fail({ tag: "role-above" }) : ok(null);
}

/** The roles that `actor` may give or invite as, from the most to the least. */
export function grantableRoles(actor: MemberRole): readonly MemberRole[] {
  return MEMBER_ROLES.filter((role) => decideInvitation(actor, role).ok);
}

function managesMembers(role: MemberRole): boolean {
  return ROLE_PERMISSIONS[role].has("members:write");
}

/** MEMBER_ROLES goes from the most to the least. */
function standsAbove(one: MemberRole, other: MemberRole): boolean {
  return MEMBER_ROLES.indexOf(one) < MEMBER_ROLES.indexOf(other);
}

function keepOwner({ member, ownerCount }: MemberChange): Result<null, MemberRefusal> {
  return member === "owner" && ownerCount <= 1 ? fail({ tag: "last-owner" }) : ok(null);
}
