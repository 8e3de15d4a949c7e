// The log of one app in one environment: named `${projectId}/${environment}`, apart from the project object, so that a
// chatty app slows down nothing but its own log.
import { DurableObject } from "cloudflare:workers";
import { Waiters } from "../waiters.ts";
import {
  type AppLogLine,
  type AppLogQuery,
  createAppLogTables,
  insertLines,
  type StoredAppLogLine,
  selectLastSeq,
  selectLines,
  shortenLine,
} from "./app-log-storage.ts";

export type { AppLogLine, StoredAppLogLine } from "./app-log-storage.ts";

/** Lines taken from one call; the rest of a flood is counted and dropped. */
const MAX_LINES_PER_APPEND = 500;
/** Lines taken in one second, over all callers. */
const MAX_LINES_PER_SECOND = 2_000;
const MAX_READ_LINES = 1_000;
const MAX_WAIT_MS = 20_000;
/** Followers at once; one more is answered at once and asks again. */
const MAX_WAITERS = 100;

export type AppLogRead = AppLogQuery & {
  /** How long to wait for a first line when there is none yet, at most 20,000. */
  readonly waitMs?: number;
};

export type AppLogPage = {
  readonly items: readonly StoredAppLogLine[];
  /** Give it as `since` to go on from here. */
  readonly nextSince: number;
};

export class AppLogObject extends DurableObject<Cloudflare.Env> {
  readonly #waiters = new Waiters();
  #secondStartedAt = 0;
  #linesThisSecond = 0;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    createAppLogTables(ctx.storage.sql);
  }

  /** Appends lines in order. What is too much is dropped, and a line says how much was. */
  append(lines: readonly AppLogLine[]): void {
    const now = Date.now();
    const takenCount = this.#take(lines.length, now);
    const taken = lines.slice(0, takenCount).map(shortenLine);
    const droppedCount = lines.length - takenCount;
    if (droppedCount > 0) taken.push(droppedLine(now, droppedCount));
    this.ctx.storage.transactionSync(() => insertLines(this.ctx.storage.sql, taken));
    this.#waiters.wake();
  }

  /** Lines oldest first: those after `since`, or the newest. Waits up to `waitMs` when there are none. */
  async read(query: AppLogRead): Promise<AppLogPage> {
    const deadline = Date.now() + Math.min(query.waitMs ?? 0, MAX_WAIT_MS);
    let page = this.#select(query);
    while (page.items.length === 0 && Date.now() < deadline && this.#waiters.count < MAX_WAITERS) {
      await this.#waiters.wait(deadline - Date.now());
      page = this.#select(query);
    }
    return page;
  }

  #take(offeredCount: number, now: number): number {
    if (now - this.#secondStartedAt >= 1_000) {
      this.#secondStartedAt = now;
      this.#linesThisSecond = 0;
    }
    const room = Math.max(0, MAX_LINES_PER_SECOND - this.#linesThisSecond);
    const takenCount = Math.min(offeredCount, MAX_LINES_PER_APPEND, room);
    this.#linesThisSecond += takenCount;
    return takenCount;
  }

  #select(query: AppLogRead): AppLogPage {
    const limit = Math.max(1, Math.min(query.limit, MAX_READ_LINES));
    const items = selectLines(this.ctx.storage.sql, { ...query, limit });
    // A full page may leave lines behind it; a short one has seen all there is, also what its filter left out.
    const lastItem = items.at(-1);
    const isFull = items.length === limit && lastItem !== undefined;
    const lastSeq = selectLastSeq(this.ctx.storage.sql);
    return { items, nextSince: isFull ? lastItem.seq : Math.max(lastSeq, query.since ?? 0) };
  }
}

function droppedLine(ts: number, count: number): AppLogLine {
  return { ts, level: "warn", message: `${count} lines dropped: the app writes more than its log takes` };
}
