// When this project took in what others signed, and the receipts by which its log key says so (CAPSULE.md S9). The times
// are the project's own record: should a log key be revoked, its receipts are signed anew with the same times.

import {
  type CapsuleName,
  type SignedReceipt,
  signReceipts,
} from "../../adapters/vault/platform-statements.ts";
import type { KeyEnv } from "../../adapters/vault/project-key.ts";
import type { TrustRecord } from "../../schemas/trust.ts";

type ReceiptRow = { envelope_sha256: string; logged_at: number; log_key_id: string; receipt_sha256: string };

export type ReceiptBookOptions = {
  readonly sql: SqlStorage;
  readonly env: KeyEnv;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  readonly trust: () => TrustRecord;
};

export class ReceiptBook {
  readonly #options: ReceiptBookOptions;

  constructor(options: ReceiptBookOptions) {
    this.#options = options;
  }

  /** Those of the envelopes that have no receipt which counts today. */
  missing(envelopeSha256s: readonly string[]): string[] {
    const logs = new Set(
      this.#options
        .trust()
        .keys.filter(mayVouch)
        .map(({ keyId }) => keyId),
    );
    return envelopeSha256s.filter((envelopeSha256) => {
      const row = this.#find(envelopeSha256);
      return row === null || !logs.has(row.log_key_id);
    });
  }

  /** Signs what is missing. It is kept with `keep`, in the transaction by which the project takes the envelopes in. */
  async sign(
    capsule: CapsuleName,
    envelopeSha256s: readonly string[],
    logKeyId: string,
  ): Promise<SignedReceipt[]> {
    const { env, owner } = this.#options;
    const now = Date.now();
    const logged = this.missing(envelopeSha256s).map((envelopeSha256) => ({
      envelopeSha256,
      loggedAt: this.#find(envelopeSha256)?.logged_at ?? now,
    }));
    return logged.length === 0 ? [] : await signReceipts(env, { ...owner(), logKeyId }, capsule, logged);
  }

  /** Whether the receipt is new here. The time that was noted first stays. */
  keep({ envelopeSha256, loggedAt, logKeyId, statement }: SignedReceipt): boolean {
    return (
      this.#options.sql.exec(
        `INSERT INTO receipts VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (envelope_sha256) DO UPDATE
         SET log_key_id = ?4, receipt_sha256 = ?5 WHERE log_key_id <> ?4 AND logged_at = ?3`,
        envelopeSha256,
        statement.capsuleDigest,
        loggedAt,
        logKeyId,
        statement.envelopeSha256,
      ).rowsWritten > 0
    );
  }

  /** The SHA-256 of the receipts' envelopes. */
  receiptsOf(envelopeSha256s: readonly string[]): string[] {
    return envelopeSha256s.flatMap((envelopeSha256) => this.#find(envelopeSha256)?.receipt_sha256 ?? []);
  }

  #find(envelopeSha256: string): ReceiptRow | null {
    return (
      this.#options.sql
        .exec<ReceiptRow>("SELECT * FROM receipts WHERE envelope_sha256 = ?", envelopeSha256)
        .toArray()[0] ?? null
    );
  }
}

/** A revoked log key vouches for nothing (core/signing/receipt.ts); a rotated one for what it logged while it was in use. */
function mayVouch({ roles, state }: TrustRecord["keys"][number]): boolean {
  return (
    roles.includes("log") &&
    (state === undefined || (state.kind === "rotated" && state.compromisedSince === undefined))
  );
}
