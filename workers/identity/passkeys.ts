// Passkeys (WebAuthn), where OURSYNTH_PASSKEYS turns them on. The library is loaded only by a request that needs it.
import { APIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { accountOptions, type RequestScope } from "./accounts.ts";

export function hasPasskeys(env: Pick<Cloudflare.Env, "OURSYNTH_PASSKEYS">): boolean {
  return env.OURSYNTH_PASSKEYS === "1";
}

/** better-auth with passkeys, for this host. */
export async function openPasskeys(scope: RequestScope) {
  const [{ passkey }, options] = await Promise.all([import("@better-auth/passkey"), accountOptions(scope)]);
  const { origin } = scope;
  const plugin = passkey({
    rpID: new URL(origin).hostname,
    rpName: "OurSynth",
    origin,
    // It stands for name and password both: kept by the authenticator, and only with its person's finger, face or PIN.
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    authentication: {
      afterVerification: ({ verification }) => {
        if (verification.authenticationInfo?.userVerified !== true) throw new APIError("UNAUTHORIZED");
      },
    },
    advanced: { webAuthnChallengeCookie: "passkey-challenge" },
  });
  return betterAuth({ ...options, plugins: [...options.plugins, plugin] });
}
