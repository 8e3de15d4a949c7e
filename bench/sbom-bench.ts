// What a bill of materials costs a pack: this repository's own lockfile read and written as CycloneDX, beside one parse of
// the same JSON.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSbom, sbomBytes } from "../core/capsule/sbom/cyclonedx.ts";
import { parseLockfile } from "../core/capsule/sbom/parse-lockfile.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";

const ROUNDS = 21;
const LOCKFILE = "package-lock.json";
const MANIFEST = {
  id: "urn:oursynth:app:bench@1.0.0",
  name: "bench",
  rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true, scope: null },
};

export async function benchSbom({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const bytes = new Uint8Array(await readFile(join(import.meta.dirname, "..", LOCKFILE)));
  const sbomMs: number[] = [];
  const parseMs: number[] = [];
  let componentCount = 0;
  // In turns, so that a slow moment of the machine hits both; the first round warms up.
  for (let round = -1; round < (isQuick ? Math.ceil(ROUNDS / 4) : ROUNDS); round += 1) {
    let startMs = performance.now();
    JSON.parse(new TextDecoder().decode(bytes));
    const parsedMs = performance.now() - startMs;
    startMs = performance.now();
    const lockfile = await parseLockfile(LOCKFILE, bytes);
    if (!lockfile.ok) throw new Error(lockfile.reason.message);
    const sbom = createSbom({ manifest: MANIFEST, lockfile: lockfile.value, provided: [] });
    sbomBytes(sbom);
    componentCount = sbom.components.length;
    if (round < 0) continue;
    parseMs.push(parsedMs);
    sbomMs.push(performance.now() - startMs);
  }
  const beside = [{ name: "one JSON.parse of the lockfile", value: median(parseMs), unit: "ms" as const }];
  const name = `a bill of materials of ${componentCount} packages`;
  return [{ name, value: median(sbomMs), unit: "ms", beside, goal: null }];
}
