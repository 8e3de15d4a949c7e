// Deploy runs and their logs.
import { maskSecrets } from "../../core/capsule/secret-scan.ts";
import type { DeployRun } from "../../core/deploy/deploy-run.ts";
import type { MetaStorage } from "./meta-storage.ts";

export const MAX_LOG_LINES = 2_000;
const MAX_LOG_MESSAGE_CHARACTERS = 4_000;

export type RunLogLevel = "info" | "warn" | "error";
export type RunLogLine = {
  readonly seq: number;
  readonly ts: number;
  readonly level: RunLogLevel;
  readonly message: string;
};

type RunRow = { ordinal: number; state: string };

export class RunStorage {
  readonly #sql: SqlStorage;
  readonly #meta: MetaStorage;

  constructor(sql: SqlStorage, meta: MetaStorage) {
    this.#sql = sql;
    this.#meta = meta;
  }

  add(run: DeployRun): void {
    const ordinal = this.#meta.getNumber("runOrdinal") + 1;
    this.#meta.setNumber("runOrdinal", ordinal);
    this.#sql.exec(
      "INSERT INTO runs VALUES (?, ?, ?, NULL, ?)",
      run.deployId,
      ordinal,
      JSON.stringify(run),
      run.startedAt,
    );
  }

  find(id: string): DeployRun | null {
    const row = this.#sql.exec<RunRow>("SELECT ordinal, state FROM runs WHERE id = ?", id).toArray()[0];
    return row === undefined ? null : JSON.parse(row.state);
  }

  /** Stores the run; `leaseUntil` null means that nobody needs to look after it any more. */
  update(run: DeployRun, leaseUntil: number | null): void {
    this.#sql.exec(
      "UPDATE runs SET state = ?, lease_until = ? WHERE id = ?",
      JSON.stringify(run),
      leaseUntil,
      run.deployId,
    );
  }

  renewLease(id: string, leaseUntil: number): void {
    this.#sql.exec(
      "UPDATE runs SET lease_until = ? WHERE id = ? AND lease_until IS NOT NULL",
      leaseUntil,
      id,
    );
  }

  /** Newest first; `before` is the ordinal of the last one already seen. */
  list(limit: number, before: number | null): { readonly ordinal: number; readonly run: DeployRun }[] {
    return this.#sql
      .exec<RunRow>(
        "SELECT ordinal, state FROM runs WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?",
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray()
      .map((row) => ({ ordinal: row.ordinal, run: JSON.parse(row.state) }));
  }

  /** Runs that have not ended, oldest first. */
  unfinished(): DeployRun[] {
    return this.#sql
      .exec<RunRow>("SELECT ordinal, state FROM runs WHERE lease_until IS NOT NULL ORDER BY ordinal")
      .toArray()
      .map((row) => JSON.parse(row.state));
  }

  /** Runs whose lease has lapsed. */
  lapsed(now: number): DeployRun[] {
    return this.#sql
      .exec<RunRow>("SELECT ordinal, state FROM runs WHERE lease_until <= ? ORDER BY ordinal", now)
      .toArray()
      .map((row) => JSON.parse(row.state));
  }

  /** When the next lease lapses; null when no run is under way. */
  nextLease(): number | null {
    return (
      this.#sql.exec<{ next: number | null }>("SELECT MIN(lease_until) AS next FROM runs").one().next ?? null
    );
  }

  /** Adds a line; past {@link MAX_LOG_LINES} nothing more is kept, and the last line says so. */
  log(runId: string, ts: number, level: RunLogLevel, message: string): void {
    const { count } = this.#sql
      .exec<{ count: number }>("SELECT COUNT(*) AS count FROM run_logs WHERE run_id = ?", runId)
      .one();
    if (count >= MAX_LOG_LINES) return;
    const isLast = count === MAX_LOG_LINES - 1;
    this.#sql.exec(
      "INSERT INTO run_logs VALUES (?, ?, ?, ?, ?)",
      runId,
      count + 1,
      ts,
      isLast ? "warn" : level,
      isLast ? `The log is full (${MAX_LOG_LINES} lines).` : truncate(maskSecrets(message)),
    );
  }

  logs(runId: string, since: number, limit: number): RunLogLine[] {
    return this.#sql
      .exec<RunLogLine>(
        "SELECT seq, ts, level, message FROM run_logs WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        runId,
        since,
        limit,
      )
      .toArray();
  }
}

function truncate(message: string): string {
  if (message.length <= MAX_LOG_MESSAGE_CHARACTERS) return message;
  return `${message.slice(0, MAX_LOG_MESSAGE_CHARACTERS)} … (${message.length} characters)`;
}
