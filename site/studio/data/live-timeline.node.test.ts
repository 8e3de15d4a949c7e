// The live timeline against a socket and pages that the test holds in its hand.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TimelinePage } from "../../../schemas/api/history.ts";
import type { ClientFrame, ServerFrame, TimelineEvent } from "../../../schemas/event.ts";
import type { Problem } from "../../../schemas/problem.ts";
import { LiveTimeline } from "./live-timeline.ts";
import { ApiProblem, Unreachable } from "./problem.ts";

/** The platform's side: a log, and the sockets that were opened. */
class FakePlatform {
  epoch = "one";
  events: TimelineEvent[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly asked: object[] = [];
  failure: unknown = null;

  append(count: number): TimelineEvent[] {
    const first = this.events.length + 1;
    const fresh = Array.from({ length: count }, (_, index) => ({ seq: first + index }) as TimelineEvent);
    this.events.push(...fresh);
    return fresh;
  }

  open(options: { newestCount?: number } = {}): LiveTimeline {
    return new LiveTimeline({
      ...options,
      readPage: async (query) => {
        this.asked.push(query);
        if (this.failure !== null) throw this.failure;
        return this.#page(query);
      },
      openSocket: () => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
    });
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }

  #page(query: Parameters<ConstructorParameters<typeof LiveTimeline>[0]["readPage"]>[0]): TimelinePage {
    const { since = 0, cursor, order = "asc", limit } = query;
    const items =
      order === "asc"
        ? this.events.filter(({ seq }) => seq > since).slice(0, limit)
        : this.events
            .filter(({ seq }) => cursor === undefined || seq < cursor)
            .toReversed()
            .slice(0, limit);
    return { items, nextCursor: null, lastSeq: this.events.length, epoch: this.epoch };
  }
}

class FakeSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  readonly sent: ClientFrame[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  accept(): void {
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  tell(frame: ServerFrame): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  drop(code: number, reason = ""): void {
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

let platform: FakePlatform;
let timeline: LiveTimeline;
let stop: () => void;
const settle = () => vi.advanceTimersByTimeAsync(0);
const seqs = () => timeline.events.value.map(({ seq }) => seq);

beforeEach(() => {
  vi.useFakeTimers();
  platform = new FakePlatform();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

async function connect(options: { newestCount?: number } = {}): Promise<void> {
  timeline = platform.open(options);
  stop = timeline.start();
  await settle();
  platform.socket.accept();
  platform.socket.tell({ type: "hello", epoch: platform.epoch, lastSeq: platform.events.length });
}

describe("connecting", () => {
  test("shows the newest events first, resumes from the last of them, and is live after hello", async () => {
    platform.append(5);
    await connect({ newestCount: 3 });
    expect(seqs()).toEqual([3, 4, 5]);
    expect(timeline.hasOlder.value).toBe(true);
    expect(platform.socket.sent[0]).toEqual({ type: "resume", since: 5, epoch: "one" });
    expect(timeline.state.value).toEqual({ kind: "live" });
  });

  test("what comes is appended in order and told once, also when it is sent twice", async () => {
    platform.append(2);
    await connect();
    const told: number[] = [];
    timeline.onEvents((events) => told.push(...events.map(({ seq }) => seq)));
    platform.socket.tell({ type: "events", events: platform.append(2) });
    platform.socket.tell({ type: "events", events: platform.events.slice(2) });
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(told).toEqual([3, 4]);
  });

  test("events are acknowledged within a second, and every 32 at once", async () => {
    await connect();
    platform.socket.tell({ type: "events", events: platform.append(1) });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(platform.socket.sent.at(-1)).toEqual({ type: "ack", seq: 1 });
    platform.socket.tell({ type: "events", events: platform.append(32) });
    expect(platform.socket.sent.at(-1)).toEqual({ type: "ack", seq: 33 });
  });

  test("a gap is closed by resuming from the last event that is here", async () => {
    platform.append(1);
    await connect();
    platform.append(3);
    platform.socket.tell({ type: "events", events: platform.events.slice(2) });
    expect(platform.socket.sent.at(-1)).toEqual({ type: "resume", since: 1, epoch: "one" });
    platform.socket.tell({ type: "hello", epoch: "one", lastSeq: 4 });
    expect(timeline.state.value).toEqual({ kind: "behind", byCount: 3 });
    platform.socket.tell({ type: "events", events: platform.events.slice(1) });
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(timeline.state.value).toEqual({ kind: "live" });
  });
});

describe("losing the connection", () => {
  test("is told, and what happened meanwhile comes by pages when it is back", async () => {
    platform.append(1);
    await connect();
    platform.failure = new Unreachable(null);
    platform.socket.drop(1006);
    expect(timeline.state.value.kind).toBe("offline");
    platform.append(700);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(timeline.state.value.kind).toBe("offline");
    platform.failure = null;
    timeline.retryNow();
    await settle();
    expect(seqs()).toEqual(Array.from({ length: 701 }, (_, index) => index + 1));
    platform.socket.accept();
    expect(platform.socket.sent[0]).toEqual({ type: "resume", since: 701, epoch: "one" });
    platform.socket.tell({ type: "hello", epoch: "one", lastSeq: 701 });
    expect(timeline.state.value).toEqual({ kind: "live" });
  });

  test("is tried again by itself, each time later, up to half a minute", async () => {
    await connect();
    platform.failure = new Unreachable(null);
    platform.socket.drop(1006);
    const waits: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const state = timeline.state.value;
      if (state.kind !== "offline") throw new Error(state.kind);
      const waitMs = state.retryAt - Date.now();
      waits.push(waitMs);
      await vi.advanceTimersByTimeAsync(waitMs);
    }
    expect(waits[0]).toBeLessThanOrEqual(300);
    expect(waits[0]).toBeGreaterThanOrEqual(150);
    expect(waits.at(-1)).toBeLessThanOrEqual(30_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(15_000);
  });

  test("a line that does not answer a probe is dropped", async () => {
    await connect();
    timeline.probe();
    expect(platform.socket.sent.at(-1)?.type).toBe("resume");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(timeline.state.value.kind).toBe("offline");
  });

  test("one that does is kept", async () => {
    await connect();
    timeline.probe();
    platform.socket.tell({ type: "hello", epoch: "one", lastSeq: 0 });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(timeline.state.value).toEqual({ kind: "live" });
    expect(platform.sockets).toHaveLength(1);
  });

  test("a browser that thinks it is offline is not believed while the platform answers", async () => {
    await connect();
    await timeline.checkReach();
    expect(timeline.state.value).toEqual({ kind: "live" });
    platform.failure = new Unreachable(null);
    await timeline.checkReach();
    expect(timeline.state.value.kind).toBe("offline");
  });

  test("told `behind`, it reads the pages and goes on live", async () => {
    await connect();
    platform.append(1_200);
    platform.socket.tell({ type: "behind", from: 0, pages: "" });
    await settle();
    expect(seqs()).toHaveLength(1_200);
    platform.socket.accept();
    platform.socket.tell({ type: "hello", epoch: "one", lastSeq: 1_200 });
    expect(timeline.state.value).toEqual({ kind: "live" });
  });

  test("a log that was made anew is shown from its own beginning, and all of it is news", async () => {
    platform.append(9);
    await connect();
    const told: number[] = [];
    timeline.onEvents((events) => told.push(...events.map(({ seq }) => seq)));
    platform.events = [];
    platform.epoch = "two";
    platform.append(2);
    platform.socket.drop(1006);
    await vi.advanceTimersByTimeAsync(300);
    expect(seqs()).toEqual([1, 2]);
    expect(told).toEqual([1, 2]);
    platform.socket.accept();
    expect(platform.socket.sent[0]).toEqual({ type: "resume", since: 2, epoch: "two" });
  });
});

describe("being refused", () => {
  test.each([4401, 4403] as const)("by close code %i is for good", async (code) => {
    await connect();
    platform.socket.drop(code, "not allowed any more");
    expect(timeline.state.value).toEqual({ kind: "refused", code, message: "not allowed any more" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(platform.sockets).toHaveLength(1);
  });

  test.each([
    [401, 4401],
    [403, 4403],
    [404, 4403],
  ])("by an answer of %i counts as %i", async (status, code) => {
    platform.failure = new ApiProblem({ status, detail: "No." } as Problem, null);
    timeline = platform.open();
    stop = timeline.start();
    await settle();
    expect(timeline.state.value).toEqual({ kind: "refused", code, message: "No." });
  });

  test("another failure of the platform is tried again", async () => {
    platform.failure = new ApiProblem({ status: 503, detail: "Not ready." } as Problem, null);
    timeline = platform.open();
    stop = timeline.start();
    await settle();
    expect(timeline.state.value).toMatchObject({ kind: "offline", reason: "Not ready." });
  });
});

test("older pages come before what is here, until the first event", async () => {
  platform.append(900);
  await connect({ newestCount: 100 });
  await timeline.loadOlder();
  expect(seqs()[0]).toBe(301);
  await timeline.loadOlder();
  expect(seqs()).toEqual(Array.from({ length: 900 }, (_, index) => index + 1));
  expect(timeline.hasOlder.value).toBe(false);
});
