// The vault key replaced under a real database: which keys fit, and that nothing is ever unreadable on the way.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { SEALED_TABLES } from "../../../adapters/database/sealed-values.ts";
import { applySecretChange, findSealedSecrets } from "../../../adapters/database/secrets.ts";
import { findVaultFault } from "../../../adapters/vault/check-vault.ts";
import { makeVaultKey } from "../../../adapters/vault/project-key.ts";
import { openProjectSecrets, sealProjectSecret } from "../../../adapters/vault/project-secrets.ts";
import { rewrapSecrets } from "../../../adapters/vault/rewrap.ts";
import { readVaultKeys } from "../../../adapters/vault/vault-keys.ts";
import { OLD_KEY_GRACE_MS } from "../../../core/secrets/vault-key.ts";
import { makeTenant, type Tenant } from "./tenant.ts";

type Keys = { readonly OURSYNTH_VAULT_KEY: string; readonly OURSYNTH_VAULT_KEYS_OTHER?: string };

const OLD: Keys = { OURSYNTH_VAULT_KEY: newKey() };
const NEW: Keys = { OURSYNTH_VAULT_KEY: newKey() };
/** What isolates are given one after the other, when a key is replaced as docs/secrets.md says. */
const OLD_KNOWS_NEW: Keys = { ...OLD, OURSYNTH_VAULT_KEYS_OTHER: NEW.OURSYNTH_VAULT_KEY };
const NEW_KNOWS_OLD: Keys = { ...NEW, OURSYNTH_VAULT_KEYS_OTHER: OLD.OURSYNTH_VAULT_KEY };

let tenant: Tenant;

function newKey(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
}

function vault(keys: Keys) {
  return { DB: env.DB, ...keys };
}

const place = () => ({ ...tenant, environment: "dev" });

async function setSecret(keys: Keys, name: string, value: string, revision: number): Promise<void> {
  const sealed = await sealProjectSecret(vault(keys), place(), { name, value });
  await applySecretChange(env.DB, { ...place(), name, sealed, revision });
}

async function read(keys: Keys, name: string): Promise<string | undefined> {
  return (await openProjectSecrets(vault(keys), place(), [name])).values[name];
}

async function storeProjectKey(keys: Keys): Promise<void> {
  const { keyId, publicKey, sealed } = await makeVaultKey(vault(keys), tenant);
  await env.DB.prepare("INSERT INTO project_keys VALUES (?, ?, ?, ?, ?, 0)")
    .bind(tenant.organizationId, tenant.projectId, keyId, publicKey, sealed)
    .run();
}

async function checkIds(): Promise<unknown[]> {
  const { results } = await env.DB.prepare("SELECT vaultKeyId FROM vault_checks ORDER BY createdAt").all();
  return results.map((row) => row.vaultKeyId);
}

const idOf = async (keys: Keys) => (await readVaultKeys(keys)).current.id;

