// A change of a member, for the API's routes and the pages alike: asked of core, written where nothing moved meanwhile, and
// told to whoever watches.
import type { Actor } from "../../adapters/database/actor.ts";
import {
  changeMemberRole,
  findMember,
  type MemberState,
  removeMember,
} from "../../adapters/database/members.ts";
import { decideRemoval, decideRoleChange } from "../../core/organizations/member-changes.ts";
import type { MemberRole } from "../../schemas/permissions.ts";
import { recheckWatchers } from "../identity/recheck-watchers.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";
import { movedMeanwhile, orRefuse } from "./member-refusal.ts";

/** Gives a member of the actor's organization another role. */
export async function changeRole(
  door: Door,
  actor: Actor,
  userId: string,
  role: MemberRole,
): Promise<MemberState> {
  const member = await requireMember(door, actor, userId);
  orRefuse(decideRoleChange(describeChange(actor, member), role), actor.role);
  if (member.role === role) return member;
  if (!(await changeMemberRole(door.env.DB, actor, member, role))) throw movedMeanwhile("Their role");
  await recheckWatchers(door.env, door.executionCtx, actor.organizationId);
  return { ...member, role };
}

/** Takes a member out of the actor's organization; with the actor's own id it is leaving. */
export async function takeOut(door: Door, actor: Actor, userId: string): Promise<void> {
  const member = await requireMember(door, actor, userId);
  orRefuse(decideRemoval(describeChange(actor, member)), actor.role);
  if (!(await removeMember(door.env.DB, actor, member))) throw movedMeanwhile("Their membership");
  await recheckWatchers(door.env, door.executionCtx, actor.organizationId);
}

async function requireMember(door: Door, actor: Actor, userId: string): Promise<MemberState> {
  const member = await findMember(door.env.DB, actor, userId);
  if (member === null) throw new AppError("not-found", `There is no member ${userId} here.`);
  return member;
}

function describeChange(actor: Actor, member: MemberState) {
  return {
    actor: actor.role,
    member: member.role,
    isSelf: member.userId === actor.userId,
    ownerCount: member.ownerCount,
  };
}
