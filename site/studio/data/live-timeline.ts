// A project's timeline in the browser: the newest events, then live (docs/live-timeline.md). Every event comes once and in
// order, across sleep, lost networks and slow moments; what it knows of itself is told by `state`.
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { TimelinePage } from "../../../schemas/api/history.ts";
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../../schemas/close-codes.ts";
import type { ClientFrame, ServerFrame, TimelineEvent } from "../../../schemas/event.ts";
import { ApiProblem, sayError } from "./problem.ts";
import { nextRetryMs } from "./retry-delay.ts";

export type LiveState =
  | { readonly kind: "connecting" }
  /** All that has happened is here. */
  | { readonly kind: "live" }
  /** So many events are known of and not here yet. */
  | { readonly kind: "behind"; readonly byCount: number }
  | { readonly kind: "offline"; readonly retryAt: number; readonly reason: string }
  /** For good: sign in again (4401), or no right to look (4403). */
  | { readonly kind: "refused"; readonly code: 4401 | 4403; readonly message: string };

export type LiveTimelineOptions = {
  readonly readPage: (query: {
    readonly since?: number;
    readonly cursor?: number;
    readonly order?: "asc" | "desc";
    readonly limit: number;
  }) => Promise<TimelinePage>;
  readonly openSocket: () => WebSocket;
  /** What the first look brings; the rest comes by loadOlder(). */
  readonly newestCount?: number;
};

/** The first look of every timeline. */
export const NEWEST_QUERY = { order: "desc", limit: 100 } as const;
const PAGE_EVENTS = 500;
/** Kept in the browser; the oldest give way. Far above what a person scrolls through. */
const MAX_KEPT_EVENTS = 100_000;
const ACK_EVERY_EVENTS = 32;
const ACK_EVERY_MS = 1_000;
/** So often a silent line is asked whether it still lives, while the page is looked at. */
const PROBE_EVERY_MS = 45_000;
const HELLO_TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;
/** A connection that held so long was a good one: the next delay begins small again. */
const STEADY_MS = 10_000;
const CLOSE_NORMAL = 1_000;

export class LiveTimeline {
  readonly #options: LiveTimelineOptions;
  readonly #state = signal<LiveState>({ kind: "connecting" });
  readonly #events: Signal<readonly TimelineEvent[]> = signal([]);
  readonly #hasOlder = signal(false);
  readonly #isLoaded = signal(false);
  readonly #listeners = new Set<(events: readonly TimelineEvent[]) => void>();
  #epoch: string | null = null;
  /** Null until the first look. */
  #lastSeq: number | null = null;
  #ackedSeq = 0;
  #socket: WebSocket | null = null;
  /** Counts connections: whatever belongs to an older one is not listened to any more. */
  #round = 0;
  #isAwaitingHello = false;
  #attemptCount = 0;
  #connectedAt = 0;
  #heardAt = 0;
  #retryTimer: Timer | null = null;
  #helloTimer: Timer | null = null;
  #beatTimer: Timer | null = null;
  #older: Promise<void> | null = null;

  constructor(options: LiveTimelineOptions) {
    this.#options = options;
  }

  get state(): ReadonlySignal<LiveState> {
    return this.#state;
  }

  /** Without a gap, the newest last. */
  get events(): ReadonlySignal<readonly TimelineEvent[]> {
    return this.#events;
  }

  /** Whether the first look has come. */
  get isLoaded(): ReadonlySignal<boolean> {
    return this.#isLoaded;
  }

  /** Whether the log began before the first of `events`. */
  get hasOlder(): ReadonlySignal<boolean> {
    return this.#hasOlder;
  }

