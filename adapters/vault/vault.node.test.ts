import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findVaultKeyOf, openSecret, rewrapSecret, sealedPrefix, sealSecret } from "./vault.ts";
import { readVaultKeys, VaultKeyError } from "./vault-keys.ts";

const newKey = () => randomBytes(32).toString("base64");
const env = { OURSYNTH_VAULT_KEY: newKey() };
const name = { organizationId: "org_a", name: "project-key/prj_a/1" };
const secret = new TextEncoder().encode("a seed of a signing key");

/** Sealed by this key, as it was before values named their key; made with the code of that time. */
const OLD = {
  env: { OURSYNTH_VAULT_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" },
  name: { organizationId: "org_old", name: "secret/old" },
  secret: "written before keys had names",
  sealed:
    "v1.pu98bsAMKECzrXNw811OwG3wsJ2g5b2iNenMqu6zL/Ia5bwAts/TeNCbqrZjfYOotL7gsNahpRPYdFWceCBx3ww0Zfrzvn3bVGECV/22F4C3MDRWdUmoq9yKwAGKWaOpX2/tS7XcmZ3zVe3UKS/HB7A2J47x",
};

describe("[S8] a sealed secret", () => {
  test("opens with the vault key, the tenant and the name it was sealed with", async () => {
    expect(await openSecret(env, name, await sealSecret(env, name, secret))).toEqual(secret);
  });

  test("is sealed differently each time, and shows nothing of the secret or of the key", async () => {
    const [first, second] = [await sealSecret(env, name, secret), await sealSecret(env, name, secret)];
    expect(first).not.toBe(second);
    const bytes = Buffer.from(first.split(".")[2] ?? "", "base64");
    expect(bytes.includes(Buffer.from(secret))).toBe(false);
    expect(bytes.includes(Buffer.from(env.OURSYNTH_VAULT_KEY, "base64"))).toBe(false);
  });

  test.each([
    ["another vault key", { OURSYNTH_VAULT_KEY: newKey() }, name],
    ["another tenant", env, { ...name, organizationId: "org_b" }],
    ["another name", env, { ...name, name: "project-key/prj_a/2" }],
  ])("does not open with %s", async (_what, otherEnv, otherName) => {
    const sealed = await sealSecret(env, name, secret);
    await expect(openSecret(otherEnv, otherName, sealed)).rejects.toThrow(/not (?:open|among)/);
  });

  test("does not open once any byte of it has changed", async () => {
    const [version, keyId, payload = ""] = (await sealSecret(env, name, secret)).split(".");
    const bytes = Buffer.from(payload, "base64");
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (index, mask) => {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ mask;
        const sealed = `${version}.${keyId}.${changed.toString("base64")}`;
        await expect(openSecret(env, name, sealed)).rejects.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  test.each(["", "v1", "v2.x", "v3.AAAA", "v2.a.b.c", "v1.AAAA.BBBB"])("is not %j", async (sealed) => {
    await expect(openSecret(env, name, sealed)).rejects.toThrow();
  });

  test("from before values named their key opens, whichever of the accepted keys it was", async () => {
    const open = (keys: { OURSYNTH_VAULT_KEY: string; OURSYNTH_VAULT_KEYS_OTHER?: string }) =>
      openSecret(keys, OLD.name, OLD.sealed).then((bytes) => new TextDecoder().decode(bytes));
    expect(await open(OLD.env)).toBe(OLD.secret);
    const behind = { ...env, OURSYNTH_VAULT_KEYS_OTHER: `${newKey()}, ${OLD.env.OURSYNTH_VAULT_KEY}` };
    expect(await open(behind)).toBe(OLD.secret);
    await expect(open(env)).rejects.toThrow("another vault key");
  });
});

describe("a vault key", () => {
  test.each([
    ["is missing", {}],
    ["is too short", { OURSYNTH_VAULT_KEY: "c2hvcnQ=" }],
    ["is no base64", { OURSYNTH_VAULT_KEY: "!".repeat(44) }],
  ])("that %s is refused in plain words", async (_what, given) => {
    const wrong = given as { OURSYNTH_VAULT_KEY: string };
    await expect(sealSecret(wrong, name, secret)).rejects.toThrow(
      "OURSYNTH_VAULT_KEY is missing or is not base64 of 32 bytes",
    );
  });

  test("among the others that cannot be one is refused, and neither is quoted", async () => {
    const wrong = { ...env, OURSYNTH_VAULT_KEYS_OTHER: "bm90IGEga2V5IGF0IGFsbA==" };
    const refusal = await readVaultKeys(wrong).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(VaultKeyError);
    expect(String(refusal)).toContain("OURSYNTH_VAULT_KEYS_OTHER");
    expect(String(refusal)).not.toContain("bm90IGEga2V5");
  });

  test("given twice, and with blanks and empty places, counts once", async () => {
    const text = ` ${env.OURSYNTH_VAULT_KEY} ,, ${newKey()},`;
    const { current, accepted } = await readVaultKeys({ ...env, OURSYNTH_VAULT_KEYS_OTHER: text });
    expect(accepted).toHaveLength(2);
    expect(accepted[0]).toEqual(current);
  });
});

describe("replacing the vault key", () => {
  const before = { OURSYNTH_VAULT_KEY: newKey() };
  const after = { OURSYNTH_VAULT_KEY: newKey() };
  const both = { ...after, OURSYNTH_VAULT_KEYS_OTHER: before.OURSYNTH_VAULT_KEY };

  test("wraps the data key anew and leaves the ciphertext as it is", async () => {
    const sealed = await sealSecret(before, name, secret);
    const rewrapped = (await rewrapSecret(both, name, sealed)) ?? "";
    const { current } = await readVaultKeys(after);
    expect(rewrapped.startsWith(sealedPrefix(current.id))).toBe(true);
    const [old, fresh] = [sealed, rewrapped].map((text) => Buffer.from(text.split(".")[2] ?? "", "base64"));
    expect(fresh?.subarray(60)).toEqual(old?.subarray(60));
    expect(fresh?.subarray(0, 60)).not.toEqual(old?.subarray(0, 60));
    expect(await openSecret(after, name, rewrapped)).toEqual(secret);
    await expect(openSecret(before, name, rewrapped)).rejects.toThrow("not among those");
    expect(await rewrapSecret(both, name, rewrapped)).toBeNull();
  });

  test("takes the values of the old form along", async () => {
    const both = { ...env, OURSYNTH_VAULT_KEYS_OTHER: OLD.env.OURSYNTH_VAULT_KEY };
    const rewrapped = (await rewrapSecret(both, OLD.name, OLD.sealed)) ?? "";
    expect(new TextDecoder().decode(await openSecret(env, OLD.name, rewrapped))).toBe(OLD.secret);
  });

  test("does not wrap for another tenant or name", async () => {
    const sealed = await sealSecret(before, name, secret);
    const other = { ...name, organizationId: "org_b" };
    await expect(rewrapSecret(both, other, sealed)).rejects.toThrow("does not open");
  });

  test("whoever accepts a key knows which one a value is under", async () => {
    const sealed = await sealSecret(before, name, secret);
    const { current } = await readVaultKeys(before);
    expect(await findVaultKeyOf(both, name, sealed)).toBe(current.id);
    expect(await findVaultKeyOf(after, name, sealed)).toBeNull();
  });
});
