// Replaces the vault key under what is sealed: wraps data keys anew, a bounded number a run, and forgets the old keys'
// check values once nothing is left under them. Runs may overlap and may be cut off anywhere.
import { OLD_KEY_GRACE_MS } from "../../core/secrets/vault-key.ts";
import {
  countSealedElsewhere,
  listSealedElsewhere,
  type Replacement,
  replaceSealed,
  SEALED_TABLES,
  type SealedTable,
  type SealedValue,
} from "../database/sealed-values.ts";
import { listVaultChecks, removeOtherChecks, saveRemaining } from "../database/vault-checks.ts";
import { type CheckedEnv, findVaultFault } from "./check-vault.ts";
import { rewrapSecret } from "./vault.ts";
import { readVaultKeys } from "./vault-keys.ts";

export type RewrapReport = {
  readonly vaultKeyId: string;
  readonly rewrappedCount: number;
  /** Left under other keys, those that cannot be opened included. */
  readonly remainingCount: number;
  readonly unopenableCount: number;
  /** Nothing is left and nothing under way can still seal with an old key: the old keys may be removed. */
  readonly isFinished: boolean;
};

const MAX_VALUES_PER_RUN = 1_000;
const VALUES_PER_STEP = 100;
/** Does one run. Throws when the vault's keys do not fit. */
export async function rewrapSecrets(
  env: CheckedEnv,
  options: { readonly now: number; readonly maxValues?: number },
): Promise<RewrapReport> {
  const fault = await findVaultFault(env);
  if (fault !== null) throw new Error(fault);
  const { current } = await readVaultKeys(env);
  const checks = await listVaultChecks(env.DB);
  const idle = { vaultKeyId: current.id, rewrappedCount: 0, remainingCount: 0, unopenableCount: 0 };
  if (checks.every(({ vaultKeyId }) => vaultKeyId === current.id)) return { ...idle, isFinished: true };
  let room = options.maxValues ?? MAX_VALUES_PER_RUN;
  let rewrappedCount = 0;
  let unopenableCount = 0;
  for (const table of SEALED_TABLES) {
    const done = await rewrapTable(env, table, current.id, room);
    room -= done.rewrappedCount + done.unopenableCount;
    rewrappedCount += done.rewrappedCount;
    unopenableCount += done.unopenableCount;
    if (room <= 0) break;
  }
  const remainingCount = await countSealedElsewhere(env.DB, current.id);
  await saveRemaining(env.DB, current.id, remainingCount);
  const begunAt = checks.find(({ vaultKeyId }) => vaultKeyId === current.id)?.createdAt ?? options.now;
  const isFinished = remainingCount === 0 && options.now - begunAt >= OLD_KEY_GRACE_MS;
  if (isFinished) await removeOtherChecks(env.DB, current.id);
  return { vaultKeyId: current.id, rewrappedCount, remainingCount, unopenableCount, isFinished };
}

type Done = { readonly rewrappedCount: number; readonly unopenableCount: number };

async function rewrapTable(
  env: CheckedEnv,
  table: SealedTable,
  vaultKeyId: string,
  room: number,
): Promise<Done> {
  let rewrappedCount = 0;
  let unopenableCount = 0;
  for (let after = 0; rewrappedCount + unopenableCount < room; ) {
    const limit = Math.min(VALUES_PER_STEP, room - rewrappedCount - unopenableCount);
    const values = await listSealedElsewhere(env.DB, table, { vaultKeyId, after, limit });
    const replaced = (await Promise.all(values.map((value) => rewrapValue(env, value)))).flat();
    await replaceSealed(env.DB, table, replaced);
    rewrappedCount += replaced.length;
    unopenableCount += values.length - replaced.length;
    after = values.at(-1)?.rowid ?? after;
    if (values.length < limit) break;
  }
  return { rewrappedCount, unopenableCount };
}

/** One that does not open is told and stays; the old keys then stay, too. */
async function rewrapValue(env: CheckedEnv, value: SealedValue): Promise<readonly Replacement[]> {
  try {
    const after = await rewrapSecret(env, value.name, value.sealed);
    return after === null ? [] : [{ rowid: value.rowid, before: value.sealed, after }];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(JSON.stringify({ message: "not re-wrapped", of: value.name, why: message }));
    return [];
  }
}
