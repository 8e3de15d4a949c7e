// Changes of whom the project trusts, one revision at a time (CAPSULE.md S5, S9). What may become of a record is decided in
// core/signing/change-trust.ts; here it is stored, told, and kept from taking the platform's own keys away.
import type { OutboxEntry } from "../../adapters/database/outbox-entry.ts";
import { changeTrust, type TrustChange } from "../../core/signing/change-trust.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { ActorRef } from "../../schemas/event.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { TrustKey, TrustRecord } from "../../schemas/trust.ts";
import { draftTrustChange } from "./event-drafts.ts";
import type { MetaStorage } from "./meta-storage.ts";
import type { PlatformKeys } from "./platform-keys.ts";
import type { ProjectFailure } from "./project-failure.ts";
import type { TrustStorage } from "./trust-storage.ts";

export type TrustRequest = {
  readonly change: TrustChange;
  /** The record's revision that the change was decided on; null when it holds for any. */
  readonly expectedRevision: number | null;
  /** Of the signed statement that brings it; null when none was needed. */
  readonly envelopeSha256: string | null;
  readonly reason: string | null;
  readonly actor: ActorRef;
};

export type TrustBookOptions = {
  readonly trust: TrustStorage;
  readonly meta: MetaStorage;
  readonly platformKeys: () => PlatformKeys;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  readonly transact: (change: () => readonly EventDraft[]) => void;
  readonly addToOutbox: (entry: OutboxEntry) => void;
};

export class TrustBook {
  readonly #options: TrustBookOptions;

  constructor(options: TrustBookOptions) {
    this.#options = options;
  }

  /** One change, one revision, one event. Trusting the same key in the same roles again changes nothing. */
  change(request: TrustRequest): Result<TrustRecord, ProjectFailure> {
    const { change, expectedRevision, envelopeSha256, reason, actor } = request;
    const before = this.#options.trust.record();
    if (expectedRevision !== null && expectedRevision !== before.revision) {
      const message = `the project's trust is at revision ${before.revision}, not ${expectedRevision}`;
      return fail({ code: "trust-moved", message });
    }
    if (change.kind === "trusted" && holdsKey(before, change.key)) return ok(before);
    const inUse = this.#refuseWhilePlatformSigns(change);
    if (inUse !== null) return fail(inUse);
    const now = Date.now();
    const after = changeTrust(before, change, now);
    if (!after.ok) return after;
    this.#options.transact(() => {
      const keyId =
        change.kind === "trusted" ? change.key.keyId : change.kind === "thresholds" ? null : change.keyId;
      this.#options.trust.save(after.value, { at: now, change: change.kind, keyId, actor, envelopeSha256 });
      if (change.kind === "rotated") this.#replacePlatformKey(change.keyId, change.successor.keyId);
      const { revision } = after.value;
      return [draftTrustChange(change, { revision, reason, statement: envelopeSha256, actor })];
    });
    return ok(after.value);
  }

  /** The platform cannot deploy or log without its keys: they are rotated first, and the old ones can be revoked then. */
  #refuseWhilePlatformSigns(change: TrustChange): ProjectFailure | null {
    if (change.kind !== "removed" && change.kind !== "revoked") return null;
    const isInUse =
      this.#options.meta.find("platformKeyId") === change.keyId ||
      this.#options.platformKeys().roleOf(change.keyId) !== null;
    if (!isInUse) return null;
    const message =
      "the platform signs for this project with that key, so it cannot be removed or revoked; rotate it first, then revoke the old one";
    return { code: "conflict", message };
  }

  /** From now on the platform signs with the successor. An old log key must never write another receipt. */
  #replacePlatformKey(keyId: string, successorKeyId: string): void {
    if (this.#options.meta.find("platformKeyId") === keyId)
      this.#options.meta.set("platformKeyId", successorKeyId);
    const role = this.#options.platformKeys().roleOf(keyId);
    if (role === null) return;
    this.#options.platformKeys().replace(role, successorKeyId);
    if (role === "log")
      this.#options.addToOutbox({ kind: "key-destroyed", ...this.#options.owner(), keyId, at: Date.now() });
  }
}

/** Whether this very key, in use, with this name and these roles stands in the record. */
function holdsKey(record: TrustRecord, key: Omit<TrustKey, "state">): boolean {
  const held = record.keys.find(({ keyId }) => keyId === key.keyId);
  const isSame = held?.name === key.name && held.state === undefined;
  return isSame && JSON.stringify([...held.roles].sort()) === JSON.stringify([...key.roles].sort());
}
