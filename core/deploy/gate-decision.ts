// Whether a capsule may go into an environment (MESH.md M18, M19): no, unless it is proved.
import type { GateDecision, GateOverride, GatePolicy, GateRefusal } from "../../schemas/gate.ts";
import { canonicalJson } from "../capsule/canonical-json.ts";

/** A sealed result as far as the gate looks at it. */
export type GateEvidence = {
  readonly simId: string;
  readonly kind: "explore" | "gate" | "replay";
  readonly capsuleDigest: string;
  readonly artifactDigest: string;
  /** Complete, seeds included. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: "pass" | "fail";
  readonly reasons: readonly string[];
  readonly observedBy: "platform" | "external";
  /** `ts` of the sealing event, in ms, and its place in the log. */
  readonly receivedAt: number;
  readonly seq: number;
  readonly envelopeSha256: string;
  /** Of the signatures, against today's trust. */
  readonly trust: "trusted" | "untrusted" | "undecidable";
};

export type GateQuestion = {
  readonly environment: string;
  readonly policy: GatePolicy;
  readonly policyRevision: number;
  readonly capsuleDigest: string;
  /** Null before it was ever built. */
  readonly artifactDigest: string | null;
  /** What a `gate` run would be given now, seeds included. */
  readonly expectedParams: Readonly<Record<string, unknown>>;
  /** Of this project, in any order. */
  readonly evidence: readonly GateEvidence[];
  /** Whether this very artifact of it was live here before, let in on evidence that was good then. */
  readonly wasLiveOnEvidence: boolean;
  /** What an owner wrote, when the person who confirms is one. */
  readonly override: GateOverride | null;
  /** Of the platform, in ms. */
  readonly now: number;
};

const DAY_MS = 86_400_000;

/** The gate's answer. A refusal says what is missing and what to do. */
export function decideGate(question: GateQuestion): GateDecision {
  const { policy, environment } = question;
  if (!policy.isGuarded) {
    return allow(question, "open", null, `${environment} asks for nothing beyond a verified capsule.`);
  }
  const judged = judgeEvidence(question);
  if (judged.refusal === null) {
    return allow(question, "evidence", judged.evidence, `The rehearsal ${judged.evidence?.simId} passed.`);
  }
  if (policy.allowsRollback && question.wasLiveOnEvidence) {
    const message = `It was live in ${environment} before, on evidence that was good then.`;
    return allow(question, "rollback", null, message);
  }
  if (question.override !== null) {
    const message = `An owner goes on without evidence (${judged.refusal}): ${question.override.reason}`;
    return allow(question, "override", judged.evidence, message);
  }
  return {
    ...describe(question, judged.evidence),
    isAllowed: false,
    basis: judged.refusal,
    message: judged.message,
  };
}

type Judgement = {
  readonly refusal: GateRefusal | null;
  readonly evidence: GateEvidence | null;
  readonly message: string;
};

/** The newest `gate` result that was run as this gate asks today decides, for and against. */
function judgeEvidence(question: GateQuestion): Judgement {
  const { policy, capsuleDigest, environment } = question;
  const ofCapsule = question.evidence.filter(
    (result) => result.kind === "gate" && result.capsuleDigest === capsuleDigest,
  );
  const admitted = ofCapsule.filter(
    (result) => result.observedBy === "platform" || policy.acceptsExternalEvidence,
  );
  const newest = findNewest(admitted.filter((result) => isAsAsked(result, question)));
  const rehearse = `Rehearse it: oursynth mesh-sim --capsule ${capsuleDigest} --gate ${environment}.`;
  if (newest === null) {
    return refuse("evidence-missing", null, `${explainAbsence(question, ofCapsule, admitted)} ${rehearse}`);
  }
  if (newest.trust !== "trusted") {
    const message = `The rehearsal ${newest.simId} is not signed by a key that this project trusts as a simulator today. ${rehearse}`;
    return refuse("evidence-untrusted", newest, message);
  }
  if (newest.outcome !== "pass") {
    const why = newest.reasons[0] ?? "no reason was given";
    return refuse(
      "evidence-failed",
      newest,
      `The newest rehearsal, ${newest.simId}, failed: ${why}. Mend it and rehearse again.`,
    );
  }
  if (question.now - newest.receivedAt > policy.maxAgeDays * DAY_MS) {
    const message = `The rehearsal ${newest.simId} is older than ${policy.maxAgeDays} days. ${rehearse}`;
    return refuse("evidence-stale", newest, message);
  }
  return { refusal: null, evidence: newest, message: "" };
}

/** Same artifact, same parameters, SLO and seeds as the gate gives out today. */
function isAsAsked(result: GateEvidence, question: GateQuestion): boolean {
  return (
    result.artifactDigest === question.artifactDigest &&
    canonicalJson(result.params) === canonicalJson(question.expectedParams)
  );
}

function findNewest(results: readonly GateEvidence[]): GateEvidence | null {
  return results.reduce<GateEvidence | null>(
    (newest, result) => (newest === null || result.seq > newest.seq ? result : newest),
    null,
  );
}

function explainAbsence(
  question: GateQuestion,
  ofCapsule: readonly GateEvidence[],
  admitted: readonly GateEvidence[],
): string {
  if (admitted.length > 0) {
    return admitted.some((result) => result.artifactDigest === question.artifactDigest)
      ? `Its rehearsals were run with other parameters or seeds than the policy of ${question.environment} (revision ${question.policyRevision}) asks for.`
      : "Its rehearsals were run with another artifact than it compiles to now.";
  }
  if (ofCapsule.length > 0)
    return "Its rehearsals were observed elsewhere, and the policy takes only the platform's own.";
  return `There is no rehearsal of it for ${question.environment}.`;
}

function allow(
  question: GateQuestion,
  basis: "open" | "evidence" | "rollback" | "override",
  evidence: GateEvidence | null,
  message: string,
): GateDecision {
  return { ...describe(question, evidence), isAllowed: true, basis, message };
}

function describe(question: GateQuestion, evidence: GateEvidence | null) {
  const { policyRevision, capsuleDigest, artifactDigest } = question;
  return {
    policyRevision,
    capsuleDigest,
    artifactDigest,
    simId: evidence?.simId ?? null,
    evidenceSha256: evidence?.envelopeSha256 ?? null,
  };
}

function refuse(refusal: GateRefusal, evidence: GateEvidence | null, message: string): Judgement {
  return { refusal, evidence, message };
}