  /** Told of what comes from now on, in order; gives what ends it. */
  onEvents(listener: (events: readonly TimelineEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects; gives what stops it. */
  start(): () => void {
    this.#beatTimer = setInterval(() => this.#beat(), ACK_EVERY_MS);
    void this.#connect();
    return () => {
      this.#drop();
      if (this.#beatTimer !== null) clearInterval(this.#beatTimer);
      if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    };
  }

  /** At once instead of when the time has come: the network is back, the page is looked at again, somebody asks. */
  retryNow(): void {
    if (this.#state.value.kind !== "offline") return;
    this.#attemptCount = 0;
    void this.#connect();
  }

  /** Asks the line whether it lives; one that does not answer is made anew. */
  probe(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || this.#isAwaitingHello) return;
    this.#resume(PROBE_TIMEOUT_MS);
  }

  /** Asks the platform by another way; for when the browser says that the network is gone, which may be wrong. */
  async checkReach(): Promise<void> {
    const round = this.#round;
    if (this.#socket === null || this.#lastSeq === null) return;
    try {
      await this.#options.readPage({ since: this.#lastSeq, limit: 1 });
    } catch (error) {
      if (round === this.#round && !(error instanceof ApiProblem)) this.#lost(sayError(error));
    }
  }

  /** Brings the page before the first of `events`. */
  loadOlder(): Promise<void> {
    this.#older ??= this.#readOlder().finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  async #readOlder(): Promise<void> {
    const first = this.#events.value[0];
    const epoch = this.#epoch;
    if (first === undefined || !this.#hasOlder.value) return;
    const page = await this.#options.readPage({ cursor: first.seq, order: "desc", limit: PAGE_EVENTS });
    if (epoch !== this.#epoch || this.#events.value[0]?.seq !== first.seq) return;
    const older = page.items.toReversed();
    batch(() => {
      this.#events.value = [...older, ...this.#events.value];
      this.#hasOlder.value = (older[0]?.seq ?? 1) > 1 && this.#events.value.length < MAX_KEPT_EVENTS;
    });
  }

  /** First the pages, which also say why when something is refused; then the socket. */
  async #connect(): Promise<void> {
    this.#drop();
    const round = ++this.#round;
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    if (this.#lastSeq === null) this.#state.value = { kind: "connecting" };
    try {
      if (this.#lastSeq === null) await this.#readNewest(round);
      else await this.#catchUp(round);
    } catch (error) {
      if (round === this.#round) this.#failed(error);
      return;
    }
    if (round !== this.#round) return;
    this.#openSocket(round);
  }

  async #readNewest(round: number): Promise<void> {
    const limit = this.#options.newestCount ?? NEWEST_QUERY.limit;
    const page = await this.#options.readPage({ ...NEWEST_QUERY, limit });
    if (round !== this.#round) return;
    const isFirst = this.#epoch === null;
    const events = page.items.toReversed();
    this.#epoch = page.epoch;
    this.#lastSeq = events.at(-1)?.seq ?? 0;
    this.#ackedSeq = this.#lastSeq;
    batch(() => {
      this.#events.value = events;
      this.#hasOlder.value = (events[0]?.seq ?? 1) > 1;
      this.#isLoaded.value = true;
    });
    // Of a log that was made anew all is news.
    if (!isFirst) for (const listener of this.#listeners) listener(events);
  }

  /** Reads pages up to the end of the log. */
  async #catchUp(round: number): Promise<void> {
    for (;;) {
      const since = this.#lastSeq ?? 0;
      const page = await this.#options.readPage({ since, limit: PAGE_EVENTS });
      if (round !== this.#round) return;
      if (page.epoch !== this.#epoch) return await this.#readNewest(round);
      this.#take(page.items);
      const byCount = page.lastSeq - (this.#lastSeq ?? 0);
      if (byCount <= 0 || page.items.length === 0) return;
      this.#state.value = { kind: "behind", byCount };
    }
  }

  #openSocket(round: number): void {
    const socket = this.#options.openSocket();
    this.#socket = socket;
    this.#awaitHello(HELLO_TIMEOUT_MS);
    socket.addEventListener("open", () => {
      if (round === this.#round) this.#resume(HELLO_TIMEOUT_MS);
    });
    socket.addEventListener("message", ({ data }) => {
      if (round === this.#round) this.#receive(data, round);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (round === this.#round) this.#closed(code, reason);
    });
  }

  #receive(data: unknown, round: number): void {
    this.#heardAt = Date.now();
    const frame = parseFrame(data);
    if (frame === null) return;
    switch (frame.type) {
      case "hello":
        this.#welcome(frame.epoch, frame.lastSeq);
        break;
      case "events":
        if (!this.#isAwaitingHello && !this.#take(frame.events)) this.#resume(HELLO_TIMEOUT_MS);
        break;
      case "behind":
        // Too much for the socket: the pages have it, and then a new connection goes on from there.
        if (round === this.#round) void this.#connect();
        break;
    }
  }

  #welcome(epoch: string, lastSeq: number): void {
    this.#stopAwaitingHello();
    if (epoch !== this.#epoch) {
      // The log was made anew: nothing of the old one is true any more.
      this.#lastSeq = null;
      void this.#connect();
      return;
    }
    this.#connectedAt = Date.now();
    this.#settle(lastSeq);
  }

  /** Live when all is here that the platform has told of. */
  #settle(toldSeq: number): void {
    const byCount = toldSeq - (this.#lastSeq ?? 0);
    this.#state.value = byCount > 0 ? { kind: "behind", byCount } : { kind: "live" };
  }

  /** Keeps what is new; false when something before it is missing. */
  #take(events: readonly TimelineEvent[]): boolean {
    const lastSeq = this.#lastSeq ?? 0;
    const fresh = events.filter((event) => event.seq > lastSeq);
    const first = fresh[0];
    const last = fresh.at(-1);
    if (first === undefined || last === undefined) return true;
    if (first.seq !== lastSeq + 1) return false;
    this.#lastSeq = last.seq;
    const kept = [...this.#events.value, ...fresh];
    batch(() => {
      this.#events.value = kept.length > MAX_KEPT_EVENTS ? kept.slice(-MAX_KEPT_EVENTS) : kept;
      const state = this.#state.value;
      if (state.kind === "behind") this.#settle(lastSeq + state.byCount);
    });
    for (const listener of this.#listeners) listener(fresh);
    if (last.seq - this.#ackedSeq >= ACK_EVERY_EVENTS) this.#acknowledge();
    return true;
  }

  #beat(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if ((this.#lastSeq ?? 0) > this.#ackedSeq) this.#acknowledge();
    const isSilent = Date.now() - this.#heardAt > PROBE_EVERY_MS;
    if (isSilent && globalThis.document?.visibilityState !== "hidden") this.probe();
  }

  #resume(timeoutMs: number): void {
    this.#awaitHello(timeoutMs);
    this.#send({ type: "resume", since: this.#lastSeq ?? 0, epoch: this.#epoch });
  }

  #acknowledge(): void {
    this.#ackedSeq = this.#lastSeq ?? 0;
    this.#send({ type: "ack", seq: this.#ackedSeq });
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #awaitHello(timeoutMs: number): void {
    this.#stopAwaitingHello();
    this.#isAwaitingHello = true;
    this.#helloTimer = setTimeout(() => this.#lost("The platform does not answer."), timeoutMs);
  }

  #stopAwaitingHello(): void {
    this.#isAwaitingHello = false;
    if (this.#helloTimer !== null) clearTimeout(this.#helloTimer);
  }

  #closed(code: number, reason: string): void {
    if (code === CLOSE_SIGN_IN_AGAIN || code === CLOSE_NOT_ALLOWED) this.#refuse(code, reason);
    else this.#lost("The connection was lost.");
  }

  #failed(error: unknown): void {
    if (!(error instanceof ApiProblem)) this.#lost(sayError(error));
    else if (error.status === 401) this.#refuse(CLOSE_SIGN_IN_AGAIN, error.message);
    else if (error.status === 403 || error.status === 404) this.#refuse(CLOSE_NOT_ALLOWED, error.message);
    else {
      // `since` may count in a log that is no more.
      if (error.code === "validation") this.#lastSeq = null;
      this.#lost(error.message);
    }
  }

  #refuse(code: 4401 | 4403, message: string): void {
    this.#drop();
    this.#state.value = { kind: "refused", code, message };
  }

  #lost(reason: string): void {
    this.#drop();
    if (this.#connectedAt > 0 && Date.now() - this.#connectedAt > STEADY_MS) this.#attemptCount = 0;
    this.#connectedAt = 0;
    const delayMs = nextRetryMs(this.#attemptCount++, Math.random());
    this.#state.value = { kind: "offline", retryAt: Date.now() + delayMs, reason };
    this.#retryTimer = setTimeout(() => void this.#connect(), delayMs);
  }

  #drop(): void {
    this.#round += 1;
    this.#stopAwaitingHello();
    this.#socket?.close(CLOSE_NORMAL);
    this.#socket = null;
  }
}

type Timer = ReturnType<typeof setTimeout>;

/** Null for what this version does not know; the shape of what it knows is the platform's word. */
function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  const frame: unknown = JSON.parse(data);
  const type = typeof frame === "object" && frame !== null && "type" in frame ? frame.type : null;
  return type === "hello" || type === "events" || type === "behind" ? (frame as ServerFrame) : null;
}
