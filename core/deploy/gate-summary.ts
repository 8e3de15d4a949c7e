// The gate's decision as a SLSA verification summary (slsa.dev/spec/v1.0/verification_summary; MESH.md M18, M19).
import type { GateDecision } from "../../schemas/gate.ts";
import { verificationSummarySchema } from "../../schemas/statement.ts";

const VERIFIER = "urn:oursynth:gate";

/** What the summary says it reached, in SLSA's form for levels of one's own. */
const LEVELS: Readonly<Record<GateDecision["basis"], readonly string[]>> = {
  open: ["OURSYNTH_VERIFIED"],
  evidence: ["OURSYNTH_VERIFIED", "OURSYNTH_REHEARSED"],
  rollback: ["OURSYNTH_VERIFIED", "OURSYNTH_REHEARSED_BEFORE"],
  override: ["OURSYNTH_VERIFIED", "OURSYNTH_OVERRIDDEN"],
  "evidence-stale": [],
  "evidence-failed": [],
  "evidence-untrusted": [],
  "evidence-missing": [],
};

export type GateSummaryFacts = {
  readonly projectId: string;
  readonly environment: string;
  /** Of the policy's JCS, bare hex. */
  readonly policySha256: string;
  /** In ms since the epoch. */
  readonly decidedAt: number;
  /** Who answered for it, by opaque id; null when nobody had to. */
  readonly confirmedBy: string | null;
};

/** The predicate; `oursynth` holds the decision itself, the override's reason included. */
export function createGateSummary(decision: GateDecision, facts: GateSummaryFacts) {
  const { projectId, environment, policySha256, decidedAt, confirmedBy } = facts;
  const evidence = decision.evidenceSha256;
  return verificationSummarySchema.parse({
    verifier: { id: VERIFIER },
    timeVerified: new Date(decidedAt).toISOString(),
    resourceUri: `urn:oursynth:project:${projectId}:environment:${environment}`,
    policy: {
      uri: `urn:oursynth:project:${projectId}:policy:${environment}@${decision.policyRevision}`,
      digest: { sha256: policySha256 },
    },
    inputAttestations:
      evidence === null
        ? []
        : [{ uri: `urn:oursynth:simulation:${decision.simId}`, digest: { sha256: evidence } }],
    verificationResult: decision.isAllowed ? "PASSED" : "FAILED",
    verifiedLevels: [...LEVELS[decision.basis]],
    oursynth: { ...decision, confirmedBy },
  });
}
