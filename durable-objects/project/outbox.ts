// The outbox: what D1 must learn is written in the same transaction as the state it tells of, and sent on after.
// It survives being killed, keeps its order, and every entry may be applied twice.
import type { OutboxEntry } from "../../adapters/database/outbox-entry.ts";

const BATCH_ENTRIES = 20;

export class Outbox {
  readonly #sql: SqlStorage;
  readonly #deliver: (entry: OutboxEntry) => Promise<void>;
  #flushing: Promise<void> | null = null;

  constructor(sql: SqlStorage, deliver: (entry: OutboxEntry) => Promise<void>) {
    this.#sql = sql;
    this.#deliver = deliver;
  }

  /** Call it inside the transaction that changes the state. */
  add(entry: OutboxEntry): void {
    this.#sql.exec("INSERT INTO outbox (entry) VALUES (?)", JSON.stringify(entry));
  }

  isEmpty(): boolean {
    return this.#sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM outbox").one().count === 0;
  }

  /** Sends everything on, in order. Rejects when the other side cannot be reached; nothing is lost then. */
  async flush(): Promise<void> {
    // A flush under way may already have read past what was added since: wait for it, then look again.
    while (this.#flushing !== null) await this.#flushing;
    this.#flushing = this.#drain();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = null;
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      const rows = this.#sql
        .exec<{ id: number; entry: string }>(
          "SELECT id, entry FROM outbox ORDER BY id LIMIT ?",
          BATCH_ENTRIES,
        )
        .toArray();
      if (rows.length === 0) return;
      for (const row of rows) {
        await this.#deliver(JSON.parse(row.entry));
        this.#sql.exec("DELETE FROM outbox WHERE id = ?", row.id);
      }
    }
  }
}
