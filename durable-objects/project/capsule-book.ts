// The capsules that this project has taken in, what is signed about them, and when each statement came (CAPSULE.md S9).
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import type { CapsuleAcceptance } from "../../adapters/capsules/accept-capsule.ts";
import type { OutboxEntry } from "../../adapters/database/outbox-entry.ts";
import type { CapsuleName, SignedReceipt } from "../../adapters/vault/platform-statements.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import { PLATFORM_ACTOR, type TimelineEvent } from "../../schemas/event.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { BranchHistory } from "./branch-history.ts";
import type { BranchStorage } from "./branch-storage.ts";
import type { ProjectFailure } from "./project-failure.ts";
import type { ReceiptBook } from "./receipt-book.ts";

export type CapsuleBookOptions = {
  readonly sql: SqlStorage;
  readonly bucket: R2Bucket;
  readonly branches: BranchStorage;
  readonly history: BranchHistory;
  readonly receipts: ReceiptBook;
  readonly trustRevision: () => number;
  /** Of the timeline. */
  readonly lastSeq: () => number;
  readonly ensureLogKey: () => Promise<string>;
  readonly transact: (change: () => readonly EventDraft[]) => TimelineEvent[];
  readonly addToOutbox: (entry: OutboxEntry) => void;
  readonly flushOutbox: () => Promise<void>;
};

export class CapsuleBook {
  readonly #options: CapsuleBookOptions;

  constructor(options: CapsuleBookOptions) {
    this.#options = options;
  }

