// The check values of vault keys: with which keys this platform's data may be sealed.

export type VaultCheck = {
  readonly vaultKeyId: string;
  readonly checkValue: string;
  readonly createdAt: number;
  readonly remainingCount: number | null;
};

const MAX_CHECKS = 100;

/** The oldest first. */
export async function listVaultChecks(database: D1Database): Promise<VaultCheck[]> {
  const { results } = await database
    .prepare(
      `SELECT vaultKeyId, checkValue, createdAt, remainingCount FROM vault_checks ORDER BY createdAt LIMIT ${MAX_CHECKS}`,
    )
    .all<VaultCheck>();
  return results;
}

/** The first to write a key's check value wins. */
export async function addVaultCheck(
  database: D1Database,
  check: Omit<VaultCheck, "remainingCount">,
): Promise<void> {
  await database
    .prepare(
      `INSERT INTO vault_checks (vaultKeyId, checkValue, createdAt) VALUES (?1, ?2, ?3)
       ON CONFLICT (vaultKeyId) DO NOTHING`,
    )
    .bind(check.vaultKeyId, check.checkValue, check.createdAt)
    .run();
}

/** Notes how many values are left under other keys than this one. */
export async function saveRemaining(
  database: D1Database,
  currentKeyId: string,
  remainingCount: number,
): Promise<void> {
  await database
    .prepare("UPDATE vault_checks SET remainingCount = ?2 WHERE vaultKeyId <> ?1")
    .bind(currentKeyId, remainingCount)
    .run();
}

/** From now on the platform starts without these keys. */
export async function removeOtherChecks(database: D1Database, currentKeyId: string): Promise<void> {
  await database.prepare("DELETE FROM vault_checks WHERE vaultKeyId <> ?1").bind(currentKeyId).run();
}
