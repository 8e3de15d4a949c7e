// No change of a capsule's bytes verifies: every byte of a small one, random spans of larger ones.
import { beforeAll, describe, expect, it } from "vitest";
import { drawSeed, SeededRandom } from "../../test/random/seeded-random.ts";
import { equalBytes, joinBytes } from "./bytes.ts";
import { type CapsuleFixture, inChunks, makeCapsule } from "./capsule-fixture.ts";
import { type VerifyOptions, verifyContainer } from "./verify-capsule.ts";
import { webHashing } from "./web-hashing.ts";

/** One bit, the highest bit, every bit. */
const MASKS = [0x01, 0x80, 0xff];
const SPAN_COUNT = 150;
const MAX_SPAN_BYTES = 2_000;

let small: CapsuleFixture;
let larger: readonly CapsuleFixture[];
let options: VerifyOptions;
beforeAll(async () => {
  small = await makeCapsule([{ path: "a", text: "x" }]);
  larger = await Promise.all([
    makeCapsule(
      Array.from({ length: 100 }, (_, index) => ({ path: `f/${index}.txt`, text: `file ${index}` })),
    ),
    makeCapsule([
      { path: "large.txt", text: "0123456789abcdef".repeat(17_000) },
      { path: "small.txt", text: "s" },
    ]),
  ]);
  options = { trust: small.trust, hashing: webHashing };
});

async function verdictOf(bytes: Uint8Array): Promise<string> {
  return (await verifyContainer(inChunks(bytes), options)).verdict;
}

/** Overwrites, cuts out, repeats, inserts or swaps a random span. */
function tamper(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const start = random.below(bytes.length);
  const end = Math.min(bytes.length, start + 1 + random.below(MAX_SPAN_BYTES));
  const [head, span, tail] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
  const cut = random.below(tail.length + 1);
  const changes: readonly (() => readonly Uint8Array[])[] = [
    () => [head, random.bytes(span.length), tail],
    () => [head, new Uint8Array(span.length), tail],
    () => [head, tail],
    () => [head, span, span, tail],
    () => [head, random.bytes(1 + random.below(64)), span, tail],
    () => [head, tail.subarray(0, cut), span, tail.subarray(cut)],
    () => [head],
    () => [span, tail],
  ];
  return joinBytes(random.pick(changes)());
}

describe("a capsule whose bytes were changed", () => {
  it("[K3] verifies as it was made", async () => {
    for (const capsule of [small, ...larger]) expect(await verdictOf(capsule.container)).toBe("pass");
  });

  it("[K3] no byte of a small one can be another", async () => {
    const { container } = small;
    for (let index = 0; index < container.length; index++) {
      for (const mask of MASKS) {
        const changed = container.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        const verdict = await verdictOf(changed);
        if (verdict !== "fail") expect.fail(`byte ${index} changed by ${mask}: ${verdict}`);
      }
    }
  });

  it("[K3] no random span of a larger one can be another, missing, repeated or moved", async () => {
    const seed = drawSeed("tampered spans");
    const random = new SeededRandom(seed);
    for (let count = 0; count < SPAN_COUNT; count++) {
      const { container } = random.pick(larger);
      const changed = tamper(container, random);
      if (equalBytes(changed, container)) continue;
      const verdict = await verdictOf(changed);
      if (verdict !== "fail") expect.fail(`seed ${seed}, change ${count}: ${verdict}`);
    }
  }, 60_000);
});
