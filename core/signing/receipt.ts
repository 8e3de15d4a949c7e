// Receipts: a log says when it saw an envelope, so that what was signed in time goes on counting (CAPSULE.md S9).
import {
  PREDICATE_RECEIPT,
  type ReceiptPredicate,
  receiptPredicateSchema,
  type Statement,
} from "../../schemas/statement.ts";
import type { RetiredState, Role, TrustKey, TrustRecord } from "../../schemas/trust.ts";
import { createStatement } from "./statement.ts";

/** A receipt whose signatures were verified. */
export type Receipt = ReceiptPredicate & {
  /** The keys that signed it, of whatever role. */
  readonly keyIds: readonly string[];
};

export type WantedReceipts = {
  readonly capsuleDigest: string;
  /** The envelopes that rotated or revoked keys signed; sorted. */
  readonly envelopeSha256s: readonly string[];
};

/**
 * Brings receipts from beside the capsule, as the stored bytes of their envelopes. Asked once, and only when the verdict
 * hangs on them; what it brings is checked like an envelope that came with the capsule.
 */
export type FindReceipts = (wanted: WantedReceipts) => Promise<readonly Uint8Array[]>;

/** A role for which the trust record names no threshold needs one key. */
const DEFAULT_THRESHOLD = 1;

/** The statement that an envelope about a capsule was logged. */
export function createReceipt(
  manifestId: string,
  capsuleDigest: string,
  receipt: ReceiptPredicate,
): Statement {
  const predicate = receiptPredicateSchema.parse(receipt);
  return createStatement(manifestId, capsuleDigest, PREDICATE_RECEIPT, predicate);
}

/** Until when a retired key's signatures count: from when it may have leaked, else from when it was retired. */
export function countsUntil(state: RetiredState): number {
  return state.compromisedSince ?? state.at;
}

export function thresholdOf(trust: Pick<TrustRecord, "thresholds">, role: Role): number {
  return trust.thresholds[role] ?? DEFAULT_THRESHOLD;
}

/**
 * The time by which as many log keys as the trust record asks for say that they had seen an envelope, in ms since the
 * epoch; null when too few say it. No key vouches for what it signed itself.
 */
export function findLoggedAt(
  signed: { readonly keyId: string; readonly envelopeSha256: string },
  receipts: readonly Receipt[],
  trust: TrustRecord,
): number | null {
  const times: number[] = [];
  for (const key of trust.keys) {
    if (!key.roles.includes("log") || key.keyId === signed.keyId) continue;
    const said = receipts
      .filter(({ envelopeSha256 }) => envelopeSha256 === signed.envelopeSha256)
      .filter(({ keyIds, loggedAt }) => keyIds.includes(key.keyId) && mayVouch(key, loggedAt))
      .map(({ loggedAt }) => loggedAt);
    if (said.length > 0) times.push(Math.min(...said));
  }
  return times.sort((a, b) => a - b)[thresholdOf(trust, "log") - 1] ?? null;
}

/**
 * Whoever holds a log key can write any time into a receipt. So a key that was revoked, or may have leaked, vouches for
 * nothing. One that was rotated out in good order exists no more: what it logged before it went stands.
 */
function mayVouch({ state }: TrustKey, loggedAt: number): boolean {
  if (state === undefined) return true;
  return state.kind === "rotated" && state.compromisedSince === undefined && loggedAt < state.at;
}
