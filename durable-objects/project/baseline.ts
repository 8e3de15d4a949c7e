// The result that others are compared with: the one that shipped to prod last.
import type { EnvironmentStorage } from "./environment-storage.ts";
import type { EvidenceStorage } from "./evidence-storage.ts";

export type Baseline = {
  readonly simId: string;
  readonly capsuleDigest: string;
  readonly envelopeSha256: string;
};

/** The newest that passed before what is live in prod went there, a `gate` run before an exploration; else any. */
export function findBaseline(environments: EnvironmentStorage, evidence: EvidenceStorage): Baseline | null {
  const live = environments.findLive("prod");
  if (live === null) return null;
  const passed = evidence
    .ofCapsule(live.capsuleDigest)
    .filter(({ outcome, kind }) => outcome === "pass" && kind !== "replay");
  const before = passed.filter(({ receivedAt }) => receivedAt <= live.activatedAt);
  const found = before.find(({ kind }) => kind === "gate") ?? before[0] ?? passed[0];
  if (found === undefined) return null;
  const { simId, capsuleDigest, envelopeSha256 } = found;
  return { simId, capsuleDigest, envelopeSha256 };
}
