// A project's simulations (MESH.md §4): that one has begun, its sealed result as evidence, or why there is none. What is
// sealed stays; saying the same again changes nothing.

import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import type { OutboxEntry, StatementRow } from "../../adapters/database/outbox-entry.ts";
import { readSealedResult } from "../../adapters/mesh/sealed-result.ts";
import type { CapsuleName, SignedReceipt } from "../../adapters/vault/platform-statements.ts";
import type { KeyEnv } from "../../adapters/vault/project-key.ts";
import { findHeldKeys, signWithKeys, storeEnvelopeBytes } from "../../adapters/vault/sign-result.ts";
import { canonicalJson } from "../../core/capsule/canonical-json.ts";
import { createStatement } from "../../core/signing/statement.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { ActorRef } from "../../schemas/event.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { PREDICATE_MESH_SIM } from "../../schemas/statement.ts";
import type { SealedSimulation, SimulationEnd, SimulationStart } from "../mesh-simulation/simulation-plan.ts";
import type { EvidenceStorage } from "./evidence-storage.ts";
import type { MetaStorage } from "./meta-storage.ts";
import type { ProjectFailure } from "./project-failure.ts";
import type { TrustStorage } from "./trust-storage.ts";

export type SimulationBookOptions = {
  readonly env: KeyEnv;
  readonly sql: SqlStorage;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  readonly meta: MetaStorage;
  readonly trust: TrustStorage;
  readonly evidence: EvidenceStorage;
  /** The seq that the next event will have. */
  readonly nextSeq: () => number;
  /** One transaction; `now` is the `ts` of its events. */
  readonly transact: (change: (now: number) => readonly EventDraft[]) => void;
  readonly addToOutbox: (entry: OutboxEntry) => void;
  readonly flushOutbox: () => Promise<void>;
  /** The platform's simulator key, made when there is none. */
  readonly ensureKey: () => Promise<string>;
  /** By the project's log key, when this envelope came in (CAPSULE.md S9). */
  readonly signReceipts: (capsule: CapsuleName, envelopes: readonly string[]) => Promise<SignedReceipt[]>;
  /** In a transaction. */
  readonly keepReceipts: (receipts: readonly SignedReceipt[]) => readonly string[];
};

/** An envelope that somebody else has signed, with what it says. */
export type RecordedResult = {
  readonly result: MeshSimResult;
  readonly envelope: Uint8Array;
  readonly keyIds: readonly string[];
  readonly actor: ActorRef;
  /** Of the trust that its signature was verified against. */
  readonly trustRevision: number;
};

const MAX_TOLD_REASONS = 20;

export class SimulationBook {
  readonly #options: SimulationBookOptions;

  constructor(options: SimulationBookOptions) {
    this.#options = options;
  }

