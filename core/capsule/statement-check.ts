// Envelopes, thresholds and predicates of one capsule: steps 8 to 10 of a verification (CAPSULE.md §5, S1–S6).
import type { Manifest } from "../../schemas/manifest.ts";
import {
  PREDICATE_RECEIPT,
  PREDICATE_VSA,
  receiptPredicateSchema,
  type Statement,
  schemaOfPredicate,
} from "../../schemas/statement.ts";
import type { Role, TrustRecord } from "../../schemas/trust.ts";
import type { Hashing } from "../hashing.ts";
import { parseEnvelope, readStatement, type VerifyingKey, verifyEnvelope } from "../signing/dsse.ts";
import type { FindReceipts, Receipt } from "../signing/receipt.ts";
import {
  evaluateThresholds,
  readTrustedKeys,
  type ThresholdResult,
  type UnprovenSigner,
  type VerifiedSignature,
} from "../signing/trust.ts";
import { toHex } from "./bytes.ts";
import { digestHex } from "./digest.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import type { StepDetails, VerificationSteps } from "./verification-steps.ts";

/** The keys that a verifier was given: none at all, a record that is wrong in itself, or usable ones. */
type Trust =
  | { readonly state: "none" }
  | { readonly state: "invalid"; readonly message: string }
  | { readonly state: "given"; readonly record: TrustRecord; readonly keys: readonly VerifyingKey[] };

/** What is kept of an envelope: nothing that grows with it. */
type EnvelopeOutcome = {
  readonly envelopeProblem: StepDetails | null;
  readonly predicateProblem: StepDetails | null;
  readonly signatures: readonly VerifiedSignature[];
  readonly receipts: readonly Receipt[];
  readonly unknownKeyIds: readonly string[];
};

/** Larger envelopes are waited for, so that they do not gather in memory. */
const DEFERRED_BYTES = 65_536;
const NOTHING_FOUND: EnvelopeOutcome = {
  envelopeProblem: null,
  predicateProblem: null,
  signatures: [],
  receipts: [],
  unknownKeyIds: [],
};
/** Receipts that may be brought from beside a capsule: several logs may have seen each of its envelopes. */
const MAX_RECEIPTS = 4 * CAPSULE_LIMITS.envelopeCount;

/** Takes the envelopes one by one and keeps of each only what the steps need. */
export class StatementCheck {
  readonly #trust: Trust;
  readonly #manifest: Manifest;
  readonly #capsuleDigest: string;
  readonly #hashing: Hashing;
  readonly #outcomes: Promise<EnvelopeOutcome>[] = [];

  private constructor(trust: Trust, manifest: Manifest, capsuleDigest: string, hashing: Hashing) {
    this.#trust = trust;
    this.#manifest = manifest;
    this.#capsuleDigest = capsuleDigest;
    this.#hashing = hashing;
  }

  static async start(
    manifest: Manifest,
    capsuleDigest: string,
    trust: TrustRecord | null,
    hashing: Hashing,
  ): Promise<StatementCheck> {
    return new StatementCheck(await readTrust(trust, hashing), manifest, capsuleDigest, hashing);
  }

  /**
   * Checks one envelope's form, its signatures by known keys, its subject and its predicate. A small one is parsed
   * here and verified while the files are hashed.
   */
  async add(bytes: Uint8Array): Promise<void> {
    const outcome = this.#examine(bytes);
    this.#outcomes.push(outcome);
    if (bytes.length > DEFERRED_BYTES) await outcome;
  }

  /** Whether more were added than a capsule may have: the rest need not be read. */
  get hasTooMany(): boolean {
    return this.#outcomes.length > CAPSULE_LIMITS.envelopeCount;
  }

