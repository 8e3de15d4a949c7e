import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openSecret, sealSecret } from "./vault.ts";

const vaultKey = randomBytes(32).toString("base64");
const name = { organizationId: "org_a", name: "project-key/prj_a/1" };
const secret = new TextEncoder().encode("a seed of a signing key");

describe("[S8] a sealed secret", () => {
  test("opens with the vault key, the tenant and the name it was sealed with", async () => {
    const sealed = await sealSecret(vaultKey, name, secret);
    expect(await openSecret(vaultKey, name, sealed)).toEqual(secret);
  });

  test("is sealed differently each time, and shows nothing of the secret", async () => {
    const [first, second] = [
      await sealSecret(vaultKey, name, secret),
      await sealSecret(vaultKey, name, secret),
    ];
    expect(first).not.toBe(second);
    expect(Buffer.from(first.slice(3), "base64").includes(Buffer.from(secret))).toBe(false);
  });

  test.each([
    ["another vault key", randomBytes(32).toString("base64"), name],
    ["another tenant", vaultKey, { ...name, organizationId: "org_b" }],
    ["another name", vaultKey, { ...name, name: "project-key/prj_a/2" }],
  ])("does not open with %s", async (_what, otherKey, otherName) => {
    const sealed = await sealSecret(vaultKey, name, secret);
    await expect(openSecret(otherKey, otherName, sealed)).rejects.toThrow();
  });

  test("does not open once any byte of it has changed", async () => {
    const [version, payload = ""] = (await sealSecret(vaultKey, name, secret)).split(".");
    const bytes = Buffer.from(payload, "base64");
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (index, mask) => {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ mask;
        await expect(
          openSecret(vaultKey, name, `${version}.${changed.toString("base64")}`),
        ).rejects.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  test("a vault key of the wrong length is refused in plain words", async () => {
    await expect(sealSecret("c2hvcnQ=", name, secret)).rejects.toThrow(
      "OURSYNTH_VAULT_KEY is missing or is not base64 of 32 bytes",
    );
  });
});
