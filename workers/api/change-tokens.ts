// Making and ending a token, for the API's routes and the pages alike.
import type * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import { findProject } from "../../adapters/database/projects.ts";
import { describeActor, insertToken, revokeToken } from "../../adapters/database/tokens.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { newId } from "../../adapters/random/new-id.ts";
import type { createdTokenSchema, createTokenSchema } from "../../schemas/api/access.ts";
import { ORGANIZATION_LIMITS } from "../../schemas/organization-limits.ts";
import { recheckWatchers } from "../identity/recheck-watchers.ts";
import { hashToken, mintToken, TOKEN_PREFIX, TOKEN_START_CHARACTERS } from "../identity/token-format.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";
import { noProject } from "./resolve-project.ts";

const DAY_MS = 86_400_000;

/** Makes a token with no more scopes, no other project and no later end than its maker has; its secret is told this once. */
export async function createToken(
  door: Door,
  actor: Actor,
  wanted: z.infer<typeof createTokenSchema>,
): Promise<z.infer<typeof createdTokenSchema>> {
  const { name, scopes, expiresInDays } = wanted;
  const beyond = scopes.filter((scope) => !actor.permissions.has(scope));
  if (beyond.length > 0) {
    const lacking = beyond.join(", ");
    throw new AppError("forbidden", `A token can do no more than who makes it; you lack ${lacking}.`);
  }
  const described = await describeActor(door.env.DB, actor);
  if (described === null) throw new AppError("unauthenticated", "Your account is gone.");
  const reference = wanted.projectId ?? actor.projectId;
  const project = reference === null ? null : await findProject(door.env.DB, actor, reference);
  if (reference !== null && project === null) throw noProject(reference);
  const token = mintToken((bytes) => crypto.getRandomValues(bytes), workerdHashing.crc32);
  const createdAt = Date.now();
  const facts = {
    tokenId: newId("token"),
    name,
    start: token.slice(0, TOKEN_START_CHARACTERS),
    scopes,
    projectId: project?.id ?? null,
    createdAt,
    expiresAt: earlier(expiresInDays === undefined ? null : createdAt + expiresInDays * DAY_MS, actor),
  };
  const isMade = await insertToken(door.env.DB, actor, {
    ...facts,
    id: facts.tokenId,
    hash: await hashToken(token),
    prefix: TOKEN_PREFIX,
  });
  if (!isMade) throw tooMany();
  return { ...facts, lastUsedAt: null, owner: { userId: actor.userId, name: described.user.name }, token };
}

/** Ends a token of the actor's, or of anybody in the organization when the actor manages its members. */
export async function endToken(door: Door, actor: Actor, tokenId: string): Promise<void> {
  const holders = actor.permissions.has("members:write") ? "all" : "mine";
  if (!(await revokeToken(door.env.DB, actor, tokenId, holders))) {
    throw new AppError("not-found", `You have no token ${tokenId}.`);
  }
  await recheckWatchers(door.env, door.executionCtx, actor.organizationId);
}

/** A token that ends makes none that lives on. */
function earlier(expiresAt: number | null, { login }: Actor): number | null {
  const makerEnds = login.kind === "token" ? login.expiresAt : null;
  if (expiresAt === null || makerEnds === null) return expiresAt ?? makerEnds;
  return Math.min(expiresAt, makerEnds);
}

function tooMany(): AppError {
  const { tokensPerMember, tokens } = ORGANIZATION_LIMITS;
  return new AppError(
    "conflict",
    `A member has at most ${tokensPerMember} tokens, and an organization ${tokens}; revoke what is not used: oursynth tokens.`,
  );
}
