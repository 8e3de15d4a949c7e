// Every sealed value there is, for whoever replaces the vault key. A table with a column `sealed` stands here; a test
// holds the list against schemas/database.
import {
  type ProjectOwner,
  platformSecretName,
  projectSecretName,
  type SecretName,
  signingKeyName,
} from "../vault/secret-name.ts";
import { sealedPrefix } from "../vault/vault.ts";

type SealedRow = Readonly<Record<string, string>> & {
  readonly organizationId: string;
  readonly sealed: string;
};

export type SealedTable = {
  readonly table: string;
  /** What, beside the organization, the name of a value is made of. */
  readonly columns: readonly string[];
  readonly nameOf: (row: SealedRow) => SecretName;
};

export type SealedValue = { readonly rowid: number; readonly name: SecretName; readonly sealed: string };

export const SEALED_TABLES: readonly SealedTable[] = [
  {
    table: "project_keys",
    columns: ["projectId", "keyId"],
    nameOf: (row) => signingKeyName(ownerOf(row), row.keyId ?? ""),
  },
  {
    table: "organization_keys",
    columns: ["keyId"],
    nameOf: ({ organizationId, keyId }) => signingKeyName({ organizationId, projectId: null }, keyId ?? ""),
  },
  {
    table: "secrets",
    columns: ["projectId", "environment", "name"],
    nameOf: (row) => projectSecretName(ownerOf(row), row.environment ?? "", row.name ?? ""),
  },
  { table: "platform_secrets", columns: ["name"], nameOf: (row) => platformSecretName(row.name ?? "") },
];

/** Values of a table that are not under this vault key, by row number behind `after`. */
export async function listSealedElsewhere(
  database: D1Database,
  { table, columns, nameOf }: SealedTable,
  options: { readonly vaultKeyId: string; readonly after: number; readonly limit: number },
): Promise<SealedValue[]> {
  const { results } = await database
    .prepare(
      `SELECT rowid AS sealedRow, orgId AS organizationId, sealed, ${columns.join(", ")} FROM ${table}
       WHERE rowid > ?1 AND substr(sealed, 1, length(?2)) <> ?2 ORDER BY rowid LIMIT ?3`,
    )
    .bind(options.after, sealedPrefix(options.vaultKeyId), options.limit)
    .all<SealedRow & { readonly sealedRow: number }>();
  return results.map((row) => ({ rowid: row.sealedRow, name: nameOf(row), sealed: row.sealed }));
}

export type Replacement = { readonly rowid: number; readonly before: string; readonly after: string };

/** Replaces values that are still what they were; one that somebody set meanwhile stays. */
export async function replaceSealed(
  database: D1Database,
  { table }: SealedTable,
  replacements: readonly Replacement[],
): Promise<void> {
  if (replacements.length === 0) return;
  const statement = database.prepare(`UPDATE ${table} SET sealed = ?3 WHERE rowid = ?1 AND sealed = ?2`);
  await database.batch(replacements.map(({ rowid, before, after }) => statement.bind(rowid, before, after)));
}

/** How many values, in all tables, are not under this vault key. */
export async function countSealedElsewhere(database: D1Database, vaultKeyId: string): Promise<number> {
  const counts = await Promise.all(
    SEALED_TABLES.map(({ table }) =>
      database
        .prepare(`SELECT count(*) AS count FROM ${table} WHERE substr(sealed, 1, length(?1)) <> ?1`)
        .bind(sealedPrefix(vaultKeyId))
        .first<number>("count"),
    ),
  );
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** Any one value, to try keys on; null when nothing is sealed yet. */
export async function findAnySealed(database: D1Database): Promise<SealedValue | null> {
  for (const table of SEALED_TABLES) {
    const [found] = await listSealedElsewhere(database, table, { vaultKeyId: "", after: 0, limit: 1 });
    if (found !== undefined) return found;
  }
  return null;
}

function ownerOf({ organizationId, projectId }: SealedRow): ProjectOwner {
  return { organizationId, projectId: projectId ?? "" };
}
