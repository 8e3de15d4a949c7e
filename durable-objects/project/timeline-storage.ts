// The timeline in the project's SQLite: an append-only hash chain with pages over it.
import { sha256Sync } from "../../adapters/hashing/sha256-sync.ts";
import { newId, randomBytes } from "../../adapters/random/new-id.ts";
import {
  type ChainBreak,
  type EventDraft,
  findChainBreak,
  firstPrevHash,
  SALT_BYTES,
  sealEvent,
} from "../../core/timeline/seal-event.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import type { EventSource } from "../../schemas/event-types.ts";

export const MAX_PAGE_EVENTS = 500;
const VERIFY_PAGE_EVENTS = 1_000;

export type EventQuery = {
  /** Exclusive. */
  readonly since: number;
  readonly limit: number;
  readonly type?: string | undefined;
  readonly source?: EventSource | undefined;
  /** Text to be found in the type or the data. */
  readonly search?: string | undefined;
  /** Newest first, below `since` (or from the end when `since` is 0). */
  readonly isDescending?: boolean;
};

/** How far a walk along the chain came, and where it found the first break. */
export type ChainWalk = {
  readonly checked: number;
  readonly lastHash: string;
  readonly firstBreak: ChainBreak | null;
};

type EventRow = {
  seq: number;
  id: string;
  ts: number;
  source: string;
  type: string;
  data: string | null;
  salt: string | null;
  data_hash: string;
  actor_kind: string;
  actor_id: string;
  run_id: string | null;
  content_digest: string | null;
  settings_digest: string | null;
  prev_hash: string;
  hash: string;
};

export class TimelineStorage {
  readonly #sql: SqlStorage;
  readonly #projectId: string;
  /** The chain's end; null until it has been read. */
  #end: { seq: number; hash: string } | null = null;

  constructor(sql: SqlStorage, projectId: string) {
    this.#sql = sql;
    this.#projectId = projectId;
  }

  /** Seq and hash of the newest event (0 and the project's first hash while there is none). */
  end(): { readonly seq: number; readonly hash: string } {
    if (this.#end === null) {
      const newest = this.#sql
        .exec<{ seq: number; hash: string }>("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        .toArray()[0];
      this.#end = newest ?? this.#start();
    }
    return this.#end;
  }

  /**
   * Appends one event. Call it inside a `transactionSync` together with the state that it tells of;
   * when that transaction fails, call {@link forgetEnd}.
   */
  append(draft: EventDraft, ts: number): TimelineEvent {
    const previous = this.end();
    const event = sealEvent(
      draft,
      {
        seq: previous.seq + 1,
        id: newId("event"),
        ts,
        prevHash: previous.hash,
        salt: randomBytes(SALT_BYTES),
      },
      sha256Sync,
    );
    this.#sql.exec(
      "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      event.seq,
      event.id,
      event.ts,
      event.source,
      event.type,
      JSON.stringify(event.data),
      event.salt,
      event.dataHash,
      event.actor.kind,
      event.actor.id,
      event.runId,
      event.snapshot?.contentDigest ?? null,
      event.snapshot?.settingsDigest ?? null,
      event.prevHash,
      event.hash,
    );
    this.#end = { seq: event.seq, hash: event.hash };
    return event;
  }

  /** After a rolled-back transaction the remembered end may be of an event that never was. */
  forgetEnd(): void {
    this.#end = null;
  }

  /** A page of events in order of their seq (or newest first). */
  page(query: EventQuery): TimelineEvent[] {
    const conditions = [query.isDescending === true ? (query.since > 0 ? "seq < ?" : "seq > ?") : "seq > ?"];
    const parameters: (string | number)[] = [query.since];
    if (query.type !== undefined) {
      conditions.push("type = ?");
      parameters.push(query.type);
    }
    if (query.source !== undefined) {
      conditions.push("source = ?");
      parameters.push(query.source);
    }
    if (query.search !== undefined) {
      conditions.push("(instr(lower(type), lower(?)) > 0 OR instr(lower(data), lower(?)) > 0)");
      parameters.push(query.search, query.search);
    }
    const order = query.isDescending === true ? "DESC" : "ASC";
    return this.#sql
      .exec<EventRow>(
        `SELECT * FROM events WHERE ${conditions.join(" AND ")} ORDER BY seq ${order} LIMIT ?`,
        ...parameters,
        Math.min(query.limit, MAX_PAGE_EVENTS),
      )
      .toArray()
      .map(toEvent);
  }

  find(seq: number): TimelineEvent | null {
    const row = this.#sql.exec<EventRow>("SELECT * FROM events WHERE seq = ?", seq).toArray()[0];
    return row === undefined ? null : toEvent(row);
  }

  /** How many events come after this one. */
  countSince(since: number): number {
    return Math.max(0, this.end().seq - since);
  }

  /** Walks the whole chain in pages; between two of them others get their turn. */
  async verify(): Promise<ChainWalk> {
    let previous = this.#start();
    for (;;) {
      const events = this.#sql
        .exec<EventRow>(
          "SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
          previous.seq,
          VERIFY_PAGE_EVENTS,
        )
        .toArray()
        .map(toEvent);
      const firstBreak = findChainBreak(events, previous, sha256Sync);
      if (firstBreak !== null) return { checked: firstBreak.seq - 1, lastHash: previous.hash, firstBreak };
      const last = events.at(-1);
      if (last === undefined) return { checked: previous.seq, lastHash: previous.hash, firstBreak: null };
      previous = { seq: last.seq, hash: last.hash };
      await scheduler.wait(0);
    }
  }

  #start(): { seq: number; hash: string } {
    return { seq: 0, hash: firstPrevHash(this.#projectId, sha256Sync) };
  }
}

function toEvent(row: EventRow): TimelineEvent {
  return {
    seq: row.seq,
    id: row.id,
    ts: row.ts,
    source: row.source as EventSource,
    type: row.type,
    data: row.data === null ? null : JSON.parse(row.data),
    salt: row.salt,
    dataHash: row.data_hash,
    actor: { kind: row.actor_kind as TimelineEvent["actor"]["kind"], id: row.actor_id },
    runId: row.run_id,
    snapshot:
      row.content_digest === null || row.settings_digest === null
        ? null
        : { contentDigest: row.content_digest, settingsDigest: row.settings_digest },
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}
