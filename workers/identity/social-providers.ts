// Sign-in by another's account. A provider is on when its client id and secret are both set; none is by default.

type SocialEnv = Pick<
  Cloudflare.Env,
  | "OURSYNTH_GITHUB_CLIENT_ID"
  | "OURSYNTH_GITHUB_CLIENT_SECRET"
  | "OURSYNTH_GOOGLE_CLIENT_ID"
  | "OURSYNTH_GOOGLE_CLIENT_SECRET"
>;

export const SOCIAL_NAMES = ["github", "google"] as const;
export type SocialName = (typeof SOCIAL_NAMES)[number];

/** Where a provider's page stands: the form that leads there must be allowed to (CSP form-action covers redirects). */
const ORIGINS: Readonly<Record<SocialName, string>> = {
  github: "https://github.com",
  google: "https://accounts.google.com",
};

type Client = { readonly clientId: string; readonly clientSecret: string };

/** better-auth's configuration of those that are on. */
export function socialProviders(env: SocialEnv): Partial<Record<SocialName, Client>> {
  return {
    ...clientOf("github", env.OURSYNTH_GITHUB_CLIENT_ID, env.OURSYNTH_GITHUB_CLIENT_SECRET),
    ...clientOf("google", env.OURSYNTH_GOOGLE_CLIENT_ID, env.OURSYNTH_GOOGLE_CLIENT_SECRET),
  };
}

export function socialNames(env: SocialEnv): readonly SocialName[] {
  const configured = socialProviders(env);
  return SOCIAL_NAMES.filter((name) => configured[name] !== undefined);
}

export function socialOrigins(env: SocialEnv): readonly string[] {
  return socialNames(env).map((name) => ORIGINS[name]);
}

function clientOf(name: SocialName, clientId: string | undefined, clientSecret: string | undefined) {
  return clientId === undefined || clientSecret === undefined ? {} : { [name]: { clientId, clientSecret } };
}
