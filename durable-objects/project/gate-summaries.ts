// What the gate decided, signed by the project's gate key (MESH.md M18): for what went live, and for what was refused.
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import type { OutboxEntry, StatementRow } from "../../adapters/database/outbox-entry.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { type CapsuleName, signGateSummary } from "../../adapters/vault/platform-statements.ts";
import { computeJsonDigest, digestHex } from "../../core/capsule/digest.ts";
import { createGateSummary } from "../../core/deploy/gate-summary.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";
import type { GateDecision } from "../../schemas/gate.ts";
import type { PlatformKeys } from "./platform-keys.ts";
import type { PolicyStorage } from "./policy-storage.ts";

export type GateSummariesOptions = {
  readonly env: Cloudflare.Env;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  readonly platformKeys: PlatformKeys;
  readonly policies: PolicyStorage;
  readonly transact: (change: () => readonly EventDraft[]) => void;
  readonly addToOutbox: (entry: OutboxEntry) => void;
  readonly flushOutbox: () => Promise<void>;
};

export class GateSummaries {
  readonly #options: GateSummariesOptions;

  constructor(options: GateSummariesOptions) {
    this.#options = options;
  }

  /** Signs the decision and stores the envelope; it counts once its row is in the outbox. */
  async sign(
    capsule: CapsuleName,
    environment: Environment,
    decision: GateDecision,
    confirmedBy: ActorRef | null,
  ): Promise<StatementRow> {
    const { env, owner, platformKeys, policies } = this.#options;
    const gateKeyId = await platformKeys.ensure("gate");
    const policy = policies.find(environment);
    const summary = createGateSummary(decision, {
      projectId: owner().projectId,
      environment,
      policySha256: digestHex(await computeJsonDigest(policy, workerdHashing)),
      decidedAt: Date.now(),
      confirmedBy: confirmedBy?.id ?? null,
    });
    return await signGateSummary(env, { ...owner(), gateKeyId }, capsule, summary);
  }

  /** Puts a refusal on the timeline, with its signed summary. */
  async recordRefusal(environment: Environment, decision: GateDecision, actor: ActorRef): Promise<void> {
    const { env, transact, addToOutbox, flushOutbox } = this.#options;
    const { capsuleDigest } = decision;
    const { id: manifestId } = await readStoredManifest(env.BLOBS, capsuleDigest);
    const summary = await this.sign({ capsuleDigest, manifestId }, environment, decision, null);
    transact(() => {
      addToOutbox({ kind: "statement", statement: summary });
      const data = { env: environment, ...decision, statement: summary.envelopeSha256 };
      return [{ source: "deploy", type: "gate.decided", data, actor }];
    });
    await flushOutbox();
  }
}
