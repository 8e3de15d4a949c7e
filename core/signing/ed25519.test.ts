import { beforeAll, describe, expect, it } from "vitest";
import speccheck from "../../test/vectors/speccheck/cases.json" with { type: "json" };
import wycheproof from "../../test/vectors/wycheproof/ed25519_test.json" with { type: "json" };
import { fromHex, toHex } from "../capsule/bytes.ts";
import {
  generateKeyPair,
  keyPairFromSeed,
  type PrivateKey,
  signEd25519,
  verifyEd25519,
  verifyWithPointArithmetic,
  verifyWithWebCrypto,
} from "./ed25519.ts";

const PATHS = [
  ["the chosen path", verifyEd25519],
  ["WebCrypto", verifyWithWebCrypto],
  ["point arithmetic", verifyWithPointArithmetic],
] as const;

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === null) throw new Error(`not hex: ${hex}`);
  return bytes;
}

describe.each(PATHS)("Ed25519 by %s", (_name, verify) => {
  it("[S2] Wycheproof: 151 of 151 as listed", async () => {
    let count = 0;
    for (const group of wycheproof.testGroups) {
      const publicKey = bytesOf(group.publicKey.pk);
      for (const test of group.tests) {
        const isValid = await verify(bytesOf(test.sig), bytesOf(test.msg), publicKey);
        expect(isValid, `tcId ${test.tcId}: ${test.comment}`).toBe(test.result === "valid");
        count++;
      }
    }
    expect(count).toBe(151);
  });

  it("[S2] speccheck: only case 3 is accepted", async () => {
    const accepted: number[] = [];
    for (const [index, { message, pub_key, signature }] of speccheck.entries()) {
      if (await verify(bytesOf(signature), bytesOf(message), bytesOf(pub_key))) accepted.push(index);
    }
    expect(accepted).toEqual([3]);
  });

  it("[S2] malformed input is false, never an exception", async () => {
    const pair = await keyPairFromSeed(new Uint8Array(32).fill(5));
    const message = new Uint8Array(3);
    const signature = await signEd25519(message, pair);
    expect(await verify(signature, message, pair.publicKey)).toBe(true);
    const bad: [Uint8Array, Uint8Array][] = [
      [signature.subarray(1), pair.publicKey],
      [new Uint8Array(65), pair.publicKey],
      [signature, pair.publicKey.subarray(1)],
      [signature, new Uint8Array(33)],
      [new Uint8Array(0), new Uint8Array(0)],
      [signature, new Uint8Array(32)],
      [signature, new Uint8Array(32).fill(0xff)],
      [new Uint8Array(64).fill(0xff), pair.publicKey],
      // A y that is canonical and on no point of the curve.
      [signature, Uint8Array.of(2, ...new Uint8Array(31))],
    ];
    for (const [sig, key] of bad) expect(await verify(sig, message, key)).toBe(false);
  });

  it("[S2] no flipped bit of signature, message or key verifies", async () => {
    const pair = await keyPairFromSeed(new Uint8Array(32).fill(6));
    const message = new TextEncoder().encode("message");
    const signature = await signEd25519(message, pair);
    for (let index = 0; index < 64; index += 5) {
      const flipped = signature.slice();
      flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
      expect(await verify(flipped, message, pair.publicKey)).toBe(false);
    }
    const otherKey = pair.publicKey.slice();
    otherKey[31] = (otherKey[31] ?? 0) ^ 0x80;
    expect(await verify(signature, message, otherKey)).toBe(false);
    expect(await verify(signature, message.subarray(1), pair.publicKey)).toBe(false);
  });
});

describe("key pairs", () => {
  let pair: PrivateKey;
  beforeAll(async () => {
    pair = await keyPairFromSeed(bytesOf("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  });

  it("[S2] RFC 8032 test 1", () => {
    expect(toHex(pair.publicKey)).toBe("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  });

  it("draws a seed from the randomness that it is given", async () => {
    const same = await generateKeyPair((bytes) => bytes.set(pair.seed));
    expect(same).toEqual(pair);
    await expect(keyPairFromSeed(new Uint8Array(31))).rejects.toThrow(RangeError);
  });
});
