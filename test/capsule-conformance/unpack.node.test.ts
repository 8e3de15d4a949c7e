// What the command line leaves on a disk when it unpacks a case: the files of a good one, nothing of a bad one.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../cli/test-support/temporary-folder.ts";
import { unpackCapsule } from "../../cli/verify/unpack-capsule.ts";
import { CONFORMANCE_FOLDER } from "../../scripts/make-conformance.ts";
import { listingSchema } from "./conformance-listing.ts";

const listing = listingSchema.parse(JSON.parse(readFileSync(join(CONFORMANCE_FOLDER, "cases.json"), "utf8")));

function namesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

describe("unpacking a case", () => {
  it.each(["fail", "pass"] as const)(
    "[C5, K3] leaves nothing of a bad one, in the folder or outside, and all of a good one: %s",
    async (verdict) => {
      const cases = listing.cases.filter((listed) => listed.verdict === verdict);
      for (const { name, file } of cases) {
        // Deep enough that a path which climbs out still lands where it is seen.
        const sandbox = temporaryFolder();
        const parent = join(sandbox, "a", "b", "c");
        mkdirSync(parent, { recursive: true });
        const before = namesIn(sandbox);
        const target = join(parent, "target");
        const { report, manifest } = await unpackCapsule({
          file: join(CONFORMANCE_FOLDER, file),
          target,
          trust: listing.trust,
          withManifest: false,
          signal: new AbortController().signal,
        });
        expect(report.verdict, name).toBe(verdict);
        const written = namesIn(sandbox).filter((path) => !before.includes(path));
        const paths =
          manifest?.files.map(({ path }) => join("a", "b", "c", "target", ...path.split("/"))) ?? [];
        if (verdict === "fail") expect(written, name).toEqual([]);
        else expect(written, name).toEqual(expect.arrayContaining(paths));
      }
    },
    60_000,
  );
});
