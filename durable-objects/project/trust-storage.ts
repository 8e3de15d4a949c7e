// Whom this project trusts (CAPSULE.md S5, S9): keys with roles and state, thresholds, and a revision that every change
// raises. Every revision is kept, with who made it and the signed statement behind it.
import { canonicalJson } from "../../core/capsule/canonical-json.ts";
import type { ActorRef } from "../../schemas/event.ts";
import type { RetiredState, Role, TrustKey, TrustRecord } from "../../schemas/trust.ts";
import type { MetaStorage } from "./meta-storage.ts";

type TrustedKeyRow = {
  key_id: string;
  public_key: string;
  name: string;
  roles: string;
  state: string | null;
};

type RevisionRow = {
  revision: number;
  at: number;
  change: string;
  key_id: string | null;
  actor_kind: ActorRef["kind"];
  actor_id: string;
  record: string;
  envelope_sha256: string | null;
};

/** How one revision came to be. */
export type TrustRevision = {
  readonly at: number;
  /** `trusted`, `removed`, `rotated`, `revoked` or `thresholds`. */
  readonly change: string;
  readonly keyId: string | null;
  readonly actor: ActorRef;
  /** Of the signed statement that brought it; null when none was needed. */
  readonly envelopeSha256: string | null;
};

export type KeptTrustRevision = TrustRevision & { readonly record: TrustRecord };

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
      .map(readKey);
    const thresholds = JSON.parse(this.#meta.find("trustThresholds") ?? "{}") as TrustRecord["thresholds"];
    return { revision: this.revision(), keys, thresholds };
  }

  revision(): number {
    return this.#meta.getNumber("trustRevision");
  }

  /** Call it inside the transaction that writes the event. The record is the next one after what is there. */
  save(record: TrustRecord, revision: TrustRevision): void {
    const before = new Map(this.record().keys.map((key) => [key.keyId, canonicalJson(key)]));
    for (const key of record.keys) {
      if (before.get(key.keyId) !== canonicalJson(key)) this.#put(key);
      before.delete(key.keyId);
    }
    for (const keyId of before.keys()) this.#sql.exec("DELETE FROM trusted_keys WHERE key_id = ?", keyId);
    this.#meta.set("trustThresholds", JSON.stringify(record.thresholds));
    this.#meta.setNumber("trustRevision", record.revision);
    this.#sql.exec(
      "INSERT INTO trust_history VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      record.revision,
      revision.at,
      revision.change,
      revision.keyId,
      revision.actor.kind,
      revision.actor.id,
      JSON.stringify(record),
      revision.envelopeSha256,
    );
  }

  /** Newest first; `before` is the revision of the last one already seen. */
  history(limit: number, before: number | null): KeptTrustRevision[] {
    return this.#sql
      .exec<RevisionRow>(
        "SELECT * FROM trust_history WHERE revision < ? ORDER BY revision DESC LIMIT ?",
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray()
      .map((row) => ({
        at: row.at,
        change: row.change,
        keyId: row.key_id,
        actor: { kind: row.actor_kind, id: row.actor_id },
        envelopeSha256: row.envelope_sha256,
        record: JSON.parse(row.record) as TrustRecord,
      }));
  }

  #put(key: TrustKey): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO trusted_keys (key_id, public_key, name, roles, state) VALUES (?, ?, ?, ?, ?)",
      key.keyId,
      key.publicKey,
      key.name,
      JSON.stringify([...key.roles].sort()),
      key.state === undefined ? null : JSON.stringify(key.state),
    );
  }
}

function readKey(row: TrustedKeyRow): TrustKey {
  const state = row.state === null ? {} : { state: JSON.parse(row.state) as RetiredState };
  return {
    keyId: row.key_id,
    publicKey: row.public_key,
    name: row.name,
    roles: JSON.parse(row.roles) as Role[],
    ...state,
  };
}
