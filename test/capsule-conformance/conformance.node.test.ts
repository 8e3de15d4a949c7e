// The suite on disk is what the generator makes, and in Node every case comes out as listed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { CONFORMANCE_FOLDER, makeConformance } from "../../scripts/make-conformance.ts";
import { type Listing, listingSchema } from "./conformance-listing.ts";
import { describeConformance } from "./conformance-suite.ts";

const MAX_SUITE_BYTES = 3_000_000;
const listing: Listing = listingSchema.parse(JSON.parse(readText("cases.json")));

function readText(name: string): string {
  return readFileSync(join(CONFORMANCE_FOLDER, name), "utf8");
}

describe("the files of the conformance suite", () => {
  it("are what `node scripts/make-conformance.ts` makes, and small", async () => {
    const made = await makeConformance(readText("README.md"));
    const onDisk = [
      "README.md",
      "cases.json",
      ...readdirSync(join(CONFORMANCE_FOLDER, "cases")).map((name) => `cases/${name}`),
    ];
    expect([...made.keys()].sort()).toEqual(onDisk.sort());
    const changed = [...made].filter(
      ([name, bytes]) => !readFileSync(join(CONFORMANCE_FOLDER, name)).equals(bytes),
    );
    expect(changed.map(([name]) => name)).toEqual([]);
    const sizeBytes = [...made.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    expect(sizeBytes).toBeLessThan(MAX_SUITE_BYTES);
  });
});

describeConformance(listing, nodeHashing, ({ file }) => readFileSync(join(CONFORMANCE_FOLDER, file)));
