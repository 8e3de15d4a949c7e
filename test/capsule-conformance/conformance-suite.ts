// The suite itself, for whatever runtime calls it: each case must come out as listed, however its bytes arrive.
import { describe, expect, it } from "vitest";
import { inChunks } from "../../core/capsule/capsule-fixture.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { webHashing } from "../../core/capsule/web-hashing.ts";
import type { Hashing } from "../../core/hashing.ts";
import type { ListedCase, Listing } from "./conformance-listing.ts";

/** Larger cases are only read as a whole: byte by byte they say nothing new. */
const MAX_PIECEWISE_BYTES = 20_000;

export function describeConformance(
  listing: Listing,
  hashing: Hashing,
  readCase: (listed: ListedCase) => Uint8Array,
): void {
  describe("[C1, C4, C5, C6, C7, K1, K2, K3, S1, S2, S3, S5, S6] the conformance suite", () => {
    it("has at least 80 bad containers and some good ones", () => {
      const count = (verdict: string) => listing.cases.filter((listed) => listed.verdict === verdict).length;
      expect(count("fail")).toBeGreaterThanOrEqual(80);
      expect(count("pass")).toBeGreaterThanOrEqual(10);
    });

    it.each(listing.cases.map((listed) => [listed.name, listed] as const))("%s", async (_name, listed) => {
      const bytes = readCase(listed);
      const whole = await verify(bytes, bytes.length);
      expect(whole).toMatchObject(expectationOf(listed));
      if (bytes.length > MAX_PIECEWISE_BYTES) return;
      for (const chunkBytes of [1, 61]) expect(await verify(bytes, chunkBytes)).toEqual(whole);
      // What a browser has to hash with.
      expect(await verify(bytes, bytes.length, webHashing)).toEqual(whole);
    });
  });

  async function verify(bytes: Uint8Array, chunkBytes: number, by = hashing) {
    return verifyContainer(inChunks(bytes, Math.max(1, chunkBytes)), { trust: listing.trust, hashing: by });
  }
}

function expectationOf({ verdict, step, code, message = "" }: ListedCase) {
  if (step === undefined) return { verdict };
  const failed = { id: step, status: "fail", code, message: expect.stringContaining(message) };
  return { verdict, steps: expect.arrayContaining([expect.objectContaining(failed)]) };
}
