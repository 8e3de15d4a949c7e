// Environment pointers, their history, and what was built for which capsule.
import { ENVIRONMENTS, type Environment } from "../../schemas/environment.ts";
import type { GateDecision } from "../../schemas/gate.ts";

export type GateBasis = GateDecision["basis"];

/** What a capsule compiled to, and what it is run with. */
export type Build = { readonly artifactDigest: string; readonly configurationDigest: string };

export type Activation = Build & {
  readonly environment: Environment;
  readonly revision: number;
  readonly capsuleDigest: string;
  readonly deployId: string;
  readonly activatedAt: number;
  /** Why the gate let it in. */
  readonly gateBasis: GateBasis;
};

type ActivationRow = {
  environment: string;
  revision: number;
  capsule_digest: string;
  artifact_digest: string;
  configuration_digest: string;
  deploy_id: string;
  activated_at: number;
  gate_basis: string;
};

const ACTIVATION_COLUMNS =
  "environment, revision, capsule_digest, artifact_digest, configuration_digest, deploy_id, activated_at, gate_basis";

export class EnvironmentStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Every environment with its revision (0: nothing was ever activated) and what is live there. */
  list(): { name: Environment; revision: number; live: Activation | null }[] {
    return ENVIRONMENTS.map((name) => {
      const live = this.findLive(name);
      return { name, revision: live?.revision ?? 0, live };
    });
  }

  findLive(environment: Environment): Activation | null {
    return this.history(environment, 1)[0] ?? null;
  }

  revision(environment: Environment): number {
    return this.findLive(environment)?.revision ?? 0;
  }

  /** Newest first. */
  history(environment: Environment, limit: number): Activation[] {
    return this.#sql
      .exec<ActivationRow>(
        `SELECT ${ACTIVATION_COLUMNS} FROM activations WHERE environment = ? ORDER BY revision DESC LIMIT ?`,
        environment,
        limit,
      )
      .toArray()
      .map(toActivation);
  }

  /** Whether this artifact of a capsule was live there before, let in on evidence: not by an override (MESH.md M18). */
  wasLiveOnEvidence(
    environment: Environment,
    subject: { readonly capsuleDigest: string; readonly artifactDigest: string },
  ): boolean {
    const found = this.#sql.exec(
      `SELECT 1 FROM activations WHERE environment = ? AND capsule_digest = ? AND artifact_digest = ?
       AND gate_basis IN ('evidence', 'rollback') LIMIT 1`,
      environment,
      subject.capsuleDigest,
      subject.artifactDigest,
    );
    return found.toArray().length > 0;
  }

  activate(activation: Activation): void {
    this.#sql.exec(
      `INSERT INTO activations (${ACTIVATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      activation.environment,
      activation.revision,
      activation.capsuleDigest,
      activation.artifactDigest,
      activation.configurationDigest,
      activation.deployId,
      activation.activatedAt,
      activation.gateBasis,
    );
  }

  findBuild(capsuleDigest: string): Build | null {
    const row = this.#sql
      .exec<{ artifact_digest: string; configuration_digest: string }>(
        "SELECT artifact_digest, configuration_digest FROM builds WHERE capsule_digest = ?",
        capsuleDigest,
      )
      .toArray()[0];
    return row === undefined
      ? null
      : { artifactDigest: row.artifact_digest, configurationDigest: row.configuration_digest };
  }

  putBuild(capsuleDigest: string, build: Build, builtAt: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO builds VALUES (?, ?, ?, ?)",
      capsuleDigest,
      build.artifactDigest,
      build.configurationDigest,
      builtAt,
    );
  }
}

function toActivation(row: ActivationRow): Activation {
  return {
    environment: row.environment as Environment,
    revision: row.revision,
    capsuleDigest: row.capsule_digest,
    artifactDigest: row.artifact_digest,
    configurationDigest: row.configuration_digest,
    deployId: row.deploy_id,
    activatedAt: row.activated_at,
    gateBasis: row.gate_basis as GateBasis,
  };
}
