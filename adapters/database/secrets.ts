// Sealed secrets of projects in D1, where an app's start finds them. The project object decides what stands there and
// tells it through its outbox, so every change may be applied twice; an older one changes nothing.

type Place = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly environment: string;
};

/** A secret set (`sealed`) or removed (null). `revision` is the environment's, after the change. */
export type SecretChange = Place & {
  readonly name: string;
  readonly sealed: string | null;
  readonly revision: number;
};

export type SealedSecrets = {
  /** Of the environment; 0 when no secret was ever set there. */
  readonly revision: number;
  readonly sealedByName: ReadonlyMap<string, string>;
};

export async function applySecretChange(database: D1Database, change: SecretChange): Promise<void> {
  const { organizationId, projectId, environment, name, sealed, revision } = change;
  const counted = database
    .prepare(
      `INSERT INTO secret_revisions (orgId, projectId, environment, revision) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (projectId, environment) DO UPDATE SET revision = max(revision, excluded.revision)`,
    )
    .bind(organizationId, projectId, environment, revision);
  const changed =
    sealed === null
      ? database
          .prepare(
            "DELETE FROM secrets WHERE projectId = ?1 AND environment = ?2 AND name = ?3 AND revision < ?4",
          )
          .bind(projectId, environment, name, revision)
      : database
          .prepare(
            `INSERT INTO secrets (orgId, projectId, environment, name, sealed, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (projectId, environment, name) DO UPDATE
               SET sealed = excluded.sealed, revision = excluded.revision WHERE revision < excluded.revision`,
          )
          .bind(organizationId, projectId, environment, name, sealed, revision);
  await database.batch([changed, counted]);
}

/** The sealed values of an environment with its revision, as they stand together. */
export async function findSealedSecrets(database: D1Database, place: Place): Promise<SealedSecrets> {
  const { organizationId, projectId, environment } = place;
  const where = "WHERE orgId = ?1 AND projectId = ?2 AND environment = ?3";
  const [revisions, rows] = await database.batch<Record<string, unknown>>([
    database
      .prepare(`SELECT revision FROM secret_revisions ${where}`)
      .bind(organizationId, projectId, environment),
    database
      .prepare(`SELECT name, sealed FROM secrets ${where}`)
      .bind(organizationId, projectId, environment),
  ]);
  return {
    revision: Number(revisions?.results[0]?.revision ?? 0),
    sealedByName: new Map(rows?.results.map((row) => [String(row.name), String(row.sealed)])),
  };
}

/** With a deleted project its secrets go, and not only out of sight. */
export async function forgetSecrets(
  database: D1Database,
  { organizationId, projectId }: Omit<Place, "environment">,
): Promise<void> {
  await database
    .prepare("DELETE FROM secrets WHERE orgId = ?1 AND projectId = ?2")
    .bind(organizationId, projectId)
    .run();
}
