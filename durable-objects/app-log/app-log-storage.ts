// The lines of one app in one environment, as a ring: new ones push out the oldest.
import { maskSecrets } from "../../core/capsule/secret-scan.ts";

/** One line of an app's log. `ts` is in ms since the epoch; what is unknown is left out. */
export type AppLogLine = {
  readonly ts: number;
  readonly level: "debug" | "info" | "log" | "warn" | "error";
  readonly message: string;
  readonly stack?: string;
  readonly requestId?: string;
  readonly artifactDigest?: string;
  readonly path?: string;
};

/** `seq` counts from 1 and never repeats. */
export type StoredAppLogLine = AppLogLine & { readonly seq: number };

export type AppLogQuery = {
  /** Exclusive: lines after this one. Without it, the newest lines. */
  readonly since?: number;
  readonly limit: number;
  readonly requestId?: string;
};

const MAX_KEPT_LINES = 5_000;
/** Of a message, and of a stack. */
const MAX_TEXT_LENGTH = 8 * 1024;
/** Room for the words that say what was left out. */
const NOTE_LENGTH = 48;

type Row = {
  readonly seq: number;
  readonly ts: number;
  readonly level: string;
  readonly message: string;
  readonly stack: string | null;
  readonly request_id: string | null;
  readonly artifact_digest: string | null;
  readonly path: string | null;
};

export function createAppLogTables(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS lines (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    ts INTEGER NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    stack TEXT,
    request_id TEXT,
    artifact_digest TEXT,
    path TEXT
  )`);
  sql.exec("CREATE INDEX IF NOT EXISTS lines_request ON lines (request_id) WHERE request_id IS NOT NULL");
}

/** Appends in the given order and forgets what no longer fits. */
export function insertLines(sql: SqlStorage, lines: readonly AppLogLine[]): void {
  for (const line of lines) {
    sql.exec(
      "INSERT INTO lines (ts, level, message, stack, request_id, artifact_digest, path) VALUES (?, ?, ?, ?, ?, ?, ?)",
      line.ts,
      line.level,
      line.message,
      line.stack ?? null,
      line.requestId ?? null,
      line.artifactDigest ?? null,
      line.path ?? null,
    );
  }
  sql.exec("DELETE FROM lines WHERE seq <= (SELECT MAX(seq) FROM lines) - ?", MAX_KEPT_LINES);
}

/** Oldest first. With `since`, the first lines after it; without, the newest there are. */
export function selectLines(sql: SqlStorage, query: AppLogQuery): readonly StoredAppLogLine[] {
  const requestId = query.requestId ?? null;
  if (query.since !== undefined) {
    return sql
      .exec<Row>(
        "SELECT * FROM lines WHERE seq > ?1 AND (?2 IS NULL OR request_id = ?2) ORDER BY seq LIMIT ?3",
        query.since,
        requestId,
        query.limit,
      )
      .toArray()
      .map(fromRow);
  }
  return sql
    .exec<Row>(
      "SELECT * FROM lines WHERE (?1 IS NULL OR request_id = ?1) ORDER BY seq DESC LIMIT ?2",
      requestId,
      query.limit,
    )
    .toArray()
    .reverse()
    .map(fromRow);
}

/** The number of the newest line; 0 when there was never one. */
export function selectLastSeq(sql: SqlStorage): number {
  return sql.exec<{ seq: number | null }>("SELECT MAX(seq) AS seq FROM lines").one().seq ?? 0;
}

function fromRow(row: Row): StoredAppLogLine {
  return {
    seq: row.seq,
    ts: row.ts,
    level: readLevel(row.level),
    message: row.message,
    ...(row.stack === null ? {} : { stack: row.stack }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    ...(row.artifact_digest === null ? {} : { artifactDigest: row.artifact_digest }),
    ...(row.path === null ? {} : { path: row.path }),
  };
}

/** The same line without the secrets in it, and with what is too long cut off, visibly. Twice changes nothing. */
export function shortenLine(line: AppLogLine): AppLogLine {
  const message = shortenText(line.message);
  return line.stack === undefined
    ? { ...line, message }
    : { ...line, message, stack: shortenText(line.stack) };
}

function shortenText(text: string): string {
  const masked = maskSecrets(text);
  if (masked.length <= MAX_TEXT_LENGTH) return masked;
  const keptLength = MAX_TEXT_LENGTH - NOTE_LENGTH;
  return `${masked.slice(0, keptLength)}… (${masked.length - keptLength} characters left out)`;
}

/** What an app calls a level, as one of ours. */
export function readLevel(level: string): AppLogLine["level"] {
  switch (level) {
    case "debug":
    case "info":
    case "warn":
    case "error":
      return level;
    default:
      return "log";
  }
}
