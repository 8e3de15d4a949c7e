// Quotas of one subject (an organization, an address). In memory, and on disk without waiting for it: a crash may give a
// few requests back, and no request waits for a write.
import { DurableObject } from "cloudflare:workers";
import type { QuotaPolicy } from "../../core/quota/quota-policies.ts";
import { drain, type QuotaState, type QuotaVerdict, takeQuota } from "../../core/quota/take-quota.ts";

type Kept = { readonly policy: QuotaPolicy; readonly state: QuotaState };

/** One entry a policy, of which there are a handful. */
const MAX_ENTRIES = 32;

export class QuotaObject extends DurableObject<Cloudflare.Env> {
  #kept: Map<string, Kept> | null = null;

  /** Takes one request from the quota of this name, if it is there. */
  async take(policy: QuotaPolicy): Promise<QuotaVerdict> {
    const kept = await this.#load();
    const now = Date.now();
    const { verdict, state } = takeQuota(policy, kept.get(policy.name)?.state ?? null, now);
    if (!verdict.isAllowed) return verdict;
    const entry = { policy, state };
    kept.set(policy.name, entry);
    void this.ctx.storage.put(policy.name, entry, { allowUnconfirmed: true });
    if (kept.size === 1 || (await this.ctx.storage.getAlarm()) === null) {
      void this.ctx.storage.setAlarm(now + policy.windowSeconds * 1_000, { allowUnconfirmed: true });
    }
    return verdict;
  }

  /** Forgets what has run out; an address that came once leaves nothing behind. */
  override async alarm(): Promise<void> {
    const kept = await this.#load();
    const now = Date.now();
    for (const [name, { policy, state }] of kept) {
      if (drain(policy, state, now).level > 0) continue;
      kept.delete(name);
      await this.ctx.storage.delete(name);
    }
    if (kept.size === 0) {
      await this.ctx.storage.deleteAll();
      return;
    }
    const nextMs = Math.max(...[...kept.values()].map(({ policy }) => policy.windowSeconds)) * 1_000;
    await this.ctx.storage.setAlarm(now + nextMs);
  }

  async #load(): Promise<Map<string, Kept>> {
    this.#kept ??= await this.ctx.storage.list<Kept>({ limit: MAX_ENTRIES });
    return this.#kept;
  }
}
