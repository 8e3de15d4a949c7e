// The gate's policy for each environment (MESH.md M18), and a revision that every change raises.
import { defaultPolicy } from "../../core/deploy/gate-policy.ts";
import type { Environment } from "../../schemas/environment.ts";
import { type GatePolicy, gatePolicySchema } from "../../schemas/gate.ts";
import type { MetaStorage } from "./meta-storage.ts";

export class PolicyStorage {
  readonly #sql: SqlStorage;
  readonly #meta: MetaStorage;

  constructor(sql: SqlStorage, meta: MetaStorage) {
    this.#sql = sql;
    this.#meta = meta;
  }

  /** What was set, else the default of the environment. */
  find(environment: Environment): GatePolicy {
    const row = this.#sql
      .exec<{ policy: string }>("SELECT policy FROM gate_policies WHERE environment = ?", environment)
      .toArray()[0];
    return row === undefined ? defaultPolicy(environment) : gatePolicySchema.parse(JSON.parse(row.policy));
  }

  /** 0 while every policy is the default. */
  revision(): number {
    return this.#meta.getNumber("policyRevision");
  }

  put(environment: Environment, policy: GatePolicy): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO gate_policies VALUES (?, ?)",
      environment,
      JSON.stringify(gatePolicySchema.parse(policy)),
    );
    this.#meta.setNumber("policyRevision", this.revision() + 1);
  }
}
