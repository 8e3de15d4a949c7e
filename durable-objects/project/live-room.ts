// Watchers of a timeline (ARCHITECTURE.md "Live timeline protocol"). An event is encoded once for all of them; a slow
// one is told that it is behind and pulls pages instead of filling our memory.
import type { Connection } from "partyserver";
import type { WatcherLogin } from "../../adapters/database/watchers.ts";
import { CLOSE_BAD_FRAME, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import { clientFrameSchema, type ServerFrame, type TimelineEvent } from "../../schemas/event.ts";
import type { TimelineStorage } from "./timeline-storage.ts";
import type { WatcherList, Watching } from "./watcher-access.ts";

/** How many events a watcher may leave unacknowledged (it acknowledges every 32). */
export const WINDOW_EVENTS = 2_048;
/** More than this many missed events are not sent at once: the watcher pulls pages. */
export const MAX_RESUME_EVENTS = 1_000;
const EVENTS_PER_FRAME = 200;
/** Events that come within this time of a frame share the next one: longer where a frame goes to many. */
const COALESCE_MS_MIN = 4;
const COALESCE_MS_PER_WATCHER = 0.1;
const COALESCE_MS_MAX = 100;
const MAX_CLIENT_FRAME_CHARACTERS = 1_024;
/** What a reader of a stream may leave unread. */
const MAX_STREAM_BYTES = 1_048_576;
const STREAM_HEARTBEAT_MS = 15_000;

/** Kept with the socket, so that it outlives hibernation. */
export type WatcherState = Watching & { readonly isResumed: boolean };

type Watcher = {
  readonly connection: Connection<WatcherState>;
  sentSeq: number;
  ackedSeq: number;
  isBehind: boolean;
};

type EventStream = {
  readonly login: WatcherLogin;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  until: number | null;
  sentSeq: number;
  /** Whether it has read all there was, and is told what comes. */
  isLive: boolean;
};

export type LiveRoomOptions = {
  readonly projectId: string;
  readonly epoch: string;
  readonly timeline: TimelineStorage;
  readonly connections: () => Iterable<Connection<WatcherState>>;
  /** Resolves when all that was written before the call is on disk. */
  readonly stored: () => Promise<void>;
};

export class LiveRoom implements WatcherList {
  readonly #options: LiveRoomOptions;
  /** Only sockets that have resumed; rebuilt after hibernation. */
  #watchers: Map<string, Watcher> | null = null;
  readonly #streams = new Set<EventStream>();
  #pending: TimelineEvent[] = [];
  #isTelling = false;
  #heartbeat: ReturnType<typeof setInterval> | null = null;

  constructor(options: LiveRoomOptions) {
    this.#options = options;
  }

  /** Tells every watcher: as soon as it is stored when it is quiet, several events to a frame when they come fast. */
  publish(events: readonly TimelineEvent[]): void {
    this.#pending.push(...events);
    if (!this.#isTelling) void this.#tellPending();
  }

  /** From here on the socket counts as a watcher: a change of its rights ends it. */
  join(connection: Connection<WatcherState>, login: WatcherLogin): void {
    connection.setState({ login, until: null, isResumed: false });
  }

  receive(connection: Connection<WatcherState>, message: string | ArrayBuffer | ArrayBufferView): void {
    const frame = parseFrame(message);
    if (frame === null) {
      connection.close(CLOSE_BAD_FRAME, "send resume {since, epoch} or ack {seq} as JSON text");
      return;
    }
    if (frame.type === "resume") this.#resume(connection, frame.since, frame.epoch ?? null);
    else this.#acknowledge(connection, frame.seq);
  }

  forget(connection: Connection<WatcherState>): void {
    this.#loadWatchers().delete(connection.id);
  }

  /** Everyone who has joined, resumed or not, and every stream. */
  watching(): Watching[] {
    const sockets = [...this.#options.connections()].flatMap(({ state }) => (state === null ? [] : [state]));
    return [...sockets, ...this.#streams];
  }

  confirm(loginId: string, until: number | null): void {
    for (const connection of this.#options.connections()) {
      const { state } = connection;
      if (state?.login.id === loginId && state.until !== until) connection.setState({ ...state, until });
    }
    for (const stream of this.#streams) if (stream.login.id === loginId) stream.until = until;
  }

  drop(loginId: string, code: number): void {
    for (const connection of this.#options.connections()) {
      if (connection.state?.login.id !== loginId) continue;
      this.forget(connection);
      connection.close(code, code === CLOSE_SIGN_IN_AGAIN ? "sign in again" : "not allowed any more");
    }
    for (const stream of this.#streams) if (stream.login.id === loginId) this.#dropStream(stream);
  }

  /** The same log as server-sent events: `id:` is the seq, so that `Last-Event-ID` resumes. */
  openStream(since: number, login: WatcherLogin): ReadableStream<Uint8Array> {
    let stream: EventStream | null = null;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          stream = { login, controller, until: null, sentSeq: since, isLive: false };
          this.#streams.add(stream);
          controller.enqueue(encodeText("retry: 1000\n\n"));
        },
        // What was comes as fast as it is read; at its end the stream joins those that are told what comes.
        pull: () => {
          if (stream === null || stream.isLive) return;
          const events = this.#options.timeline.page({ since: stream.sentSeq, limit: EVENTS_PER_FRAME });
          const last = events.at(-1);
          if (last !== undefined) {
            stream.sentSeq = last.seq;
            stream.controller.enqueue(encodeServerSent(events));
            return;
          }
          stream.isLive = true;
          this.#heartbeat ??= setInterval(() => this.#beat(), STREAM_HEARTBEAT_MS);
        },
        cancel: () => {
          if (stream !== null) this.#dropStream(stream);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_STREAM_BYTES }),
    );
  }

  async #tellPending(): Promise<void> {
    this.#isTelling = true;
    try {
      while (this.#pending.length > 0) {
        // The runtime would hold back each frame to each watcher by itself until the event is stored, which costs more
        // than waiting once.
        await this.#options.stored();
        this.#flush();
        const watcherCount = this.#watchers?.size ?? 0;
        await wait(Math.min(COALESCE_MS_MIN + watcherCount * COALESCE_MS_PER_WATCHER, COALESCE_MS_MAX));
      }
    } finally {
      this.#isTelling = false;
    }
  }

  #flush(): void {
    // Before the pending events are taken: after hibernation they say where the watchers stand.
    const watchers = this.#loadWatchers();
    const events = this.#pending;
    this.#pending = [];
    const first = events[0];
    const last = events.at(-1);
    if (first === undefined || last === undefined) return;
    if (watchers.size > 0) {
      const frame = encodeFrame({ type: "events", events });
      for (const watcher of watchers.values()) this.#send(watcher, frame, first.seq, last.seq);
    }
    const streams = this.#liveStreams();
    if (streams.length === 0) return;
    const chunk = encodeServerSent(events);
    for (const stream of streams) {
      // What was pending while the stream read the log has been read from there.
      const isFresh = stream.sentSeq < first.seq;
      const fresh = isFresh ? events : events.filter((event) => event.seq > stream.sentSeq);
      if (fresh.length > 0) this.#sendToStream(stream, isFresh ? chunk : encodeServerSent(fresh));
      stream.sentSeq = Math.max(stream.sentSeq, last.seq);
    }
  }

  #send(watcher: Watcher, frame: string, firstSeq: number, lastSeq: number): void {
    if (watcher.isBehind || lastSeq <= watcher.sentSeq) return;
    // A gap can only come from a resume that raced this frame: the watcher catches up from where it stands.
    const isGap = firstSeq > watcher.sentSeq + 1;
    if (isGap || firstSeq <= watcher.sentSeq) {
      this.#sendMissed(watcher);
      return;
    }
    if (lastSeq - watcher.ackedSeq > WINDOW_EVENTS) {
      this.#sayBehind(watcher);
      return;
    }
    if (trySend(watcher.connection, frame)) watcher.sentSeq = lastSeq;
  }

  #resume(connection: Connection<WatcherState>, since: number, epoch: string | null): void {
    const { timeline } = this.#options;
    const lastSeq = timeline.end().seq;
    const isOtherLog = epoch !== null && epoch !== this.#options.epoch;
    if (!isOtherLog && since > lastSeq) {
      connection.close(CLOSE_BAD_FRAME, `since is ${since}, but the newest event is ${lastSeq}`);
      return;
    }
    const from = isOtherLog ? 0 : since;
    setResumed(connection, true);
    const watcher: Watcher = { connection, sentSeq: from, ackedSeq: from, isBehind: false };
    this.#loadWatchers().set(connection.id, watcher);
    if (!trySend(connection, encodeFrame({ type: "hello", epoch: this.#options.epoch, lastSeq }))) return;
    if (lastSeq - from > MAX_RESUME_EVENTS) this.#sayBehind(watcher);
    else this.#sendMissed(watcher);
  }

  #sendMissed(watcher: Watcher): void {
    for (;;) {
      const events = this.#options.timeline.page({ since: watcher.sentSeq, limit: EVENTS_PER_FRAME });
      const last = events.at(-1);
      if (last === undefined) return;
      if (!trySend(watcher.connection, encodeFrame({ type: "events", events }))) return;
      watcher.sentSeq = last.seq;
    }
  }

  #sayBehind(watcher: Watcher): void {
    watcher.isBehind = true;
    // After hibernation, too, it is sent nothing before it resumes.
    setResumed(watcher.connection, false);
    const pages = `/api/projects/${this.#options.projectId}/timeline`;
    trySend(watcher.connection, encodeFrame({ type: "behind", from: watcher.sentSeq, pages }));
  }

  #acknowledge(connection: Connection<WatcherState>, seq: number): void {
    const watcher = this.#loadWatchers().get(connection.id);
    if (watcher !== undefined && seq <= watcher.sentSeq) watcher.ackedSeq = Math.max(watcher.ackedSeq, seq);
  }

  /** After hibernation every socket that had resumed has been sent all there was: nothing happened since. */
  #loadWatchers(): Map<string, Watcher> {
    if (this.#watchers !== null) return this.#watchers;
    this.#watchers = new Map();
    const oldest = this.#pending[0];
    const sentSeq = oldest === undefined ? this.#options.timeline.end().seq : oldest.seq - 1;
    for (const connection of this.#options.connections()) {
      if (connection.state?.isResumed !== true) continue;
      this.#watchers.set(connection.id, { connection, sentSeq, ackedSeq: sentSeq, isBehind: false });
    }
    return this.#watchers;
  }

  #sendToStream(stream: EventStream, chunk: Uint8Array): void {
    // A reader that does not read is cut off; `Last-Event-ID` brings it back without a loss.
    if ((stream.controller.desiredSize ?? 0) <= 0) this.#dropStream(stream);
    else stream.controller.enqueue(chunk);
  }

  #beat(): void {
    for (const stream of this.#liveStreams()) this.#sendToStream(stream, encodeText(": still here\n\n"));
  }

  #liveStreams(): EventStream[] {
    return [...this.#streams].filter((stream) => stream.isLive);
  }

  #dropStream(stream: EventStream): void {
    if (!this.#streams.delete(stream)) return;
    try {
      stream.controller.close();
    } catch {
      // Cancelled by its reader: it is closed already.
    }
    if (this.#streams.size === 0 && this.#heartbeat !== null) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = null;
    }
  }
}

function setResumed(connection: Connection<WatcherState>, isResumed: boolean): void {
  const { state } = connection;
  if (state !== null && state.isResumed !== isResumed) connection.setState({ ...state, isResumed });
}

async function wait(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms));
}

function parseFrame(message: string | ArrayBuffer | ArrayBufferView) {
  if (typeof message !== "string" || message.length > MAX_CLIENT_FRAME_CHARACTERS) return null;
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return null;
  }
  return clientFrameSchema.safeParse(value).data ?? null;
}

/** Whether it was handed over; a socket that is closing takes nothing more. */
function trySend(connection: Connection<WatcherState>, frame: string): boolean {
  try {
    connection.send(frame);
    return true;
  } catch {
    return false;
  }
}

function encodeFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}

function encodeServerSent(events: readonly TimelineEvent[]): Uint8Array {
  return encodeText(events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
