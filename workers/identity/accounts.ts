// better-auth, set up for one request: its base is the host that the request came to (an allowed one, workers/index.ts),
// and its tables are ours. None of its own routes is served; pages and API routes call `auth.api`.

import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { type BetterAuthOptions, betterAuth } from "better-auth/minimal";
import { deviceAuthorization } from "better-auth/plugins/device-authorization";
import { organization } from "better-auth/plugins/organization";
import { connect } from "../../adapters/database/connection.ts";
import { findFirstOrganization, insertOwnOrganization } from "../../adapters/database/sessions.ts";
import { newId } from "../../adapters/random/new-id.ts";
import * as accountTables from "../../schemas/database/accounts.ts";
import * as loginTables from "../../schemas/database/logins.ts";
import type { IdKind } from "../../schemas/ids.ts";
import { LANDING } from "./landing.ts";
import {
  alreadySignedUpMail,
  invitationMail,
  openMailer,
  passwordChangedMail,
  resetMail,
  verificationMail,
} from "./mails.ts";
import { accessControl, organizationRoles } from "./organization-roles.ts";
import { SESSION_COOKIE } from "./session-credential.ts";
import { SESSION_LIFETIMES, sessionExpiry } from "./session-lifetime.ts";
import { sessionSecret } from "./session-secret.ts";
import { socialProviders } from "./social-providers.ts";

export const MIN_PASSWORD_CHARACTERS = 10;
export const MAX_PASSWORD_CHARACTERS = 128;
/** How the command line names itself when it asks to be signed in. */
export const CLI_CLIENT_ID = "oursynth-cli";
const LINK_SECONDS = 3_600;
const INVITATION_SECONDS = 7 * 86_400;
const MAX_MEMBERS = 1_000;
const DEVICE_TOKEN_PATH = "/device/token";

const ID_KINDS: Readonly<Record<string, IdKind>> = {
  user: "user",
  session: "session",
  account: "account",
  verification: "verification",
  organization: "organization",
  member: "member",
  invitation: "invitation",
  deviceCode: "device",
  passkey: "passkey",
};

export type RequestScope = {
  readonly env: Cloudflare.Env;
  /** Of the request, after its host was found to be the platform's own. */
  readonly origin: string;
  readonly waitUntil: (work: Promise<unknown>) => void;
};

export type Accounts = Awaited<ReturnType<typeof openAccounts>>;

/** One better-auth for one request; opening it costs about a millisecond and asks nothing of the database. */
export async function openAccounts(scope: RequestScope) {
  return betterAuth(await accountOptions(scope));
}

/** What better-auth is told here; passkeys.ts adds its own part where passkeys are on. */
export async function accountOptions({ env, origin, waitUntil }: RequestScope) {
  const mailer = openMailer(env);
  return {
    appName: "OurSynth",
    baseURL: origin,
    basePath: "/api/auth",
    trustedOrigins: [origin],
    secret: await sessionSecret(env),
    telemetry: { enabled: false },
    logger: { level: "error" },
    database: drizzleAdapter(connect(env.DB), {
      provider: "sqlite",
      schema: { ...accountTables, ...loginTables },
    }),
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      autoSignIn: false,
      minPasswordLength: MIN_PASSWORD_CHARACTERS,
      maxPasswordLength: MAX_PASSWORD_CHARACTERS,
      resetPasswordTokenExpiresIn: LINK_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => mailer.send(resetMail(user.email, `${origin}/reset/${token}`)),
      onPasswordReset: ({ user }) => mailer.send(passwordChangedMail(user.email, origin)),
      onExistingUserSignUp: ({ user }) => mailer.send(alreadySignedUpMail(user.email, origin)),
    },
    emailVerification: {
      expiresIn: LINK_SECONDS,
      sendOnSignUp: true,
      sendOnSignIn: true,
      sendVerificationEmail: ({ user, token, url }) => {
        const link = new URL("/verify-email", origin);
        link.searchParams.set("token", token);
        // Where to go on after it, which the page that began this has checked.
        link.searchParams.set("next", new URL(url).searchParams.get("callbackURL") ?? LANDING);
        return mailer.send(verificationMail(user.email, link.href));
      },
    },
    socialProviders: socialProviders(env),
    session: {
      // Our own check extends a session (authenticate.ts); this is how long a browser keeps the cookie.
      expiresIn: SESSION_LIFETIMES.browser.longestMs / 1_000,
      disableSessionRefresh: true,
      // What needs a new sign-in is ours to say (fresh-sign-in.ts).
      freshAge: 0,
      additionalFields: {
        kind: { type: "string", required: true, input: false, defaultValue: "browser" },
        signedInAt: { type: "date", required: true, input: false, defaultValue: () => new Date() },
      },
    },
    verification: { storeIdentifier: "hashed" },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: { ...session, ...(await describeNewSession(env.DB, session.userId, context?.path)) },
          }),
        },
      },
    },
    plugins: [
      organization({
        ac: accessControl,
        roles: organizationRoles,
        creatorRole: "owner",
        membershipLimit: MAX_MEMBERS,
        invitationExpiresIn: INVITATION_SECONDS,
        requireEmailVerificationOnInvitation: true,
        sendInvitationEmail: ({ id, email, role, inviter, organization: { name } }) =>
          mailer.send(
            invitationMail(
              email,
              { organization: name, inviter: inviter.user.name, role },
              `${origin}/invitation/${id}`,
            ),
          ),
      }),
      deviceAuthorization({
        expiresIn: "10m",
        interval: "5s",
        verificationUri: "/device",
        validateClient: (clientId) => clientId === CLI_CLIENT_ID,
      }),
    ],
    advanced: {
      // Named and marked by hand: the library knows `__Secure-`, and a `__Host-` cookie is stricter.
      useSecureCookies: false,
      cookies: { session_token: { name: SESSION_COOKIE } },
      cookiePrefix: "__Host-oursynth",
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] },
      database: { generateId: ({ model }) => newId(idKindOf(model)) },
      backgroundTasks: { handler: waitUntil },
    },
  } satisfies BetterAuthOptions;
}

/** What a new session is besides better-auth's own fields; a person's first one makes the organization of their own. */
async function describeNewSession(database: D1Database, userId: string, path: string | undefined) {
  const now = Date.now();
  const kind = path === DEVICE_TOKEN_PATH ? "device" : "browser";
  return {
    kind,
    expiresAt: new Date(sessionExpiry(kind, now, now)),
    activeOrganizationId:
      (await findFirstOrganization(database, userId)) ?? (await makeOwnOrganization(database, userId, now)),
  };
}

async function makeOwnOrganization(
  database: D1Database,
  userId: string,
  now: number,
): Promise<string | null> {
  const ids = { organizationId: newId("organization"), memberId: newId("member") };
  await insertOwnOrganization(database, { ...ids, userId, now });
  return await findFirstOrganization(database, userId);
}

function idKindOf(model: string): IdKind {
  const kind = ID_KINDS[model];
  if (kind === undefined) throw new Error(`schemas/ids.ts names no prefix for better-auth's ${model}`);
  return kind;
}
