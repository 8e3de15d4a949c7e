// WebCrypto and the fallback give the same verdict, on the published vectors and on thousands of mutations of them.
import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { drawSeed, SeededRandom } from "../../test/random/seeded-random.ts";
import dsse from "../../test/vectors/dsse/vectors.json" with { type: "json" };
import speccheck from "../../test/vectors/speccheck/cases.json" with { type: "json" };
import wycheproof from "../../test/vectors/wycheproof/ed25519_test.json" with { type: "json" };
import { fromBase64, fromHex, joinBytes } from "../capsule/bytes.ts";
import { preAuthEncoding } from "./dsse.ts";
import { keyPairFromSeed, signEd25519, verifyWithPointArithmetic, verifyWithWebCrypto } from "./ed25519.ts";

type Signed = {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
};

/** In each runtime; Node and workerd draw their own, so 10,000 together. */
const MUTATION_COUNT = 5_000;
const BATCH_SIZE = 100;
const KEY_LENGTH = 32;
const GROUP_ORDER = Point.CURVE().n;
/** A point of order 8 (the twelve encodings of small order in speccheck's appendix begin with it). */
const TORSION = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
const SMALL_ORDER = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map(bytesOf);

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === null) throw new Error(`not hex: ${hex}`);
  return bytes;
}

function publishedCases(): Signed[] {
  const fromWycheproof = wycheproof.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ sig, msg }) => ({
      signature: bytesOf(sig),
      message: bytesOf(msg),
      publicKey: bytesOf(publicKey.pk),
    })),
  );
  const fromSpeccheck = speccheck.map(({ signature, message, pub_key }) => ({
    signature: bytesOf(signature),
    message: bytesOf(message),
    publicKey: bytesOf(pub_key),
  }));
  const fromDsse = dsse.vectors.flatMap(({ envelope }) =>
    envelope.signatures.flatMap(({ sig }) =>
      Object.values(dsse.keys).map((key) => ({
        signature: standardBase64(sig),
        message: preAuthEncoding(envelope.payloadType, standardBase64(envelope.payload)),
        publicKey: bytesOf(key.public),
      })),
    ),
  );
  return [...fromWycheproof, ...fromSpeccheck, ...fromDsse];
}

function standardBase64(encoded: string): Uint8Array {
  const bytes = fromBase64(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  if (bytes === null) throw new Error(`not base64: ${encoded}`);
  return bytes;
}

async function expectAgreement(signed: Signed, what: string): Promise<boolean> {
  const { signature, message, publicKey } = signed;
  const [byWebCrypto, byArithmetic] = await Promise.all([
    verifyWithWebCrypto(signature, message, publicKey),
    verifyWithPointArithmetic(signature, message, publicKey),
  ]);
  if (byWebCrypto !== byArithmetic) {
    const shown = [signature, message, publicKey].map((bytes) => Array.from(bytes).join(" ")).join(" | ");
    expect.fail(`${what}: WebCrypto says ${byWebCrypto}, arithmetic ${byArithmetic}: ${shown}`);
  }
  return byWebCrypto;
}

function flipBit(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  if (bytes.length === 0) return random.bytes(1);
  const flipped = bytes.slice();
  const at = random.below(bytes.length);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
  return flipped;
}

function scalarOf(signature: Uint8Array): bigint {
  return signature.subarray(KEY_LENGTH).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function withScalar(signature: Uint8Array, scalar: bigint): Uint8Array {
  const bytes = Uint8Array.from({ length: KEY_LENGTH }, (_, index) =>
    Number((scalar >> BigInt(8 * index)) & 255n),
  );
  return joinBytes([signature.subarray(0, KEY_LENGTH), bytes]);
}

/** The same point and a point of small order: what only a check with the cofactor lets pass. */
function addTorsion(encoded: Uint8Array, random: SeededRandom): Uint8Array {
  try {
    let point = Point.fromBytes(encoded, false);
    for (let count = random.below(8); count > 0; count--) point = point.add(TORSION);
    return point.toBytes();
  } catch {
    // No point of the curve: nothing to add to.
    return encoded;
  }
}

const MUTATIONS: readonly ((signed: Signed, random: SeededRandom) => Signed)[] = [
  (signed, random) => ({ ...signed, signature: flipBit(signed.signature, random) }),
  (signed, random) => ({ ...signed, message: flipBit(signed.message, random) }),
  (signed, random) => ({ ...signed, publicKey: flipBit(signed.publicKey, random) }),
  (signed, random) => ({ ...signed, publicKey: random.pick(SMALL_ORDER) }),
  (signed, random) => ({
    ...signed,
    signature: joinBytes([random.pick(SMALL_ORDER), signed.signature.subarray(KEY_LENGTH)]),
  }),
  (signed, random) => ({
    ...signed,
    signature: withScalar(
      signed.signature,
      scalarOf(signed.signature) + GROUP_ORDER * BigInt(random.below(16)),
    ),
  }),
  (signed, random) => ({
    ...signed,
    signature: joinBytes([
      addTorsion(signed.signature.subarray(0, KEY_LENGTH), random),
      signed.signature.subarray(KEY_LENGTH),
    ]),
  }),
  (signed, random) => ({ ...signed, publicKey: addTorsion(signed.publicKey, random) }),
  (signed, random) => ({ ...signed, signature: random.bytes(64) }),
  (signed, random) => ({ ...signed, publicKey: random.bytes(KEY_LENGTH) }),
  (signed, random) => ({ ...signed, signature: signed.signature.subarray(random.below(2)) }),
  (signed) => signed,
];

/** Every point of small order, each once. */
function torsionPoints(): Point[] {
  const points = [Point.ZERO];
  for (let point = TORSION; !point.is0(); point = point.add(TORSION)) points.push(point);
  return points;
}

/** Scalars here are public: no need for constant time. */
function times(point: Point, scalar: bigint): Point {
  return scalar === 0n ? Point.ZERO : point.multiply(scalar, false);
}

function challengeOf(encodedR: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  const hash = sha512(joinBytes([encodedR, publicKey, message]));
  return hash.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) % GROUP_ORDER;
}

/** A signature under a key of small order that fulfils the equation: R = S·B − k·A, for a message that makes it so. */
function forgeUnder(key: Point): Signed {
  const publicKey = key.toBytes();
  const scalar = 12_345n;
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const message = new TextEncoder().encode(`attempt ${attempt}`);
    for (let multiple = 0n; multiple < 8n; multiple++) {
      const encodedR = times(Point.BASE, scalar).subtract(times(key, multiple)).toBytes();
      if (!times(key, challengeOf(encodedR, publicKey, message) % 8n).equals(times(key, multiple))) continue;
      return { message, publicKey, signature: withScalar(joinBytes([encodedR, new Uint8Array(32)]), scalar) };
    }
  }
  throw new Error("no message fulfils the equation");
}

