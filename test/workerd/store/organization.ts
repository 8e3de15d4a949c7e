// Organizations with people in them, straight in the database, and the actors who act there.
import { env } from "cloudflare:workers";
import type { Actor } from "../../../adapters/database/actor.ts";
import { insertToken } from "../../../adapters/database/tokens.ts";
import { ALL_SCOPES, type MemberRole, ROLE_PERMISSIONS } from "../../../schemas/permissions.ts";
import { makeTenant } from "./tenant.ts";

let count = 0;

/** A person, in no organization yet. */
export async function makePerson(isEmailVerified = true): Promise<{ userId: string; email: string }> {
  count += 1;
  const userId = `usr_person_${count}`;
  const email = `person-${count}@example.org`;
  await env.DB.prepare(
    "INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?1, ?1, ?2, ?3, 0, 0)",
  )
    .bind(userId, email, isEmailVerified ? 1 : 0)
    .run();
  return { userId, email };
}

export async function join(organizationId: string, userId: string, role: MemberRole): Promise<void> {
  await env.DB.prepare(
    "INSERT INTO member (id, organizationId, userId, role, createdAt) VALUES (?1, ?2, ?3, ?4, ?5)",
  )
    .bind(crypto.randomUUID(), organizationId, userId, role, Date.now())
    .run();
}

/** An organization whose members have these roles, in this order. */
export async function makeOrganization(
  roles: readonly MemberRole[],
): Promise<{ organizationId: string; projectId: string; actors: Actor[] }> {
  const { organizationId, projectId } = await makeTenant();
  const actors: Actor[] = [];
  for (const role of roles) {
    const { userId } = await makePerson();
    await join(organizationId, userId, role);
    actors.push(actorOf(organizationId, userId, role));
  }
  return { organizationId, projectId, actors };
}

/** Who comes with a session. */
export function actorOf(organizationId: string, userId: string, role: MemberRole): Actor {
  return {
    organizationId,
    userId,
    role,
    ref: { kind: "user", id: userId },
    permissions: ROLE_PERMISSIONS[role],
    projectId: null,
    login: { kind: "session", id: `ses_${userId}`, signedInAt: Date.now() },
  };
}

/** The roles in an organization now, by person. */
export async function rolesIn(organizationId: string): Promise<Map<string, string>> {
  const { results } = await env.DB.prepare("SELECT userId, role FROM member WHERE organizationId = ?1")
    .bind(organizationId)
    .all<{ userId: string; role: string }>();
  return new Map(results.map(({ userId, role }) => [userId, role]));
}

/** A token of the actor's for everything; its hash, which is what a request is looked up by. */
export async function addToken(actor: Actor, expiresAt: number | null = null): Promise<string | null> {
  count += 1;
  const hash = `hash-${count}`;
  const isMade = await insertToken(env.DB, actor, {
    id: `tok_test_${count}`,
    hash,
    prefix: "osk_",
    start: "osk_000000",
    name: `token ${count}`,
    scopes: ALL_SCOPES,
    projectId: null,
    expiresAt,
    createdAt: Date.now(),
  });
  return isMade ? hash : null;
}
