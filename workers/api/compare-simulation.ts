// A result beside the one that shipped to prod last: which indicator regressed, and by how much.
import type * as z from "zod";
import type { BlobReader } from "../../adapters/blobs/blob-store.ts";
import { readSealedResult } from "../../adapters/mesh/sealed-result.ts";
import { compareWithBaseline, isSameQuestion, USUAL_TOLERANCES } from "../../core/mesh/compare-baseline.ts";
import type { ProjectObject } from "../../durable-objects/project/project-object.ts";
import type { comparisonSchema } from "../../schemas/api/simulations.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";

/** Null when nothing with a result is live in prod, or when it is this very one. */
export async function compareWithLive(
  bucket: BlobReader,
  project: DurableObjectStub<ProjectObject>,
  result: MeshSimResult,
): Promise<z.infer<typeof comparisonSchema> | null> {
  const baseline = await project.baseline();
  if (baseline === null || baseline.simId === result.simId) return null;
  const sealed = await readSealedResult(bucket, baseline.envelopeSha256);
  if (sealed === null) return null;
  const indicators = compareWithBaseline(sealed, result, USUAL_TOLERANCES).map((change) => ({ ...change }));
  return {
    baselineSimId: baseline.simId,
    baselineCapsuleHash: baseline.capsuleDigest,
    isSameQuestion: isSameQuestion(sealed, result),
    isRegressed: indicators.some(({ isRegressed }) => isRegressed),
    indicators,
  };
}