/** A signature with an R of small order, under a key that is no such point, that fulfils the equation. */
function forgeWith(pointR: Point): Signed {
  const secret = 54_321n;
  const encodedR = pointR.toBytes();
  for (const torsion of torsionPoints()) {
    const publicKey = times(Point.BASE, secret).add(torsion).toBytes();
    for (let attempt = 0; attempt < 50; attempt++) {
      const message = new TextEncoder().encode(`attempt ${attempt}`);
      const challenge = challengeOf(encodedR, publicKey, message);
      if (
        !times(torsion, challenge % 8n)
          .negate()
          .equals(pointR)
      )
        continue;
      const scalar = (challenge * secret) % GROUP_ORDER;
      return { message, publicKey, signature: withScalar(joinBytes([encodedR, new Uint8Array(32)]), scalar) };
    }
  }
  throw new Error("no message fulfils the equation");
}

describe("Ed25519 by WebCrypto and by point arithmetic", () => {
  it("[S2] refuse every point of small order as A and as R, though the equation holds", async () => {
    const points = torsionPoints();
    expect(points).toHaveLength(8);
    for (const point of points) {
      const hex = point.toHex();
      expect(await expectAgreement(forgeUnder(point), hex), `A ${hex}`).toBe(false);
      expect(await expectAgreement(forgeWith(point), hex), `R ${hex}`).toBe(false);
    }
  });

  it("[S2] agree on every published case", async () => {
    const cases = publishedCases();
    let validCount = 0;
    for (const [index, signed] of cases.entries())
      if (await expectAgreement(signed, `case ${index}`)) validCount++;
    expect(cases.length).toBeGreaterThan(151 + 12);
    expect(validCount).toBeGreaterThan(70);
  });

  it("[S2] agree on 5,000 random mutations in each runtime", async () => {
    const seed = drawSeed("Ed25519 mutations");
    const random = new SeededRandom(seed);
    const pairs = await Promise.all(
      [1, 2, 3].map((value) => keyPairFromSeed(new Uint8Array(32).fill(value))),
    );
    const fresh = await Promise.all(
      pairs.map(async (pair, index) => {
        const message = random.bytes(20 * index);
        return { signature: await signEd25519(message, pair), message, publicKey: pair.publicKey };
      }),
    );
    const bases = [...publishedCases(), ...fresh, ...fresh, ...fresh];
    let validCount = 0;
    for (let done = 0; done < MUTATION_COUNT; done += BATCH_SIZE) {
      const batch = Array.from({ length: BATCH_SIZE }, () =>
        random.pick(MUTATIONS)(random.pick(bases), random),
      );
      const verdicts = await Promise.all(batch.map((signed) => expectAgreement(signed, `seed ${seed}`)));
      validCount += verdicts.filter(Boolean).length;
    }
    // Both kinds were met: those that stay valid, and those that do not.
    expect(validCount).toBeGreaterThan(0);
    expect(validCount).toBeLessThan(MUTATION_COUNT / 2);
  }, 120_000);
});
