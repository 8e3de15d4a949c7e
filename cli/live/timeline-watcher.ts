// Watches a project's timeline over the live protocol (ARCHITECTURE.md "Live timeline protocol"): every event once and
// in order, across lost connections, slow readers and gaps.

import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import type { ClientFrame, ServerFrame, TimelineEvent } from "../../schemas/event.ts";
import { apiPath, PlatformClient, ProblemError } from "../http/client.ts";
import { messageOf } from "../output/cli-error.ts";
import { readTimelinePage } from "./timeline-page.ts";

export type WatcherState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live"; readonly epoch: string; readonly lastSeq: number }
  /** Reading pages, because too much was missed for the socket. */
  | { readonly kind: "catching-up"; readonly since: number }
  | { readonly kind: "waiting"; readonly retryInMs: number; readonly reason: string }
  /** The log was made anew: events begin at 1 again. */
  | { readonly kind: "reset"; readonly epoch: string }
  | { readonly kind: "stopped"; readonly code: StopCode; readonly message: string };

export type StopCode = "stopped" | "sign-in-again" | "not-allowed" | "refused";

export type TimelineWatcherOptions = {
  /** Of the platform. */
  readonly url: string | URL;
  readonly token: string | null;
  /** Id or label. */
  readonly projectId: string;
  /** The last event that is already known; 0 to get all. */
  readonly since?: number | undefined;
  /** The log that `since` counts in, when it is known. */
  readonly epoch?: string | undefined;
  readonly onEvent: (event: TimelineEvent) => void;
  readonly onState?: ((state: WatcherState) => void) | undefined;
};

const ACK_EVERY_EVENTS = 32;
const ACK_EVERY_MS = 1_000;
/** A frame now and then, so that a connection that died in silence is noticed. */
const SILENCE_MS = 30_000;
const HELLO_TIMEOUT_MS = 15_000;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30_000;
/** After so many gaps in a row the pages decide what there is. */
const MAX_GAPS = 3;
const CLOSE_NORMAL = 1_000;

export class TimelineWatcher {
  readonly #options: TimelineWatcherOptions;
  readonly #client: PlatformClient;
  readonly #abort = new AbortController();
  readonly #ended = Promise.withResolvers<Extract<WatcherState, { kind: "stopped" }>>();
  #socket: WebSocket | null = null;
  #epoch: string | null;
  #lastSeq: number;
  #ackedSeq: number;
  #sentAt = 0;
  #attemptCount = 0;
  #gapCount = 0;
  /** Events that come before the answer to a resume are repeats or lie behind a gap. */
  #isAwaitingHello = false;
  #isStarted = false;
  #ackTimer: NodeJS.Timeout | null = null;
  #helloTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;

