// Branch heads and every move of them: what makes any moment of a project findable again.
import type { Snapshot } from "../../schemas/event.ts";

export type BranchHead = {
  readonly name: string;
  /** The event that last moved it. */
  readonly headSeq: number;
  readonly snapshot: Snapshot;
  /** The capsule that stands at the head, when the head is one. */
  readonly capsuleDigest: string | null;
};

type BranchRow = {
  name: string;
  head_seq: number;
  content_digest: string;
  settings_digest: string;
  capsule_digest: string | null;
};

export class BranchStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(): BranchHead[] {
    return this.#sql.exec<BranchRow>("SELECT * FROM branches ORDER BY name").toArray().map(toHead);
  }

  find(name: string): BranchHead | null {
    const row = this.#sql.exec<BranchRow>("SELECT * FROM branches WHERE name = ?", name).toArray()[0];
    return row === undefined ? null : toHead(row);
  }

  /** Where the branch stood right after the event `at`; null when it did not exist yet. */
  findAt(name: string, at: number): BranchHead | null {
    const row = this.#sql
      .exec<BranchRow>(
        `SELECT branch AS name, seq AS head_seq, content_digest, settings_digest, capsule_digest
         FROM branch_moves WHERE branch = ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
        name,
        at,
      )
      .toArray()[0];
    return row === undefined ? null : toHead(row);
  }

  /** The latest move of any branch to this capsule. */
  findHolding(capsuleDigest: string): BranchHead | null {
    const row = this.#sql
      .exec<BranchRow>(
        `SELECT branch AS name, seq AS head_seq, content_digest, settings_digest, capsule_digest
         FROM branch_moves WHERE capsule_digest = ? ORDER BY seq DESC LIMIT 1`,
        capsuleDigest,
      )
      .toArray()[0];
    return row === undefined ? null : toHead(row);
  }

  /** Whether this capsule ever stood at the branch's head. */
  hasHeld(name: string, capsuleDigest: string): boolean {
    const held = this.#sql.exec(
      "SELECT 1 FROM branch_moves WHERE branch = ? AND capsule_digest = ? LIMIT 1",
      name,
      capsuleDigest,
    );
    return held.toArray().length > 0;
  }

  move(head: BranchHead): void {
    const { name, headSeq, snapshot, capsuleDigest } = head;
    this.#sql.exec(
      "INSERT OR REPLACE INTO branches VALUES (?, ?, ?, ?, ?)",
      name,
      headSeq,
      snapshot.contentDigest,
      snapshot.settingsDigest,
      capsuleDigest,
    );
    this.#sql.exec(
      "INSERT INTO branch_moves VALUES (?, ?, ?, ?, ?)",
      name,
      headSeq,
      snapshot.contentDigest,
      snapshot.settingsDigest,
      capsuleDigest,
    );
  }
}

function toHead(row: BranchRow): BranchHead {
  return {
    name: row.name,
    headSeq: row.head_seq,
    snapshot: { contentDigest: row.content_digest, settingsDigest: row.settings_digest },
    capsuleDigest: row.capsule_digest,
  };
}
