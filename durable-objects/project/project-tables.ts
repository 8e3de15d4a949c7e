// The project object's own tables. Statements only ever get appended; a numbered one is applied once.
// (`PRAGMA user_version` is not available to a Durable Object, so the number is kept in a table.)

const STATEMENTS: readonly string[] = [
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
  `CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ts INTEGER NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL,
    data TEXT, salt TEXT, data_hash TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_id TEXT NOT NULL, run_id TEXT,
    content_digest TEXT, settings_digest TEXT, prev_hash TEXT NOT NULL, hash TEXT NOT NULL)`,
  "CREATE INDEX events_type ON events (type, seq)",
  "CREATE INDEX events_source ON events (source, seq)",
  `CREATE TABLE branches (
    name TEXT PRIMARY KEY, head_seq INTEGER NOT NULL, content_digest TEXT NOT NULL, settings_digest TEXT NOT NULL,
    capsule_digest TEXT)`,
  // Every move of a branch, so that any moment of it can be found again.
  `CREATE TABLE branch_moves (
    branch TEXT NOT NULL, seq INTEGER NOT NULL, content_digest TEXT NOT NULL, settings_digest TEXT NOT NULL,
    capsule_digest TEXT, PRIMARY KEY (branch, seq)) WITHOUT ROWID`,
  `CREATE TABLE accepted_capsules (
    digest TEXT PRIMARY KEY, seq INTEGER NOT NULL, content_digest TEXT NOT NULL, settings_digest TEXT NOT NULL)`,
  `CREATE TABLE trusted_keys (
    key_id TEXT PRIMARY KEY, public_key TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL)`,
  `CREATE TABLE builds (
    capsule_digest TEXT PRIMARY KEY, artifact_digest TEXT NOT NULL, configuration_digest TEXT NOT NULL,
    built_at INTEGER NOT NULL)`,
  `CREATE TABLE activations (
    environment TEXT NOT NULL, revision INTEGER NOT NULL, capsule_digest TEXT NOT NULL, artifact_digest TEXT NOT NULL,
    configuration_digest TEXT NOT NULL, deploy_id TEXT NOT NULL, activated_at INTEGER NOT NULL,
    PRIMARY KEY (environment, revision)) WITHOUT ROWID`,
  `CREATE TABLE runs (
    id TEXT PRIMARY KEY, ordinal INTEGER NOT NULL, state TEXT NOT NULL, lease_until INTEGER, started_at INTEGER NOT NULL)`,
  "CREATE INDEX runs_ordinal ON runs (ordinal)",
  "CREATE INDEX runs_lease ON runs (lease_until) WHERE lease_until IS NOT NULL",
  `CREATE TABLE run_logs (
    run_id TEXT NOT NULL, seq INTEGER NOT NULL, ts INTEGER NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)) WITHOUT ROWID`,
  "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL)",
  `CREATE TABLE confirmations (
    id TEXT PRIMARY KEY, request TEXT NOT NULL, restatement TEXT NOT NULL, restatement_hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL)`,
  `CREATE TABLE statements (
    capsule_digest TEXT NOT NULL, envelope_sha256 TEXT NOT NULL, PRIMARY KEY (capsule_digest, envelope_sha256))
    WITHOUT ROWID`,
  `CREATE TABLE secrets (
    environment TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL, actor_id TEXT NOT NULL, PRIMARY KEY (environment, name)) WITHOUT ROWID`,
  "CREATE TABLE secret_revisions (environment TEXT PRIMARY KEY, revision INTEGER NOT NULL)",
  // Null while the key is in use; else how it was retired.
  "ALTER TABLE trusted_keys ADD COLUMN state TEXT",
  `CREATE TABLE trust_history (
    revision INTEGER PRIMARY KEY, at INTEGER NOT NULL, change TEXT NOT NULL, key_id TEXT, actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL, record TEXT NOT NULL, envelope_sha256 TEXT)`,
  `CREATE TABLE receipts (
    envelope_sha256 TEXT PRIMARY KEY, capsule_digest TEXT NOT NULL, logged_at INTEGER NOT NULL, log_key_id TEXT NOT NULL,
    receipt_sha256 TEXT NOT NULL) WITHOUT ROWID`,
  "CREATE TABLE gate_policies (environment TEXT PRIMARY KEY, policy TEXT NOT NULL) WITHOUT ROWID",
  `CREATE TABLE evidence (
    sim_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, kind TEXT NOT NULL, capsule_digest TEXT NOT NULL,
    artifact_digest TEXT NOT NULL, observed_by TEXT NOT NULL, outcome TEXT NOT NULL, reasons TEXT NOT NULL,
    params TEXT NOT NULL, envelope_sha256 TEXT NOT NULL, received_at INTEGER NOT NULL)`,
  "CREATE INDEX evidence_capsule ON evidence (capsule_digest, seq)",
  // Why an activation was let in: only what came on evidence may come back without (MESH.md M18).
  "ALTER TABLE activations ADD COLUMN gate_basis TEXT NOT NULL DEFAULT 'open'",
  "CREATE TABLE simulations (sim_id TEXT PRIMARY KEY, started_seq INTEGER NOT NULL, ended_seq INTEGER) WITHOUT ROWID",
  `CREATE TABLE pins (
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_id TEXT NOT NULL,
    pinned_at INTEGER NOT NULL)`,
];

/** Brings the object's tables up to date, in one transaction. */
export function migrateTables(storage: DurableObjectStorage): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    sql.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const current = sql.exec<{ version: number }>("SELECT version FROM schema_version").toArray()[0]?.version;
    for (const statement of STATEMENTS.slice(current ?? 0)) sql.exec(statement);
    if (current === undefined) sql.exec("INSERT INTO schema_version VALUES (?)", STATEMENTS.length);
    else if (current < STATEMENTS.length)
      sql.exec("UPDATE schema_version SET version = ?", STATEMENTS.length);
  });
}