  /** Puts a verified capsule on the timeline; the same one again gives the same answer and changes nothing. */
  async accept(
    input: CapsuleAcceptance,
  ): Promise<Result<{ readonly seq: number; readonly isNew: boolean }, ProjectFailure>> {
    if (input.trustRevision !== this.#options.trustRevision()) return fail(trustMoved());
    const { digest, urn: manifestId } = input.capsule;
    const offered = input.statements.map((statement) => statement.envelopeSha256);
    const receipts = await this.signReceipts({ capsuleDigest: digest, manifestId }, offered);
    // Signing takes a moment. A receipt must not say of anything that it came before a key was retired, unless it did.
    if (input.trustRevision !== this.#options.trustRevision()) return fail(trustMoved());
    const known = this.findAccepted(digest);
    if (known !== null) {
      this.#acceptAgain(input, receipts);
      await this.#options.flushOutbox();
      return ok({ seq: known, isNew: false });
    }
    const [accepted] = this.#options.transact(() => {
      const now = Date.now();
      const seq = this.#options.lastSeq() + 1;
      this.#options.sql.exec(
        "INSERT INTO accepted_capsules VALUES (?, ?, ?, ?)",
        digest,
        seq,
        input.snapshot.contentDigest,
        input.snapshot.settingsDigest,
      );
      for (const { envelopeSha256 } of input.statements) this.#keepStatement(digest, envelopeSha256);
      this.#options.addToOutbox({
        kind: "capsule",
        capsule: { ...input.capsule, acceptedAt: now, eventSeq: seq },
        statements: input.statements.map((statement) => ({ ...statement, createdAt: now })),
      });
      const { urn, version, fileCount, sizeBytes } = input.capsule;
      const envelopes = [...offered, ...this.keepReceipts(receipts)];
      const draft: EventDraft = {
        source: "capsule",
        type: "capsule.accepted",
        data: { capsuleDigest: digest, urn, version, fileCount, sizeBytes, envelopes },
        actor: input.actor,
        snapshot: input.snapshot,
      };
      return input.branch === null
        ? [draft]
        : [draft, this.#options.history.moveToCapsule(input, input.branch, seq + 1)];
    });
    await this.#options.flushOutbox();
    return ok({ seq: accepted?.seq ?? 0, isNew: true });
  }

  /**
   * The SHA-256 of the receipts for envelopes that this project took in, signed now where there is none that counts.
   * @param envelopeSha256s null: all that are kept about the capsule
   */
  async ensureReceipts(capsuleDigest: string, envelopeSha256s: readonly string[] | null): Promise<string[]> {
    const kept = this.#keptStatements(capsuleDigest);
    const wanted =
      envelopeSha256s === null ? kept : kept.filter((sha256) => envelopeSha256s.includes(sha256));
    if (this.#options.receipts.missing(wanted).length > 0) {
      const { id: manifestId } = await readStoredManifest(this.#options.bucket, capsuleDigest);
      const signed = await this.signReceipts({ capsuleDigest, manifestId }, wanted);
      this.#options.transact(() => {
        const envelopes = this.keepReceipts(signed);
        if (envelopes.length === 0) return [];
        const data = { capsuleDigest, envelopes };
        return [{ source: "capsule", type: "statement.added", data, actor: PLATFORM_ACTOR }];
      });
      await this.#options.flushOutbox();
    }
    return this.#options.receipts.receiptsOf(wanted);
  }

  findAccepted(digest: string): number | null {
    return (
      this.#options.sql
        .exec<{ seq: number }>("SELECT seq FROM accepted_capsules WHERE digest = ?", digest)
        .toArray()[0]?.seq ?? null
    );
  }

  /** Signs when the envelopes came, with a log key that is made for a project from before there were receipts. */
  async signReceipts(capsule: CapsuleName, envelopeSha256s: readonly string[]): Promise<SignedReceipt[]> {
    if (this.#options.receipts.missing(envelopeSha256s).length === 0) return [];
    return await this.#options.receipts.sign(capsule, envelopeSha256s, await this.#options.ensureLogKey());
  }

  /** Call it inside a transaction. Gives the SHA-256 of those that are new. */
  keepReceipts(receipts: readonly SignedReceipt[]): string[] {
    const fresh = receipts.filter((receipt) => this.#options.receipts.keep(receipt));
    for (const { statement } of fresh) this.#options.addToOutbox({ kind: "statement", statement });
    return fresh.map(({ statement }) => statement.envelopeSha256);
  }

  /**
   * What a repetition may add: statements that are not kept yet (CAPSULE.md §1), and a branch that never held the capsule.
   * A branch that has held it does not move: a late repetition must not undo what came after.
   */
  #acceptAgain(input: CapsuleAcceptance, receipts: readonly SignedReceipt[]): void {
    const { digest } = input.capsule;
    const { branch } = input;
    this.#options.transact(() => {
      const drafts: EventDraft[] = [];
      const added = input.statements.filter((statement) =>
        this.#keepStatement(digest, statement.envelopeSha256),
      );
      const createdAt = Date.now();
      for (const statement of added)
        this.#options.addToOutbox({ kind: "statement", statement: { ...statement, createdAt } });
      const kept = new Set(this.#keptStatements(digest));
      const envelopes = [
        ...added.map((statement) => statement.envelopeSha256),
        ...this.keepReceipts(receipts.filter(({ envelopeSha256 }) => kept.has(envelopeSha256))),
      ];
      if (envelopes.length > 0) {
        const data = { capsuleDigest: digest, envelopes };
        drafts.push({ source: "capsule", type: "statement.added", data, actor: input.actor });
      }
      if (branch !== null && !this.#options.branches.hasHeld(branch, digest)) {
        drafts.push(
          this.#options.history.moveToCapsule(input, branch, this.#options.lastSeq() + drafts.length + 1),
        );
      }
      return drafts;
    });
  }

  /** Whether the statement is new and was kept: at most as many as a container may carry (CAPSULE.md C6). */
  #keepStatement(capsuleDigest: string, envelopeSha256: string): boolean {
    const { sql } = this.#options;
    const { count } = sql
      .exec<{ count: number }>(
        "SELECT COUNT(*) AS count FROM statements WHERE capsule_digest = ?",
        capsuleDigest,
      )
      .one();
    if (count >= CAPSULE_LIMITS.envelopeCount) return false;
    return (
      sql.exec("INSERT OR IGNORE INTO statements VALUES (?, ?)", capsuleDigest, envelopeSha256).rowsWritten >
      0
    );
  }

  #keptStatements(capsuleDigest: string): string[] {
    return this.#options.sql
      .exec<{ envelope_sha256: string }>(
        "SELECT envelope_sha256 FROM statements WHERE capsule_digest = ? ORDER BY envelope_sha256",
        capsuleDigest,
      )
      .toArray()
      .map((row) => row.envelope_sha256);
  }
}

function trustMoved(): ProjectFailure {
  return { code: "trust-moved", message: "the project's trust changed while the capsule was verified" };
}
