// Setting and removing a project's secrets: the fact, its event and what D1 must learn in one transaction. Values come
// here sealed and are kept only until D1 has them.
import type { OutboxEntry } from "../../adapters/database/outbox-entry.ts";
import { readConfiguration } from "../../adapters/loader/build-store.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import { ENVIRONMENTS, type Environment, type SecretEnvironment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { EnvironmentStorage } from "./environment-storage.ts";
import { notFound, type ProjectFailure } from "./project-failure.ts";
import { MAX_SECRETS_PER_ENVIRONMENT, type SecretFacts, type SecretStorage } from "./secret-storage.ts";

export type SecretSetting = {
  readonly env: SecretEnvironment;
  readonly name: string;
  /** Sealed under the name of this very secret (adapters/vault/secret-name.ts). */
  readonly sealed: string;
  readonly actor: ActorRef;
};

export type SecretRemoval = Omit<SecretSetting, "sealed"> & {
  /** Also when what is live declares it. */
  readonly isForced: boolean;
};

export type ProjectSecretsOptions = {
  readonly bucket: R2Bucket;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  readonly storage: SecretStorage;
  readonly environments: EnvironmentStorage;
  readonly transact: (change: () => readonly EventDraft[]) => void;
  readonly addToOutbox: (entry: OutboxEntry) => void;
  /** Sends the outbox on, and lets this isolate's next visit of the environment look again. */
  readonly publish: (environment: Environment | null) => Promise<void>;
};

const MAX_LISTED_NAMES = 20;
/** How often a removal that saw something else go live looks again. */
const MAX_REMOVE_ATTEMPTS = 5;

export class ProjectSecrets {
  readonly #options: ProjectSecretsOptions;

  constructor(options: ProjectSecretsOptions) {
    this.#options = options;
  }

  async set(
    setting: SecretSetting,
  ): Promise<Result<{ readonly secret: SecretFacts; readonly isNew: boolean }, ProjectFailure>> {
    const { storage, owner, transact, addToOutbox } = this.#options;
    const { env, name, sealed, actor } = setting;
    const isNew = storage.find(env, name) === null;
    if (isNew && storage.list(env).length >= MAX_SECRETS_PER_ENVIRONMENT) {
      const message = `the environment ${env} holds ${MAX_SECRETS_PER_ENVIRONMENT} secrets, which is the most; remove one first`;
      return fail({ code: "conflict", message });
    }
    const secret: SecretFacts[] = [];
    transact(() => {
      const put = storage.put({ name, env, updatedAt: Date.now(), updatedBy: actor });
      secret.push(put);
      addToOutbox({
        kind: "secret",
        change: { ...owner(), environment: env, name, sealed, revision: put.revision },
      });
      return [draftSecretEvent("secret.set", { env, name, actor })];
    });
    await this.#publish(env);
    const [put] = secret;
    return put === undefined
      ? fail({ code: "conflict", message: "nothing was set" })
      : ok({ secret: put, isNew });
  }

  /** Refuses a secret that what is live there declares, unless it is forced. */
  async remove(removal: SecretRemoval): Promise<Result<null, ProjectFailure>> {
    const { storage, environments, owner, transact, addToOutbox } = this.#options;
    const { env, name, actor, isForced } = removal;
    for (let attempt = 1; attempt <= MAX_REMOVE_ATTEMPTS; attempt += 1) {
      if (storage.find(env, name) === null)
        return fail(notFound(`the environment ${env} has no secret ${name}`));
      const environment = toEnvironment(env);
      const live = environment === null ? null : environments.findLive(environment);
      const needed = live === null ? [] : await this.#declaredBy(live.configurationDigest);
      if (needed.includes(name) && !isForced) {
        const message = `what is live in ${env} declares ${name}; deploy a version without it first, or remove it all the same with force`;
        return fail({ code: "conflict", message });
      }
      // Something else may have gone live while its configuration was read.
      const now = environment === null ? null : environments.findLive(environment);
      if (now?.deployId !== live?.deployId) continue;
      // Somebody else may have removed it, too.
      if (storage.find(env, name) === null)
        return fail(notFound(`the environment ${env} has no secret ${name}`));
      transact(() => {
        const revision = storage.remove(env, name);
        addToOutbox({
          kind: "secret",
          change: { ...owner(), environment: env, name, sealed: null, revision },
        });
        return [draftSecretEvent("secret.removed", { env, name, actor })];
      });
      await this.#publish(env);
      return ok(null);
    }
    return fail({
      code: "conflict",
      message: `the environment ${env} moves all the time; repeat it once its deploys are done`,
    });
  }

  /** Why an app that declares these secrets cannot run in an environment; null when they are all set. */
  findMissing(
    environment: Environment,
    names: readonly string[],
    label: string,
  ): (ProjectFailure & { readonly code: "secrets-missing" }) | null {
    const missing = this.#options.storage.missing(environment, names);
    const [first] = missing;
    if (first === undefined) return null;
    const listed = missing.slice(0, MAX_LISTED_NAMES).join(", ");
    const more = missing.length > MAX_LISTED_NAMES ? ` and ${missing.length - MAX_LISTED_NAMES} more` : "";
    const message = `the environment ${environment} lacks secrets that the app declares: ${listed}${more}. Set each and repeat it: oursynth secrets set ${first} --env ${environment} --project ${label}`;
    return { code: "secrets-missing", message };
  }

  async #declaredBy(configurationDigest: string): Promise<readonly string[]> {
    return (await readConfiguration(this.#options.bucket, configurationDigest)).secrets;
  }

  async #publish(env: SecretEnvironment): Promise<void> {
    await this.#options.publish(toEnvironment(env));
  }
}

/** Nothing is ever live in a simulation's environment. */
function toEnvironment(env: SecretEnvironment): Environment | null {
  return ENVIRONMENTS.find((environment) => environment === env) ?? null;
}

function draftSecretEvent(
  type: "secret.set" | "secret.removed",
  { env, name, actor }: Omit<SecretSetting, "sealed">,
): EventDraft {
  return { source: "project", type, data: { env, name }, actor };
}
