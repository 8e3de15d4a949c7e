// Moments that members pinned and named. The names stand here, to be listed; each change of them is an event, so that
// everybody who watches sees it at once.
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { Pin } from "../../schemas/api/pins.ts";
import type { ActorRef } from "../../schemas/event.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { notFound, type ProjectFailure } from "./project-failure.ts";

export const MAX_PINS = 500;

type PinRow = { seq: number; name: string; actor_kind: string; actor_id: string; pinned_at: number };

export type PinBookOptions = {
  readonly sql: SqlStorage;
  /** Of the timeline. */
  readonly lastSeq: () => number;
  readonly transact: (change: (now: number) => readonly EventDraft[]) => void;
};

export class PinBook {
  readonly #options: PinBookOptions;

  constructor(options: PinBookOptions) {
    this.#options = options;
  }

  /** By moment, the oldest first. */
  list(): Pin[] {
    return this.#options.sql.exec<PinRow>("SELECT * FROM pins ORDER BY seq").toArray().map(toPin);
  }

  /** Pins a moment, or gives a pinned one another name. The same name again changes nothing. */
  put(at: number, name: string, actor: ActorRef): Result<Pin, ProjectFailure> {
    const { sql, lastSeq, transact } = this.#options;
    if (at > lastSeq()) return fail(notFound(`there is no event ${at} yet; the newest is ${lastSeq()}`));
    const known = this.#find(at);
    if (known?.name === name) return ok(known);
    if (known === null && this.#count() >= MAX_PINS) {
      return fail({ code: "conflict", message: `there are ${MAX_PINS} pinned moments; unpin one first` });
    }
    transact((now) => {
      sql.exec("INSERT OR REPLACE INTO pins VALUES (?, ?, ?, ?, ?)", at, name, actor.kind, actor.id, now);
      return [{ source: "project", type: "moment.pinned", data: { at, name }, actor }];
    });
    const pin = this.#find(at);
    if (pin === null) throw new Error(`the pin of event ${at} was not kept`);
    return ok(pin);
  }

  remove(at: number, actor: ActorRef): Result<null, ProjectFailure> {
    if (this.#find(at) === null) return fail(notFound(`the moment of event ${at} is not pinned`));
    this.#options.transact(() => {
      this.#options.sql.exec("DELETE FROM pins WHERE seq = ?", at);
      return [{ source: "project", type: "moment.unpinned", data: { at }, actor }];
    });
    return ok(null);
  }

  #find(at: number): Pin | null {
    const row = this.#options.sql.exec<PinRow>("SELECT * FROM pins WHERE seq = ?", at).toArray()[0];
    return row === undefined ? null : toPin(row);
  }

  #count(): number {
    return this.#options.sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM pins").one().count;
  }
}

function toPin(row: PinRow): Pin {
  const pinnedBy = { kind: row.actor_kind as ActorRef["kind"], id: row.actor_id };
  return { at: row.seq, name: row.name, pinnedBy, pinnedAt: row.pinned_at };
}
