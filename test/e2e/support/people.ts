// People with sessions, straight in the local database: what a test needs of many people at once, without a sign-in of
// each. The session is real: the platform finds it, counts its age, and ends it.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { newId } from "../../../adapters/random/new-id.ts";
import type { MemberRole } from "../../../schemas/permissions.ts";
import { insertStatement } from "../../../scripts/platform/insert-statement.ts";
import {
  SESSION_COOKIE,
  signForCookie,
  signForDevice,
} from "../../../workers/identity/session-credential.ts";
import { sessionSecret } from "../../../workers/identity/session-secret.ts";
import { ApiClient } from "./api-client.ts";
import { executeShared } from "./shared-database.ts";

const DAY_MS = 86_400_000;

export type Person = {
  readonly userId: string;
  readonly email: string;
  /** With the login of a device (`oursynth login`). */
  readonly api: ApiClient;
  /** Headers of a signed-in browser on a page of the platform. */
  readonly browser: Readonly<Record<string, string>>;
  readonly browserSessionId: string;
  readonly deviceSessionId: string;
};

export type House = { readonly organizationId: string; readonly people: readonly Person[] };

/** An organization whose members have these roles, in this order; `existing` takes them into one that is there. */
export async function makeHouse(roles: readonly MemberRole[], existing?: string): Promise<House> {
  const { statePath } = inject("platform");
  const vaultKey = (await readFile(join(statePath, "vault-key"), "utf8")).trim();
  const secret = await sessionSecret({ OURSYNTH_VAULT_KEY: vaultKey });
  const organizationId = existing ?? newId("organization");
  const now = Date.now();
  const made = insertStatement("organization", {
    id: organizationId,
    name: "House",
    slug: slugOf(organizationId),
    createdAt: now,
  });
  const statements = existing === undefined ? [made] : [];
  const people: Person[] = [];
  for (const role of roles) {
    const made = await makePerson(secret, now);
    people.push(made.person);
    const { userId } = made.person;
    const member = { id: newId("member"), organizationId, userId, role, createdAt: now + people.length };
    statements.push(...made.statements, insertStatement("member", member));
  }
  await executeShared(...statements);
  return { organizationId, people };
}

/** Makes a session's sign-in as old as this. */
export async function ageSignIn(sessionId: string, ageMs: number): Promise<void> {
  await executeShared(
    `UPDATE "session" SET "signedInAt" = ${Date.now() - ageMs} WHERE "id" = '${sessionId}';`,
  );
}

async function makePerson(secret: string, now: number) {
  const { url } = inject("platform");
  const userId = newId("user");
  const email = `${userId}@example.org`;
  const sessions = { browser: randomBytes(24).toString("hex"), device: randomBytes(24).toString("hex") };
  const ids = { browser: newId("session"), device: newId("session") };
  const statements = [
    insertStatement("user", {
      id: userId,
      name: `Person ${userId.slice(-4)}`,
      email,
      emailVerified: 1,
      createdAt: now,
      updatedAt: now,
    }),
    ...(["browser", "device"] as const).map((kind) =>
      insertStatement("session", {
        id: ids[kind],
        token: sessions[kind],
        userId,
        kind,
        signedInAt: now,
        expiresAt: now + DAY_MS,
        createdAt: now,
        updatedAt: now,
      }),
    ),
  ];
  const person: Person = {
    userId,
    email,
    api: new ApiClient(url, await signForDevice(sessions.device, secret)),
    browser: { cookie: `${SESSION_COOKIE}=${await signForCookie(sessions.browser, secret)}`, origin: url },
    browserSessionId: ids.browser,
    deviceSessionId: ids.device,
  };
  return { person, statements };
}

function slugOf(id: string): string {
  return id.replace("_", "-");
}