  /** Writes the steps `envelopes`, `thresholds` and `predicates`, in the order in which the envelopes came. */
  async conclude(
    steps: VerificationSteps,
    requires: readonly Role[],
    findReceipts: FindReceipts | undefined,
  ): Promise<void> {
    const came = await Promise.all(this.#outcomes);
    if (this.hasTooMany) {
      steps.fail("limits", { code: "limit", message: `more than ${CAPSULE_LIMITS.envelopeCount} envelopes` });
    }
    const brought = findReceipts === undefined ? [] : await this.#bringReceipts(came, requires, findReceipts);
    const outcomes = [...came, ...brought];
    const unknownKeyIds = [...new Set(outcomes.flatMap((outcome) => outcome.unknownKeyIds))].sort();
    this.#concludeEnvelopes(steps, outcomes, unknownKeyIds);
    this.#concludeThresholds(steps, requires, outcomes, unknownKeyIds);
    const predicateProblem = outcomes.find((outcome) => outcome.predicateProblem !== null)?.predicateProblem;
    if (predicateProblem) steps.fail("predicates", predicateProblem);
    else steps.pass("predicates");
  }

  async #examine(bytes: Uint8Array): Promise<EnvelopeOutcome> {
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok) return envelopeProblem(parsed.reason);
    const keys = this.#trust.state === "given" ? this.#trust.keys : [];
    const verified = await verifyEnvelope(parsed.value, keys);
    if (verified.ok) {
      const { statement, signers, unknownKeyIds } = verified.value;
      const envelopeSha256 = toHex(await this.#hashing.sha256(bytes));
      const { predicateType } = statement;
      const signatures = signers.map(({ keyId }) => ({ keyId, predicateType, envelopeSha256 }));
      return { ...this.#examineStatement(statement, signatures), unknownKeyIds };
    }
    if (verified.reason.code !== "no-known-key") return envelopeProblem(verified.reason);
    const unknownKeyIds = parsed.value.signatures.map(({ keyId }) => keyId);
    const statement = readStatement(parsed.value);
    const outcome = statement.ok
      ? this.#examineStatement(statement.value, [])
      : envelopeProblem(statement.reason);
    return { ...outcome, unknownKeyIds };
  }

  /** The signatures count when the statement is about this capsule and its predicate has the shape of its type. */
  #examineStatement(statement: Statement, signatures: readonly VerifiedSignature[]): EnvelopeOutcome {
    const [subject] = statement.subject;
    const expected = `${this.#manifest.id} ${digestHex(this.#capsuleDigest)}`;
    const actual = `${subject.name} ${subject.digest.sha256}`;
    if (actual !== expected) {
      const message = "a statement is about another capsule";
      return { ...NOTHING_FOUND, envelopeProblem: { code: "subject-mismatch", message, expected, actual } };
    }
    const shaped = schemaOfPredicate(statement.predicateType)?.safeParse(statement.predicate);
    if (shaped === undefined || shaped.success) {
      const receipts = readReceipt(statement, signatures);
      return { ...NOTHING_FOUND, receipts, signatures: isInFavour(statement) ? signatures : [] };
    }
    const issue = shaped.error.issues[0];
    const message = `${statement.predicateType}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong shape"}`;
    return { ...NOTHING_FOUND, predicateProblem: { code: "invalid-predicate", message } };
  }

