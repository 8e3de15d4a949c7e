// Prod actions that wait for a person (API.md, confirmations): restated, single use, ten minutes.
import { type ProdRequest, prodRequestSchema } from "../../schemas/prod-request.ts";
import { type Restatement, restatementSchema } from "../../schemas/restatement.ts";

export const CONFIRMATION_TTL_MS = 10 * 60_000;
const MAX_OPEN = 100;

export type Confirmation = {
  readonly confirmationId: string;
  /** The request as it came, to be carried out by confirming. */
  readonly request: ProdRequest;
  readonly restatement: Restatement;
  /** SHA-256 of the restatement's JCS, prefixed. */
  readonly restatementHash: string;
  readonly expiresAt: number;
};

type ConfirmationRow = {
  id: string;
  request: string;
  restatement: string;
  restatement_hash: string;
  expires_at: number;
};

export class ConfirmationStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Past {@link MAX_OPEN} the oldest gives way. */
  add(confirmation: Confirmation, now: number): void {
    this.removeExpired(now);
    this.#sql.exec(
      `DELETE FROM confirmations WHERE id NOT IN (SELECT id FROM confirmations ORDER BY expires_at DESC LIMIT ?)`,
      MAX_OPEN - 1,
    );
    this.#sql.exec(
      "INSERT INTO confirmations VALUES (?, ?, ?, ?, ?)",
      confirmation.confirmationId,
      JSON.stringify(confirmation.request),
      JSON.stringify(confirmation.restatement),
      confirmation.restatementHash,
      confirmation.expiresAt,
    );
  }

  find(id: string, now: number): Confirmation | null {
    const row = this.#sql
      .exec<ConfirmationRow>("SELECT * FROM confirmations WHERE id = ? AND expires_at > ?", id, now)
      .toArray()[0];
    if (row === undefined) return null;
    return {
      confirmationId: row.id,
      request: prodRequestSchema.parse(JSON.parse(row.request)),
      restatement: restatementSchema.parse(JSON.parse(row.restatement)),
      restatementHash: row.restatement_hash,
      expiresAt: row.expires_at,
    };
  }

  /** When the next one expires; null when none is open. */
  nextExpiry(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT MIN(expires_at) AS at FROM confirmations").one().at;
  }

  removeExpired(now: number): void {
    this.#sql.exec("DELETE FROM confirmations WHERE expires_at <= ?", now);
  }

  removeAll(): void {
    this.#sql.exec("DELETE FROM confirmations");
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM confirmations WHERE id = ?", id);
  }
}
