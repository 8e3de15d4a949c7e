// Lets several actors take turns at the stores in an order that a seed decides, with a clock of its own.
import { vi } from "vitest";

const MAX_TURNS_OF_DELETE = 40;

export class Interleaving {
  readonly #random: () => number;
  readonly #waiting: (() => Promise<void>)[] = [];
  /** An object each: two requests that began at the same time have equal deadlines, and the second still holds its own. */
  readonly #deadlines = new Set<{ readonly at: number }>();
  #turnCount = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  get turnCount(): number {
    return this.#turnCount;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<Item>(items: readonly Item[], count: number): Item[] {
    return items
      .map((item) => ({ item, order: this.#random() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, count)
      .map(({ item }) => item);
  }

  /** Runs a request, which never takes longer than this by the clock of the test. */
  async within<Value>(maxMs: number, request: () => Promise<Value>): Promise<Value> {
    const deadline = { at: Date.now() + maxMs };
    this.#deadlines.add(deadline);
    try {
      return await request();
    } finally {
      this.#deadlines.delete(deadline);
    }
  }

  /** Does one thing at a store when it is this actor's turn. */
  turn<Value>(act: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(async () => {
        await act().then(resolve, reject);
      });
    });
  }

  /** Takes turns until all actors have ended; between turns the clock may move by up to `maxStepMs`. */
  async run(actors: readonly Promise<unknown>[], maxStepMs: number): Promise<void> {
    let isEnded = false;
    const ended = Promise.all(actors).finally(() => {
      isEnded = true;
    });
    while (!isEnded) {
      await scheduler.wait(0);
      const [chosen] = this.#waiting.splice(this.below(this.#waiting.length), 1);
      if (chosen === undefined) continue;
      this.#turnCount += 1;
      await chosen();
      if (this.below(3) === 0) this.#moveClock(this.below(maxStepMs));
    }
    await ended;
  }

  /** The same stores, where every access waits for its turn. */
  gate<Store extends Pick<Cloudflare.Env, "DB" | "BLOBS" | "PROJECTS">>(store: Store): Store {
    const originals = new WeakMap<object, D1PreparedStatement>();
    const gateStatement = (statement: D1PreparedStatement): D1PreparedStatement => {
      const gated = new Proxy(statement, {
        get: (target, name) => {
          const member = Reflect.get(target, name);
          if (name === "bind") return (...values: unknown[]) => gateStatement(target.bind(...values));
          if (typeof member !== "function") return member;
          return (...input: unknown[]) => this.turn(async () => await Reflect.apply(member, target, input));
        },
      });
      originals.set(gated, statement);
      return gated;
    };
    const database = new Proxy(store.DB, {
      get: (target, name) => {
        if (name === "prepare") return (sql: string) => gateStatement(target.prepare(sql));
        if (name !== "batch") return Reflect.get(target, name);
        return (statements: D1PreparedStatement[]) =>
          this.turn(() => target.batch(statements.map((statement) => originals.get(statement) ?? statement)));
      },
    });
    const projects = new Proxy(store.PROJECTS, {
      get: (target, name) =>
        name === "getByName"
          ? (id: string) => this.#gateMethods(target.getByName(id))
          : Reflect.get(target, name),
    });
    const bucket = this.#gateMethods(store.BLOBS);
    const slow = new Proxy(bucket, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name !== "delete") return member;
        // What a removal may be overtaken by is most of what can go wrong: much happens meanwhile.
        return async (keys: string[]) => {
          for (let left = this.below(MAX_TURNS_OF_DELETE); left > 0; left -= 1)
            await this.turn(async () => undefined);
          await target.delete(keys);
        };
      },
    });
    return { ...store, DB: database, BLOBS: slow, PROJECTS: projects };
  }

  #gateMethods<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get: (object, name) => {
        const member = Reflect.get(object, name);
        if (typeof member !== "function") return member;
        return (...input: unknown[]) => this.turn(async () => await Reflect.apply(member, object, input));
      },
    });
  }

  #moveClock(durationMs: number): void {
    const now = Date.now();
    const deadlines = [...this.#deadlines].map(({ at }) => at);
    vi.setSystemTime(Math.max(now, Math.min(now + durationMs, ...deadlines)));
  }
}

/** mulberry32: small, and the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
