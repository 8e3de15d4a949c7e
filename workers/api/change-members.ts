// A change of a member, for the API's routes and the pages alike: asked of core, written where nothing moved meanwhile, and
// told to whoever watches.
import type { Context } from "hono";
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
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { movedMeanwhile, orRefuse } from "./member-refusal.ts";

/** Gives a member of the actor's organization another role. */
export async function changeRole(
  context: Context<ApiEnv>,
  actor: Actor,
  userId: string,
  role: MemberRole,
): Promise<MemberState> {
  const member = await requireMember(context, actor, userId);
  orRefuse(decideRoleChange(describeChange(actor, member), role), actor.role);
  if (member.role === role) return member;
  if (!(await changeMemberRole(context.env.DB, actor, member, role))) throw movedMeanwhile("Their role");
  await recheckWatchers(context.env, context.executionCtx, actor.organizationId);
  return { ...member, role };
}

/** Takes a member out of the actor's organization; with the actor's own id it is leaving. */
export async function takeOut(context: Context<ApiEnv>, actor: Actor, userId: string): Promise<void> {
  const member = await requireMember(context, actor, userId);
  orRefuse(decideRemoval(describeChange(actor, member)), actor.role);
  if (!(await removeMember(context.env.DB, actor, member))) throw movedMeanwhile("Their membership");
  await recheckWatchers(context.env, context.executionCtx, actor.organizationId);
}

async function requireMember(context: Context<ApiEnv>, actor: Actor, userId: string): Promise<MemberState> {
  const member = await findMember(context.env.DB, actor, userId);
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