beforeEach(async () => {
  tenant = await makeTenant();
  await env.DB.batch(
    ["vault_checks", "secrets", "secret_revisions", "project_keys"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});

describe("the vault's keys", () => {
  test("fit at the first start, and from then on only they do", async () => {
    expect(await findVaultFault(vault(OLD))).toBeNull();
    expect(await findVaultFault(vault(OLD))).toBeNull();
    expect(await findVaultFault(vault(NEW))).toMatch(
      new RegExp(
        `another key \\(${await idOf(NEW)}\\) than the one .* sealed with \\(${await idOf(OLD)}\\): restore`,
      ),
    );
    expect(await checkIds()).toEqual([await idOf(OLD)]);
  });

  test("that are missing or cannot be one are told in one line", async () => {
    for (const keys of [{}, { OURSYNTH_VAULT_KEY: "x" }]) {
      const fault = (await findVaultFault(vault(keys as Keys))) ?? "";
      expect(fault).toContain("OURSYNTH_VAULT_KEY is missing or is not base64 of 32 bytes");
      expect(fault).not.toContain("\n");
    }
  });

  test("are held against what was sealed before there were check values", async () => {
    await setSecret(OLD, "A", "a value", 1);
    expect(await findVaultFault(vault(NEW))).toContain(
      "not the key that this platform's secrets are sealed with",
    );
    expect(await checkIds()).toEqual([]);
    expect(await findVaultFault(vault(NEW_KNOWS_OLD))).toBeNull();
    expect((await checkIds()).sort()).toEqual([await idOf(OLD), await idOf(NEW)].sort());
  });

  test("must hold the old one until nothing is left under it", async () => {
    await findVaultFault(vault(OLD));
    await setSecret(OLD, "A", "a value", 1);
    await findVaultFault(vault(NEW_KNOWS_OLD));
    expect(await findVaultFault(vault(NEW))).toContain("add it to OURSYNTH_VAULT_KEYS_OTHER");
    await expect(rewrapSecrets(vault(NEW), { now: Date.now() })).rejects.toThrow("OURSYNTH_VAULT_KEYS_OTHER");
  });
});

describe("re-wrapping", () => {
  test("goes on where it stopped, and says so when the old key may go", async () => {
    await findVaultFault(vault(OLD));
    for (let index = 0; index < 7; index += 1)
      await setSecret(OLD, `S_${index}`, `value ${index}`, index + 1);
    await storeProjectKey(OLD);
    const now = Date.now();
    const run = (at = now) => rewrapSecrets(vault(NEW_KNOWS_OLD), { now: at, maxValues: 3 });
    expect(await run()).toMatchObject({ rewrappedCount: 3, remainingCount: 5, isFinished: false });
    expect(await run()).toMatchObject({ rewrappedCount: 3, remainingCount: 2, isFinished: false });
    expect(await run()).toMatchObject({ rewrappedCount: 2, remainingCount: 0, isFinished: false });
    // What was begun with the old key may still come.
    expect(await findVaultFault(vault(NEW))).not.toBeNull();
    expect(await run(now + OLD_KEY_GRACE_MS + 1_000)).toMatchObject({ rewrappedCount: 0, isFinished: true });
    expect(await checkIds()).toEqual([await idOf(NEW)]);
    expect(await findVaultFault(vault(NEW))).toBeNull();
    for (let index = 0; index < 7; index += 1) expect(await read(NEW, `S_${index}`)).toBe(`value ${index}`);
    expect(await findVaultFault(vault(OLD))).not.toBeNull();
  });

  test("without a key to replace does nothing", async () => {
    await findVaultFault(vault(OLD));
    await setSecret(OLD, "A", "a value", 1);
    const { sealedByName } = await findSealedSecrets(env.DB, place());
    expect(await rewrapSecrets(vault(OLD), { now: Date.now() })).toMatchObject({
      rewrappedCount: 0,
      isFinished: true,
    });
    expect((await findSealedSecrets(env.DB, place())).sealedByName).toEqual(sealedByName);
  });

  test("leaves a value that does not open, keeps the old key for it, and passes on to the others", async () => {
    await findVaultFault(vault(OLD));
    await setSecret(OLD, "A", "a value", 1);
    await setSecret(OLD, "B", "another", 2);
    await env.DB.prepare("UPDATE secrets SET sealed = replace(sealed, 'v2.', 'v2.0') WHERE name = 'A'").run();
    const now = Date.now() + 2 * OLD_KEY_GRACE_MS;
    expect(await rewrapSecrets(vault(NEW_KNOWS_OLD), { now })).toMatchObject({
      rewrappedCount: 1,
      unopenableCount: 1,
      remainingCount: 1,
      isFinished: false,
    });
    expect(await read(NEW, "B")).toBe("another");
  });

  test("does not undo a value that is set at the same moment", async () => {
    await findVaultFault(vault(OLD));
    for (let round = 0; round < 20; round += 1) {
      await setSecret(OLD, "A", `old ${round}`, round * 2 + 1);
      await Promise.all([
        rewrapSecrets(vault(NEW_KNOWS_OLD), { now: Date.now() }),
        setSecret(NEW_KNOWS_OLD, "A", `new ${round}`, round * 2 + 2),
      ]);
      expect(await read(NEW_KNOWS_OLD, "A")).toBe(`new ${round}`);
    }
  });

  test("never makes a read fail, whichever of the settings an isolate still has", async () => {
    await findVaultFault(vault(OLD));
    const names = Array.from({ length: 40 }, (_, index) => `S_${index}`);
    for (const [index, name] of names.entries()) await setSecret(OLD, name, `value of ${name}`, index + 1);
    const steps: readonly (readonly Keys[])[] = [
      [OLD, OLD_KNOWS_NEW],
      [OLD_KNOWS_NEW],
      [OLD_KNOWS_NEW, NEW_KNOWS_OLD],
      [NEW_KNOWS_OLD],
    ];
    let readCount = 0;
    for (const [step, settings] of steps.entries()) {
      const isRewrapping = step >= 2;
      const reads = Array.from({ length: 50 }, async (_, index) => {
        const keys = settings[index % settings.length] ?? NEW_KNOWS_OLD;
        const name = names[(index * 7 + step) % names.length] ?? "";
        expect(await read(keys, name)).toBe(`value of ${name}`);
        readCount += 1;
      });
      const runs = isRewrapping
        ? [1, 2].map(() => rewrapSecrets(vault(NEW_KNOWS_OLD), { now: Date.now(), maxValues: 15 }))
        : [];
      await Promise.all([...reads, ...runs]);
    }
    for (let left = 1; left > 0; ) {
      left = (await rewrapSecrets(vault(NEW_KNOWS_OLD), { now: Date.now() })).remainingCount;
    }
    expect(readCount).toBe(200);
    for (const name of names) expect(await read(NEW, name)).toBe(`value of ${name}`);
  });

  test("knows every table that holds something sealed", async () => {
    const { results } = await env.DB.prepare(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
    ).all();
    const sealing = results.filter(({ sql }) => /[`"]sealed[`"]/.test(String(sql))).map(({ name }) => name);
    expect(sealing.sort()).toEqual(SEALED_TABLES.map(({ table }) => table).sort());
  });
});