  constructor(options: TimelineWatcherOptions) {
    this.#options = options;
    this.#lastSeq = options.since ?? 0;
    this.#ackedSeq = this.#lastSeq;
    this.#epoch = options.epoch ?? null;
    this.#client = new PlatformClient({
      url: new URL(options.url),
      token: options.token,
      signal: this.#abort.signal,
    });
  }

  /** The seq of the last event that was handed on. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Resolves when watching has ended for good, with the reason. */
  get ended(): Promise<Extract<WatcherState, { kind: "stopped" }>> {
    return this.#ended.promise;
  }

  start(): void {
    if (this.#isStarted) throw new Error("a TimelineWatcher is started once");
    this.#isStarted = true;
    this.#ackTimer = setInterval(() => this.#keepAcked(), ACK_EVERY_MS);
    this.#connect();
  }

  /** Drops the connection as a broken line would; it is then made again. */
  cut(): void {
    if (this.#socket === null) return;
    this.#dropSocket();
    this.#retry("the connection was cut");
  }

  stop(): void {
    this.#end("stopped", "stopped");
  }

  #connect(): void {
    this.#say({ kind: "connecting" });
    const url = new URL(apiPath("projects", this.#options.projectId, "timeline", "live"), this.#client.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = openSocket(url, this.#options.token);
    this.#socket = socket;
    let isOpen = false;
    this.#helloTimer = setTimeout(() => this.#lost("no answer in time"), HELLO_TIMEOUT_MS);
    socket.addEventListener("open", () => {
      isOpen = true;
      if (socket === this.#socket) this.#resume();
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (socket === this.#socket) this.#closed(code, reason, isOpen);
    });
    // The close that follows every error says what is to be done.
    socket.addEventListener("error", () => {});
  }

  #receive(data: unknown): void {
    const frame = parseFrame(data);
    if (frame === null) return;
    switch (frame.type) {
      case "hello":
        this.#welcome(frame.epoch, frame.lastSeq);
        break;
      case "events":
        this.#takeEvents(frame.events);
        break;
      case "behind":
        void this.#catchUp();
        break;
    }
  }

  #welcome(epoch: string, lastSeq: number): void {
    if (this.#helloTimer !== null) clearTimeout(this.#helloTimer);
    this.#attemptCount = 0;
    if (this.#epoch !== null && this.#epoch !== epoch) {
      this.#lastSeq = 0;
      this.#ackedSeq = 0;
      this.#epoch = epoch;
      this.#say({ kind: "reset", epoch });
      this.#resume();
      return;
    }
    this.#epoch = epoch;
    this.#isAwaitingHello = false;
    this.#say({ kind: "live", epoch, lastSeq });
  }

  #takeEvents(events: readonly TimelineEvent[]): void {
    if (this.#isAwaitingHello) return;
    const socket = this.#socket;
    for (const event of events) {
      if (event.seq <= this.#lastSeq) continue;
      if (event.seq > this.#lastSeq + 1) {
        this.#closeGap();
        return;
      }
      this.#deliver(event);
      // Whoever takes an event may stop or cut.
      if (socket !== this.#socket) return;
    }
    if (this.#lastSeq - this.#ackedSeq >= ACK_EVERY_EVENTS) this.#sendAck();
  }

  #deliver(event: TimelineEvent): void {
    this.#lastSeq = event.seq;
    this.#gapCount = 0;
    this.#options.onEvent(event);
  }

  #closeGap(): void {
    this.#gapCount++;
    if (this.#gapCount > MAX_GAPS) void this.#catchUp();
    else this.#resume();
  }

  /** Reads pages up to the end of the log, then goes on live from there. */
  async #catchUp(): Promise<void> {
    const socket = this.#socket;
    this.#isAwaitingHello = true;
    this.#say({ kind: "catching-up", since: this.#lastSeq });
    try {
      for (;;) {
        const page = await readTimelinePage(this.#client, this.#options.projectId, this.#lastSeq);
        if (socket !== this.#socket) return;
        const newer = page.items.filter(({ seq }) => seq > this.#lastSeq);
        for (const event of newer) {
          this.#deliver(event);
          if (socket !== this.#socket) return;
        }
        if (newer.length === 0 || this.#lastSeq >= page.lastSeq) break;
      }
      this.#sendAck();
      this.#resume();
    } catch (error) {
      if (socket === this.#socket) this.#lost(messageOf(error));
    }
  }

  #resume(): void {
    this.#isAwaitingHello = true;
    this.#send({ type: "resume", since: this.#lastSeq, epoch: this.#epoch });
  }

  #keepAcked(): void {
    if (this.#lastSeq !== this.#ackedSeq || Date.now() - this.#sentAt > SILENCE_MS) this.#sendAck();
  }

  #sendAck(): void {
    if (this.#lastSeq === 0) return;
    this.#ackedSeq = this.#lastSeq;
    this.#send({ type: "ack", seq: this.#lastSeq });
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#sentAt = Date.now();
    this.#socket.send(JSON.stringify(frame));
  }

  #closed(code: number, reason: string, wasOpen: boolean): void {
    this.#dropSocket();
    if (code === CLOSE_SIGN_IN_AGAIN) this.#end("sign-in-again", reason || "the token is no longer valid");
    else if (code === CLOSE_NOT_ALLOWED)
      this.#end("not-allowed", reason || "this token may not watch the project");
    else if (wasOpen) this.#retry(reason || `the connection was lost (${code})`);
    else void this.#askWhy();
  }

  /** A refused upgrade tells a WebSocket nothing; a plain request is told the reason. */
  async #askWhy(): Promise<void> {
    try {
      await readTimelinePage(this.#client, this.#options.projectId, this.#lastSeq, 1);
      this.#retry("the live connection was refused");
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const status = error instanceof ProblemError ? error.status : 0;
      if (status === 401) this.#end("sign-in-again", messageOf(error));
      else if (status === 403 || status === 404) this.#end("not-allowed", messageOf(error));
      else if (status >= 400 && status < 500 && status !== 429) this.#end("refused", messageOf(error));
      else this.#retry(messageOf(error));
    }
  }

  #lost(reason: string): void {
    this.#dropSocket();
    this.#retry(reason);
  }

  #retry(reason: string): void {
    if (this.#abort.signal.aborted) return;
    const fullDelayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.#attemptCount, 10));
    this.#attemptCount++;
    // Spread out, so that all who were cut off together do not come back together.
    const retryInMs = Math.round(fullDelayMs * (0.5 + Math.random() / 2));
    this.#say({ kind: "waiting", retryInMs, reason });
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#connect(), retryInMs);
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (this.#helloTimer !== null) clearTimeout(this.#helloTimer);
    socket?.close(CLOSE_NORMAL);
  }

  #end(code: StopCode, message: string): void {
    if (this.#abort.signal.aborted) return;
    this.#sendAck();
    this.#abort.abort();
    this.#dropSocket();
    if (this.#ackTimer !== null) clearInterval(this.#ackTimer);
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    const state = { kind: "stopped", code, message } as const;
    this.#say(state);
    this.#ended.resolve(state);
  }

  #say(state: WatcherState): void {
    this.#options.onState?.(state);
  }
}

/** Node's WebSocket takes headers, which the browsers' type does not know of. */
function openSocket(url: URL, token: string | null): WebSocket {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return Reflect.construct(WebSocket, [url, { headers }]) as WebSocket;
}

/** Null for what this version does not know; the shape of what it knows is the platform's word. */
function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const parsed: unknown = JSON.parse(data);
    const type = typeof parsed === "object" && parsed !== null && "type" in parsed ? parsed.type : null;
    return type === "hello" || type === "events" || type === "behind" ? (parsed as ServerFrame) : null;
  } catch {
    return null;
  }
}
