// Which secrets a project has in which environment. Names and revisions only: the sealed values pass through to D1.
import { SECRET_ENVIRONMENTS, type SecretEnvironment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";

export const MAX_SECRETS_PER_ENVIRONMENT = 100;

export type SecretFacts = {
  readonly name: string;
  readonly env: SecretEnvironment;
  /** The environment's revision that set it; a changed value has another. */
  readonly revision: number;
  readonly updatedAt: number;
  readonly updatedBy: ActorRef;
};

type SecretRow = {
  environment: string;
  name: string;
  revision: number;
  updated_at: number;
  actor_kind: string;
  actor_id: string;
};

export class SecretStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** By environment in the usual order, then by name. */
  list(environment: SecretEnvironment | null): SecretFacts[] {
    const wanted = SECRET_ENVIRONMENTS.filter((env) => environment === null || env === environment);
    return wanted.flatMap((env) =>
      this.#sql
        .exec<SecretRow>("SELECT * FROM secrets WHERE environment = ? ORDER BY name", env)
        .toArray()
        .map(toFacts),
    );
  }

  find(environment: SecretEnvironment, name: string): SecretFacts | null {
    const row = this.#sql
      .exec<SecretRow>("SELECT * FROM secrets WHERE environment = ? AND name = ?", environment, name)
      .toArray()[0];
    return row === undefined ? null : toFacts(row);
  }

  /** Those of the names that are not set, in their order. */
  missing(environment: SecretEnvironment, names: readonly string[]): string[] {
    return names.filter((name) => this.find(environment, name) === null);
  }

  revision(environment: SecretEnvironment): number {
    return (
      this.#sql
        .exec<{ revision: number }>(
          "SELECT revision FROM secret_revisions WHERE environment = ?",
          environment,
        )
        .toArray()[0]?.revision ?? 0
    );
  }

  put(secret: Omit<SecretFacts, "revision">): SecretFacts {
    const revision = this.#count(secret.env);
    const { env, name, updatedAt, updatedBy } = secret;
    this.#sql.exec(
      "INSERT OR REPLACE INTO secrets VALUES (?, ?, ?, ?, ?, ?)",
      env,
      name,
      revision,
      updatedAt,
      updatedBy.kind,
      updatedBy.id,
    );
    return { ...secret, revision };
  }

  /** Gives the environment's revision after it. */
  remove(environment: SecretEnvironment, name: string): number {
    this.#sql.exec("DELETE FROM secrets WHERE environment = ? AND name = ?", environment, name);
    return this.#count(environment);
  }

  forgetAll(): void {
    this.#sql.exec("DELETE FROM secrets");
  }

  #count(environment: SecretEnvironment): number {
    return this.#sql
      .exec<{ revision: number }>(
        `INSERT INTO secret_revisions VALUES (?, 1)
         ON CONFLICT (environment) DO UPDATE SET revision = revision + 1 RETURNING revision`,
        environment,
      )
      .one().revision;
  }
}

function toFacts(row: SecretRow): SecretFacts {
  return {
    name: row.name,
    env: row.environment as SecretEnvironment,
    revision: row.revision,
    updatedAt: row.updated_at,
    updatedBy: { kind: row.actor_kind as ActorRef["kind"], id: row.actor_id },
  };
}
