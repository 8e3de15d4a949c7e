// An invitation, for the API's routes and the pages alike.
import type { Actor } from "../../adapters/database/actor.ts";
import {
  acceptInvitation,
  findReceived,
  type Invitation,
  insertInvitation,
  isMemberEmail,
  type ReceivedInvitation,
} from "../../adapters/database/invitations.ts";
import type { Membership } from "../../adapters/database/organizations.ts";
import { describeActor } from "../../adapters/database/tokens.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { decideInvitation } from "../../core/organizations/member-changes.ts";
import { INVITATION_DAYS, ORGANIZATION_LIMITS } from "../../schemas/organization-limits.ts";
import type { MemberRole } from "../../schemas/permissions.ts";
import { invitationMail, openMailer } from "../identity/mails.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";
import { orRefuse } from "./member-refusal.ts";

const DAY_MS = 86_400_000;

/** Invites an address into the actor's organization and sends the mail; an earlier invitation to it is taken back. */
export async function invite(
  door: Door,
  { actor, organization }: { readonly actor: Actor; readonly organization: Pick<Membership, "name"> },
  invited: { readonly email: string; readonly role: MemberRole; readonly origin: string },
): Promise<Invitation> {
  const { role } = invited;
  const email = invited.email.toLowerCase();
  orRefuse(decideInvitation(actor.role, role), actor.role);
  if (await isMemberEmail(door.env.DB, actor, email)) {
    throw new AppError("conflict", `${email} is a member already; change their role instead.`);
  }
  const described = await describeActor(door.env.DB, actor);
  if (described === null) throw new AppError("unauthenticated", "Your account is gone.");
  const now = Date.now();
  const made = {
    invitationId: newId("invitation"),
    email,
    role,
    createdAt: now,
    expiresAt: now + INVITATION_DAYS * DAY_MS,
  };
  if (!(await insertInvitation(door.env.DB, actor, { ...made, now }))) throw full();
  const inviter = { userId: actor.userId, name: described.user.name };
  const link = `${invited.origin}/invitation/${made.invitationId}`;
  await openMailer(door.env).send(
    invitationMail(email, { organization: organization.name, inviter: inviter.name, role }, link),
  );
  return { ...made, invitedBy: inviter };
}

/** Makes the actor a member of the organization that invited their address. */
export async function accept(door: Door, actor: Actor, invitationId: string): Promise<ReceivedInvitation> {
  const now = Date.now();
  const invitation = await findReceived(door.env.DB, actor, invitationId);
  if (invitation === null) throw noInvitation(invitationId);
  requireAcceptable(invitation, now);
  const accepted = { invitation, memberId: newId("member"), now };
  if (!(await acceptInvitation(door.env.DB, actor, accepted))) {
    throw new AppError(
      "conflict",
      "You are a member already, the organization is full, or the invitation was taken back just now.",
    );
  }
  return invitation;
}

/** To somebody else's address is the same as none. */
export function noInvitation(invitationId: string): AppError {
  return new AppError("not-found", `There is no invitation ${invitationId} to the address of your account.`);
}

function requireAcceptable(invitation: ReceivedInvitation, now: number): void {
  const { status, expiresAt, isEmailVerified, inviterRole, role } = invitation;
  if (!isEmailVerified) {
    throw new AppError("forbidden", "Confirm your e-mail address first; the mail with the link is yours.");
  }
  if (status !== "pending")
    throw new AppError("conflict", "This invitation was used, declined or taken back.");
  if (expiresAt <= now) {
    throw new AppError(
      "conflict",
      `This invitation was good for ${INVITATION_DAYS} days; ask for a new one.`,
    );
  }
  // Whoever has lost the role, or left, grants nothing any more.
  if (inviterRole === null || !decideInvitation(inviterRole, role).ok) {
    throw new AppError("conflict", "Who invited you may no longer do so; ask an owner for a new invitation.");
  }
}

function full(): AppError {
  const { members, pendingInvitations, invitationsPerDay } = ORGANIZATION_LIMITS;
  return new AppError(
    "conflict",
    `An organization has at most ${members} members and ${pendingInvitations} open invitations, and sends ${invitationsPerDay} a day; take some back, or wait.`,
  );
}
