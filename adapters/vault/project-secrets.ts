// Secrets of projects: sealed when they are set, opened when an app that declares them starts, and never shown.
import { findSealedSecrets } from "../database/secrets.ts";
import { type ProjectOwner, projectSecretName } from "./secret-name.ts";
import { openSecret, sealSecret } from "./vault.ts";
import type { VaultEnv } from "./vault-keys.ts";

export type SecretsEnv = VaultEnv & Pick<Cloudflare.Env, "DB">;

type Place = ProjectOwner & { readonly environment: string };

export type OpenedSecrets = {
  /** Of the environment. */
  readonly revision: number;
  /** Those of the asked names that are set. */
  readonly values: Readonly<Record<string, string>>;
};

export async function sealProjectSecret(
  env: VaultEnv,
  place: Place,
  secret: { readonly name: string; readonly value: string },
): Promise<string> {
  const name = projectSecretName(place, place.environment, secret.name);
  return await sealSecret(env, name, new TextEncoder().encode(secret.value));
}

/** Opens what an app declares. A name that is not set is left out. */
export async function openProjectSecrets(
  env: SecretsEnv,
  place: Place,
  names: readonly string[],
): Promise<OpenedSecrets> {
  const { revision, sealedByName } = await findSealedSecrets(env.DB, place);
  const opened = await Promise.all(
    names.map(async (name) => {
      const sealed = sealedByName.get(name);
      if (sealed === undefined) return [];
      const bytes = await openSecret(env, projectSecretName(place, place.environment, name), sealed);
      return [[name, new TextDecoder().decode(bytes)] as const];
    }),
  );
  return { revision, values: Object.fromEntries(opened.flat()) };
}