  async begin(start: SimulationStart): Promise<Result<null, ProjectFailure>> {
    if (this.#isDeleted()) return fail(deleted());
    // Trust moves now rather than when the result is sealed.
    await this.#options.ensureKey();
    const { simId, actor, ...data } = start;
    const { sql, transact, nextSeq } = this.#options;
    if (this.#hasBegun(simId)) return ok(null);
    transact(() => {
      sql.exec("INSERT INTO simulations VALUES (?, ?, NULL)", simId, nextSeq());
      return [{ source: "mesh", type: "mesh.started", data: { simId, ...data }, actor, runId: simId }];
    });
    return ok(null);
  }

  /** Signs a result of the platform's own and seals it. */
  async seal(
    result: MeshSimResult,
    about: { readonly replayOf: string | null; readonly actor: ActorRef },
  ): Promise<Result<SealedSimulation, ProjectFailure>> {
    if (this.#isDeleted()) return fail(deleted());
    const known = await this.#findSealed(result);
    if (known !== null) return known;
    const { env, owner, meta, ensureKey } = this.#options;
    const wanted = [await ensureKey(), meta.require("platformKeyId")];
    const keys = await findHeldKeys(env, owner(), wanted);
    const signed = meshSimResultSchema.parse({ ...result, signedBy: keys.map(({ publicKey }) => publicKey) });
    const manifest = await readStoredManifest(env.BLOBS, result.capsuleHash);
    const statement = createStatement(manifest.id, result.capsuleHash, PREDICATE_MESH_SIM, signed);
    const keyIds = keys.map(({ keyId }) => keyId).sort();
    const envelope = await signWithKeys(env, owner(), keyIds, statement);
    const envelopeSha256 = await storeEnvelopeBytes(env.BLOBS, envelope);
    return await this.#commit(signed, { ...about, envelopeSha256, keyIds });
  }

  /** Seals what was made elsewhere; its signature and its trace have been checked. */
  async record(recorded: RecordedResult): Promise<Result<SealedSimulation, ProjectFailure>> {
    const { result, envelope, keyIds, actor, trustRevision } = recorded;
    if (this.#isDeleted()) return fail(deleted());
    const known = await this.#findSealed(result);
    if (known !== null) return known;
    if (this.#hasBegun(result.simId)) {
      return fail({ code: "conflict", message: `the simulation ${result.simId} is the platform's own` });
    }
    const { env, trust } = this.#options;
    const envelopeSha256 = await storeEnvelopeBytes(env.BLOBS, envelope);
    if (trustRevision !== trust.revision()) {
      return fail({
        code: "trust-moved",
        message: "the project's trust changed while the result was checked",
      });
    }
    return await this.#commit(result, { replayOf: null, actor, envelopeSha256, keyIds });
  }

  /** It has ended without a result. */
  async end({ simId, status, failure, actor }: SimulationEnd): Promise<void> {
    const { sql, transact, nextSeq, addToOutbox, owner, flushOutbox } = this.#options;
    if (!this.#isOpen(simId) || this.#isDeleted()) return;
    transact((now) => {
      sql.exec("UPDATE simulations SET ended_seq = ? WHERE sim_id = ?", nextSeq(), simId);
      const { organizationId: orgId, projectId } = owner();
      addToOutbox({
        kind: "simulation",
        simulation: {
          orgId,
          projectId,
          simId,
          status,
          outcome: null,
          failure: failure === null ? null : `${failure.code}: ${failure.message}`,
          endedAt: now,
          envelopeSha256: null,
          eventSeq: null,
        },
      });
      return [{ source: "mesh", type: "mesh.failed", data: { simId, status, failure }, actor, runId: simId }];
    });
    await flushOutbox();
  }

  /** Event, evidence and statement in one transaction. */
  async #commit(
    result: MeshSimResult,
    sealing: {
      readonly replayOf: string | null;
      readonly actor: ActorRef;
      readonly envelopeSha256: string;
      readonly keyIds: readonly string[];
    },
  ): Promise<Result<SealedSimulation, ProjectFailure>> {
    const { env, evidence, transact, nextSeq, addToOutbox, flushOutbox, sql } = this.#options;
    const { signReceipts, keepReceipts } = this.#options;
    const { envelopeSha256, actor } = sealing;
    const manifest = await readStoredManifest(env.BLOBS, result.capsuleHash);
    const capsule = { capsuleDigest: result.capsuleHash, manifestId: manifest.id };
    const receipts = await signReceipts(capsule, [envelopeSha256]);
    // Somebody may have sealed it while it was signed.
    const known = await this.#findSealed(result);
    if (known !== null) return known;
    const seq = nextSeq();
    transact((now) => {
      const { simId, kind, capsuleHash, artifactDigest, observedBy, outcome, reasons, params } = result;
      evidence.add({
        simId,
        seq,
        kind,
        capsuleDigest: capsuleHash,
        artifactDigest,
        observedBy,
        outcome,
        reasons,
        params,
        envelopeSha256,
        receivedAt: now,
      });
      sql.exec("INSERT OR IGNORE INTO simulations VALUES (?, ?, NULL)", simId, seq);
      sql.exec("UPDATE simulations SET ended_seq = ? WHERE sim_id = ?", seq, simId);
      addToOutbox({ kind: "statement", statement: this.#describeStatement(result, sealing, now) });
      keepReceipts(receipts);
      addToOutbox({
        kind: "simulation",
        simulation: this.#describeOutcome(result, envelopeSha256, seq, now),
      });
      return [draftSealed(result, sealing, actor)];
    });
    await flushOutbox();
    return ok({ envelopeSha256, seq });
  }

  /** The same result again is the same answer; another under the same id is a conflict (M14). */
  async #findSealed(result: MeshSimResult): Promise<Result<SealedSimulation, ProjectFailure> | null> {
    const known = this.#options.evidence.find(result.simId);
    if (known === null) return null;
    const { envelopeSha256, seq } = known;
    const sealed = await readSealedResult(this.#options.env.BLOBS, envelopeSha256);
    if (sealed !== null && isSame(sealed, result)) return ok({ envelopeSha256, seq });
    return fail({
      code: "conflict",
      message: `another result of ${result.simId} is sealed; it stays as it is`,
    });
  }

  #describeStatement(
    { capsuleHash }: MeshSimResult,
    { envelopeSha256, keyIds }: { readonly envelopeSha256: string; readonly keyIds: readonly string[] },
    createdAt: number,
  ): StatementRow {
    const { organizationId: orgId, projectId } = this.#options.owner();
    return {
      orgId,
      projectId,
      capsuleDigest: capsuleHash,
      envelopeSha256,
      predicateType: PREDICATE_MESH_SIM,
      keyIds: JSON.stringify(keyIds),
      createdAt,
    };
  }

  #describeOutcome(
    { simId, outcome }: MeshSimResult,
    envelopeSha256: string,
    eventSeq: number,
    endedAt: number,
  ) {
    const { organizationId: orgId, projectId } = this.#options.owner();
    const status = "done" as const;
    return { orgId, projectId, simId, status, outcome, failure: null, endedAt, envelopeSha256, eventSeq };
  }

  #hasBegun(simId: string): boolean {
    return this.#options.sql.exec("SELECT 1 FROM simulations WHERE sim_id = ?", simId).toArray().length > 0;
  }

  /** Begun and not ended. */
  #isOpen(simId: string): boolean {
    const open = this.#options.sql.exec(
      "SELECT 1 FROM simulations WHERE sim_id = ? AND ended_seq IS NULL",
      simId,
    );
    return open.toArray().length > 0;
  }

  #isDeleted(): boolean {
    return this.#options.meta.find("deletedAt") !== null;
  }
}

