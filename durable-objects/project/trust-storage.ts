// Whom this project trusts (CAPSULE.md S5): keys with roles, and a revision that every change raises.
import type { Role, TrustKey, TrustRecord } from "../../schemas/trust.ts";
import type { MetaStorage } from "./meta-storage.ts";

type TrustedKeyRow = { key_id: string; public_key: string; name: string; roles: string };

export class TrustStorage {
  readonly #sql: SqlStorage;
  readonly #meta: MetaStorage;

  constructor(sql: SqlStorage, meta: MetaStorage) {
    this.#sql = sql;
    this.#meta = meta;
  }

  record(): TrustRecord {
    const keys = this.#sql
      .exec<TrustedKeyRow>("SELECT * FROM trusted_keys ORDER BY key_id")
      .toArray()
      .map((row) => ({
        keyId: row.key_id,
        publicKey: row.public_key,
        name: row.name,
        roles: JSON.parse(row.roles) as Role[],
      }));
    return { revision: this.revision(), keys, thresholds: {} };
  }

  revision(): number {
    return this.#meta.getNumber("trustRevision");
  }

  /** Whether this very key, name and roles stand in the record. */
  holds(key: TrustKey): boolean {
    const held = this.#sql.exec(
      "SELECT 1 FROM trusted_keys WHERE key_id = ? AND name = ? AND roles = ?",
      key.keyId,
      key.name,
      JSON.stringify([...key.roles].sort()),
    );
    return held.toArray().length > 0;
  }

  put(key: TrustKey): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO trusted_keys VALUES (?, ?, ?, ?)",
      key.keyId,
      key.publicKey,
      key.name,
      JSON.stringify([...key.roles].sort()),
    );
    this.#meta.setNumber("trustRevision", this.revision() + 1);
  }

  /** Whether there was such a key. */
  remove(keyId: string): boolean {
    const removed = this.#sql.exec("DELETE FROM trusted_keys WHERE key_id = ?", keyId).rowsWritten > 0;
    if (removed) this.#meta.setNumber("trustRevision", this.revision() + 1);
    return removed;
  }
}
