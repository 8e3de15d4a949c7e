// Sealed results of simulations, as far as the gate looks at them (MESH.md M14, M18). They stay while the project does.
import type { GateEvidence } from "../../core/deploy/gate-decision.ts";

/** A result as it stands in the log; whether its signatures count is asked anew each time. */
export type SealedEvidence = Omit<GateEvidence, "trust">;

type EvidenceRow = {
  sim_id: string;
  seq: number;
  kind: string;
  capsule_digest: string;
  artifact_digest: string;
  observed_by: string;
  outcome: string;
  reasons: string;
  params: string;
  envelope_sha256: string;
  received_at: number;
};

/** A capsule's newest results that the gate reads; older ones cannot decide. */
const MAX_READ = 200;

export class EvidenceStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The sequence number of the newest sealing event; 0 while there is none. */
  revision(): number {
    return this.#sql.exec<{ seq: number | null }>("SELECT MAX(seq) AS seq FROM evidence").one().seq ?? 0;
  }

  find(simId: string): SealedEvidence | null {
    const row = this.#sql.exec<EvidenceRow>("SELECT * FROM evidence WHERE sim_id = ?", simId).toArray()[0];
    return row === undefined ? null : toEvidence(row);
  }

  /** Newest first. */
  ofCapsule(capsuleDigest: string): SealedEvidence[] {
    return this.#sql
      .exec<EvidenceRow>(
        "SELECT * FROM evidence WHERE capsule_digest = ? ORDER BY seq DESC LIMIT ?",
        capsuleDigest,
        MAX_READ,
      )
      .toArray()
      .map(toEvidence);
  }

  add(evidence: SealedEvidence): void {
    this.#sql.exec(
      "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      evidence.simId,
      evidence.seq,
      evidence.kind,
      evidence.capsuleDigest,
      evidence.artifactDigest,
      evidence.observedBy,
      evidence.outcome,
      JSON.stringify(evidence.reasons),
      JSON.stringify(evidence.params),
      evidence.envelopeSha256,
      evidence.receivedAt,
    );
  }
}

function toEvidence(row: EvidenceRow): SealedEvidence {
  return {
    simId: row.sim_id,
    seq: row.seq,
    kind: row.kind as SealedEvidence["kind"],
    capsuleDigest: row.capsule_digest,
    artifactDigest: row.artifact_digest,
    observedBy: row.observed_by as SealedEvidence["observedBy"],
    outcome: row.outcome as SealedEvidence["outcome"],
    reasons: JSON.parse(row.reasons),
    params: JSON.parse(row.params),
    envelopeSha256: row.envelope_sha256,
    receivedAt: row.received_at,
  };
}