/** The same result, whoever signed it. */
function isSame(sealed: MeshSimResult, result: MeshSimResult): boolean {
  // The platform's own results come without their signers.
  const signedBy = result.signedBy.length === 0 ? [] : sealed.signedBy;
  return canonicalJson({ ...sealed, signedBy }) === canonicalJson(result);
}

function draftSealed(
  result: MeshSimResult,
  {
    replayOf,
    envelopeSha256,
    keyIds,
  }: { replayOf: string | null; envelopeSha256: string; keyIds: readonly string[] },
  actor: ActorRef,
): EventDraft {
  const {
    simId,
    kind,
    capsuleHash,
    artifactDigest,
    observedBy,
    outcome,
    reasons,
    traceHash,
    simulatorVersion,
  } = result;
  return {
    source: "mesh",
    type: "mesh.sealed",
    data: {
      simId,
      kind,
      replayOf,
      capsuleDigest: capsuleHash,
      artifactDigest,
      observedBy,
      outcome,
      reasons: reasons.slice(0, MAX_TOLD_REASONS),
      traceHash,
      simulatorVersion,
      statement: envelopeSha256,
      keyIds,
    },
    actor,
    runId: simId,
  };
}

function deleted(): ProjectFailure {
  return { code: "conflict", message: "the project has been deleted" };
}
