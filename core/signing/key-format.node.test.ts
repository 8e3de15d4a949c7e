import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { fixtureKey } from "../capsule/capsule-fixture.ts";
import { signEd25519, verifyEd25519 } from "./ed25519.ts";
import { formatPrivateKey, formatPublicKey, parsePrivateKey, parsePublicKey } from "./key-format.ts";

const message = new TextEncoder().encode("message");

describe("keys and OpenSSL", () => {
  it("[S7] OpenSSL reads our keys and our signatures", async () => {
    const key = await fixtureKey(7);
    const signature = await signEd25519(message, key);
    expect(verify(null, message, createPublicKey(formatPublicKey(key.publicKey)), signature)).toBe(true);
    expect(sign(null, message, createPrivateKey(formatPrivateKey(key)))).toEqual(Buffer.from(signature));
  });

  it("[S2] what Node signs at once is what WebCrypto signs", async () => {
    for (const length of [0, 1, 700, 100_000]) {
      const key = await fixtureKey(length);
      const bytes = new Uint8Array(length).fill(length);
      const signature = nodeHashing.signSync?.(bytes, key) ?? new Uint8Array();
      expect(signature).toEqual(Buffer.from(await signEd25519(bytes, key)));
      expect(await verifyEd25519(signature, bytes, key.publicKey)).toBe(true);
    }
  });

  it("[S7] we read OpenSSL's keys and signatures", async () => {
    const pair = generateKeyPairSync("ed25519");
    const privateKey = await parsePrivateKey(
      pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    );
    const publicKey = parsePublicKey(pair.publicKey.export({ type: "spki", format: "pem" }).toString());
    if (!privateKey.ok || !publicKey.ok) throw new Error("not read");
    expect(privateKey.value.publicKey).toEqual(publicKey.value);
    expect(await verifyEd25519(sign(null, message, pair.privateKey), message, publicKey.value)).toBe(true);
  });
});
