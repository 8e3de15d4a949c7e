// Quotas of one subject (an organization, an address). Counted in memory and written once a second: no request waits for
// the disk, and a crash gives back no more than a second's requests.
import { DurableObject } from "cloudflare:workers";
import type { QuotaPolicy } from "../../core/quota/quota-policies.ts";
import { drain, type QuotaState, type QuotaVerdict, takeQuota } from "../../core/quota/take-quota.ts";

type Kept = { readonly policy: QuotaPolicy; readonly state: QuotaState };

/** One entry a policy, of which there are a handful. */
const MAX_ENTRIES = 32;
const WRITE_AFTER_MS = 1_000;

export class QuotaObject extends DurableObject<Cloudflare.Env> {
  #kept: Map<string, Kept> | null = null;
  #isWriteDue = false;

  /** Takes one request from the quota of this name, if it is there. */
  async take(policy: QuotaPolicy): Promise<QuotaVerdict> {
    const kept = await this.#load();
    const { verdict, state } = takeQuota(policy, kept.get(policy.name)?.state ?? null, Date.now());
    if (!verdict.isAllowed) return verdict;
    kept.set(policy.name, { policy, state });
    if (!this.#isWriteDue) {
      this.#isWriteDue = true;
      // A timer keeps the object in memory until it has run.
      setTimeout(() => this.ctx.waitUntil(this.#write()), WRITE_AFTER_MS);
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
    if (kept.size === 0) await this.ctx.storage.deleteAll();
    else await this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriteDue = false;
    const kept = await this.#load();
    await this.ctx.storage.put(Object.fromEntries(kept));
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    const longestSeconds = Math.max(...[...kept.values()].map(({ policy }) => policy.windowSeconds));
    await this.ctx.storage.setAlarm(Date.now() + longestSeconds * 1_000);
  }

  async #load(): Promise<Map<string, Kept>> {
    this.#kept ??= await this.ctx.storage.list<Kept>({ limit: MAX_ENTRIES });
    return this.#kept;
  }
}
