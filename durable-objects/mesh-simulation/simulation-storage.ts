// What one simulation keeps: its plan and course, what was observed, one report a seed, and what watchers are shown.
import type { Rehearsal } from "../../core/mesh/rehearsal.ts";
import type { RunReport } from "../../core/mesh/run-report.ts";
import type { MeshEvent, NumberedMeshEvent } from "../../schemas/mesh-event.ts";
import type { ObservedTable, SealedSimulation, SimulationPlan } from "./simulation-plan.ts";

/** Messages for watchers; the last ones, which say how it ended, are always kept. */
export const MAX_EVENTS = 6_000;
const RESERVED_EVENTS = 4;

type Values = {
  readonly plan: SimulationPlan;
  readonly rehearsal: Rehearsal;
  readonly observed: ObservedTable;
  readonly sealed: SealedSimulation;
  /** Which steps towards the project have been taken. */
  readonly isBegun: boolean;
  readonly isEndTold: boolean;
};

export class SimulationStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec("CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    sql.exec("CREATE TABLE IF NOT EXISTS runs (place INTEGER PRIMARY KEY, report TEXT NOT NULL)");
    sql.exec("CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL)");
  }

  find<Key extends keyof Values>(key: Key): Values[Key] | null {
    const row = this.#sql.exec<{ value: string }>("SELECT value FROM facts WHERE key = ?", key).toArray()[0];
    return row === undefined ? null : JSON.parse(row.value);
  }

  put<Key extends keyof Values>(key: Key, value: Values[Key]): void {
    this.#sql.exec("INSERT OR REPLACE INTO facts VALUES (?, ?)", key, JSON.stringify(value));
  }

  /** The report of the seed at this place, from 0. */
  addRun(place: number, report: RunReport): void {
    this.#sql.exec("INSERT OR REPLACE INTO runs VALUES (?, ?)", place, JSON.stringify(report));
  }

  /** In the order of the seeds. */
  runs(): RunReport[] {
    return this.#sql
      .exec<{ report: string }>("SELECT report FROM runs ORDER BY place")
      .toArray()
      .map(({ report }) => JSON.parse(report));
  }

  /** Past the maximum only `isLast` ones are kept. */
  addEvents(events: readonly MeshEvent[], isLast: boolean): void {
    const room = MAX_EVENTS - (isLast ? 0 : RESERVED_EVENTS) - this.lastEventId();
    for (const event of events.slice(0, Math.max(0, room))) {
      this.#sql.exec("INSERT INTO events (event) VALUES (?)", JSON.stringify(event));
    }
  }

  events(since: number, limit: number): NumberedMeshEvent[] {
    return this.#sql
      .exec<{ id: number; event: string }>(
        "SELECT id, event FROM events WHERE id > ? ORDER BY id LIMIT ?",
        since,
        limit,
      )
      .toArray()
      .map(({ id, event }) => ({ id, event: JSON.parse(event) }));
  }

  lastEventId(): number {
    return this.#sql.exec<{ id: number | null }>("SELECT MAX(id) AS id FROM events").one().id ?? 0;
  }

  /** What nobody needs once the result is sealed and the watchers have gone. */
  forgetRuns(): void {
    this.#sql.exec("DELETE FROM runs");
  }

  forgetEvents(): void {
    this.#sql.exec("DELETE FROM events");
  }
}
