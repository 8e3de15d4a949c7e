// The keys by which the platform itself speaks for this project beside the one that builds and deploys: one logs, one
// decides at the gate, one vouches for rehearsals. Each is made in the vault when it is first needed.
import { insertSealedKey } from "../../adapters/database/project-keys.ts";
import { type KeyEnv, LOG_KEY_NAME, makeVaultKey, trustLine } from "../../adapters/vault/project-key.ts";
import type { TrustChange } from "../../core/signing/change-trust.ts";
import type { Role } from "../../schemas/trust.ts";
import type { MetaStorage } from "./meta-storage.ts";

export type PlatformRole = Extract<Role, "log" | "gate" | "simulator">;

const NAMES: Readonly<Record<PlatformRole, string>> = {
  log: LOG_KEY_NAME,
  gate: "the platform's gate",
  simulator: "the platform's simulator",
};
const META_KEYS = { log: "logKeyId", gate: "gateKeyId", simulator: "simulatorKeyId" } as const;

export type PlatformKeysOptions = {
  readonly env: KeyEnv;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  readonly meta: MetaStorage;
  /** Puts the key into the trust record; throws when that cannot be. */
  readonly trust: (change: TrustChange) => void;
};

export class PlatformKeys {
  readonly #options: PlatformKeysOptions;

  constructor(options: PlatformKeysOptions) {
    this.#options = options;
  }

  find(role: PlatformRole): string | null {
    return this.#options.meta.find(META_KEYS[role]);
  }

  /** The id of the key with this role, made now when there is none. */
  async ensure(role: PlatformRole): Promise<string> {
    const { env, owner, trust } = this.#options;
    const known = this.find(role);
    if (known !== null) return known;
    const made = await makeVaultKey(env, owner());
    await insertSealedKey(env.DB, { ...made, createdAt: Date.now() });
    // Somebody else may have needed one meanwhile.
    const meanwhile = this.find(role);
    if (meanwhile !== null) return meanwhile;
    trust({ kind: "trusted", key: trustLine(made, NAMES[role], [role]) });
    this.replace(role, made.keyId);
    return made.keyId;
  }

  /** From now on the platform signs with this one. */
  replace(role: PlatformRole, keyId: string): void {
    this.#options.meta.set(META_KEYS[role], keyId);
  }

  /** Which role of the platform this key fills; null when none. */
  roleOf(keyId: string): PlatformRole | null {
    const roles: readonly PlatformRole[] = ["log", "gate", "simulator"];
    return roles.find((role) => this.find(role) === keyId) ?? null;
  }
}