  /** Receipts from beside the capsule, when the verdict hangs on them. */
  async #bringReceipts(
    came: readonly EnvelopeOutcome[],
    requires: readonly Role[],
    findReceipts: FindReceipts,
  ): Promise<EnvelopeOutcome[]> {
    const trust = this.#trust;
    if (trust.state !== "given") return [];
    const open = requires
      .map((role) => evaluateRole(came, trust.record, role))
      .filter(({ outcome }) => outcome === "undecidable")
      .flatMap(({ unproven }) => unproven.map(({ keyId }) => keyId));
    if (open.length === 0) return [];
    const signed = came.flatMap(({ signatures }) => signatures).filter(({ keyId }) => open.includes(keyId));
    const envelopeSha256s = [...new Set(signed.map(({ envelopeSha256 }) => envelopeSha256))].sort();
    const brought = await findReceipts({ capsuleDigest: this.#capsuleDigest, envelopeSha256s });
    return await Promise.all(brought.slice(0, MAX_RECEIPTS).map((bytes) => this.#examine(bytes)));
  }

  #concludeEnvelopes(
    steps: VerificationSteps,
    outcomes: readonly EnvelopeOutcome[],
    unknownKeyIds: readonly string[],
  ): void {
    const problem = outcomes.find((outcome) => outcome.envelopeProblem !== null)?.envelopeProblem;
    if (problem) {
      steps.fail("envelopes", problem);
    } else if (this.#trust.state === "none" && outcomes.length > 0) {
      const message = "well formed; no key was given to check the signatures with";
      steps.skip("envelopes", { code: "no-key", message });
    } else if (unknownKeyIds.length > 0) {
      const message = `signatures by unknown keys do not count: ${unknownKeyIds.join(", ")}`;
      steps.pass("envelopes", { code: "unknown-signer", message });
    } else {
      steps.pass("envelopes", { actual: String(outcomes.length) });
    }
  }

  #concludeThresholds(
    steps: VerificationSteps,
    requires: readonly Role[],
    outcomes: readonly EnvelopeOutcome[],
    unknownKeyIds: readonly string[],
  ): void {
    const trust = this.#trust;
    if (trust.state === "none") {
      steps.skip("thresholds", { code: "no-key", message: "no key was given" });
      return;
    }
    if (trust.state === "invalid") {
      steps.fail("thresholds", { code: "invalid-trust", message: trust.message });
      return;
    }
    const results = requires.map((role) => evaluateRole(outcomes, trust.record, role));
    const missed = results.find(({ outcome }) => outcome === "missed");
    const open = results.find(({ outcome }) => outcome === "undecidable");
    if (missed !== undefined) {
      steps.fail("thresholds", {
        ...countsOf(missed),
        code: unknownKeyIds.length > 0 ? "unknown-signer" : "threshold-not-met",
        message: `too few keys that may act as ${missed.role} have signed`,
      });
    } else if (open !== undefined) {
      const message = `too few signatures count without a receipt from before: ${open.unproven.map(describeUnproven).join("; ")}`;
      steps.skip("thresholds", { ...countsOf(open), code: "needs-receipt", message });
    } else {
      const actual = results.map(({ role, keyIds }) => `${role}: ${keyIds.join(", ")}`).join("; ");
      steps.pass("thresholds", { actual });
    }
  }
}

function evaluateRole(
  outcomes: readonly EnvelopeOutcome[],
  record: TrustRecord,
  role: Role,
): ThresholdResult {
  const signatures = outcomes.flatMap((outcome) => outcome.signatures);
  const receipts = outcomes.flatMap((outcome) => outcome.receipts);
  return evaluateThresholds(signatures, receipts, record, role);
}

/** What a verified statement says was logged; nothing when it is no receipt. */
function readReceipt(
  { predicateType, predicate }: Statement,
  signatures: readonly VerifiedSignature[],
): readonly Receipt[] {
  if (predicateType !== PREDICATE_RECEIPT) return [];
  const { envelopeSha256, loggedAt } = receiptPredicateSchema.parse(predicate);
  return [{ envelopeSha256, loggedAt, keyIds: signatures.map(({ keyId }) => keyId) }];
}

function describeUnproven({ keyId, countsBefore, loggedAt }: UnprovenSigner): string {
  const logged = loggedAt === null ? "no log vouches for it" : `it was logged ${describeTime(loggedAt)}`;
  return `${keyId} counts until ${describeTime(countsBefore)}, and ${logged}`;
}

function describeTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? `${timeMs} ms` : date.toISOString();
}

/** The gate's decision can be a refusal: it is kept and shown, and is no consent (CAPSULE.md S6). */
function isInFavour({ predicateType, predicate }: Statement): boolean {
  return predicateType !== PREDICATE_VSA || predicate.verificationResult === "PASSED";
}

function countsOf({ role, requiredCount, keyIds }: ThresholdResult): StepDetails {
  return { expected: `${role}: ${requiredCount}`, actual: `${role}: ${keyIds.length}` };
}

function envelopeProblem({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): EnvelopeOutcome {
  return { ...NOTHING_FOUND, envelopeProblem: { code, message } };
}

async function readTrust(record: TrustRecord | null, hashing: Hashing): Promise<Trust> {
  if (record === null) return { state: "none" };
  const keys = await readTrustedKeys(record, hashing);
  return keys.ok
    ? { state: "given", record, keys: keys.value }
    : { state: "invalid", message: keys.reason.message };
}
