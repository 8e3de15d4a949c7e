import { expect, test, vi } from "vitest";
import type { TimelineEvent } from "../../schemas/event.ts";
import { LiveRoom, MAX_RESUME_EVENTS, type WatcherState, WINDOW_EVENTS } from "./live-room.ts";

type Frame = { readonly type: string; readonly events?: readonly TimelineEvent[] };

type State = WatcherState;
const RESUMED: State = { login: { kind: "token", id: "tok_one" }, until: null, isResumed: true };
const JOINED: State = { ...RESUMED, isResumed: false };

/** A timeline of so many events, and a socket that had resumed before the object slept. */
function makeRoom(
  count: number,
  state: State = RESUMED,
  stored: () => Promise<void> = async () => undefined,
) {
  const events = Array.from({ length: count }, (_, index) => ({ seq: index + 1 }) as TimelineEvent);
  const frames: Frame[] = [];
  const connection = {
    id: "one",
    state,
    setState(next: State) {
      this.state = next;
    },
    send: (text: string) => frames.push(JSON.parse(text)),
  };
  const room = new LiveRoom({
    projectId: "prj_test",
    epoch: "epoch",
    timeline: {
      end: () => ({ seq: events.length, hash: "" }),
      page: ({ since, limit }: { since: number; limit: number }) => events.slice(since, since + limit),
    } as never,
    connections: () => [connection] as never,
    stored,
  });
  const append = (seq: number) => {
    const event = { seq } as TimelineEvent;
    events.push(event);
    return event;
  };
  return { room, frames, append, connection };
}

test("a socket that outlived hibernation is told of the very event that woke the object", async () => {
  const { room, frames, append } = makeRoom(5);
  room.publish([append(6)]);
  await Promise.resolve();
  expect(frames).toEqual([{ type: "events", events: [{ seq: 6 }] }]);
});

test("and of all of them when several events woke it together", async () => {
  const { room, frames, append } = makeRoom(5);
  room.publish([append(6), append(7)]);
  await Promise.resolve();
  expect(frames.flatMap((frame) => frame.events ?? []).map((event) => event.seq)).toEqual([6, 7]);
});

test("a socket that is told `behind` counts as not resumed, also after hibernation, until it resumes", async () => {
  const awake = makeRoom(MAX_RESUME_EVENTS + 1, JOINED);
  awake.room.receive(awake.connection as never, '{"type":"resume","since":0}');
  expect(awake.frames.map((frame) => frame.type)).toEqual(["hello", "behind"]);
  expect(awake.connection.state).toEqual(JOINED);

  const woken = makeRoom(MAX_RESUME_EVENTS + 1, awake.connection.state);
  woken.room.publish([woken.append(MAX_RESUME_EVENTS + 2)]);
  await Promise.resolve();
  expect(woken.frames).toEqual([]);
  woken.room.receive(woken.connection as never, `{"type":"resume","since":${MAX_RESUME_EVENTS + 1}}`);
  expect(woken.connection.state).toEqual(RESUMED);
  expect(woken.frames.flatMap((frame) => frame.events ?? []).map((event) => event.seq)).toEqual([
    MAX_RESUME_EVENTS + 2,
  ]);
});

test("exactly as many missed events as may be sent at once are sent", () => {
  const { room, frames, connection } = makeRoom(MAX_RESUME_EVENTS, JOINED);
  room.receive(connection as never, '{"type":"resume","since":0}');
  expect(frames[0]).toEqual({ type: "hello", epoch: "epoch", lastSeq: MAX_RESUME_EVENTS });
  const seqs = frames.flatMap((frame) => frame.events ?? []).map((event) => event.seq);
  expect(seqs).toEqual(Array.from({ length: MAX_RESUME_EVENTS }, (_, index) => index + 1));
});

test("a watcher that never acknowledges is told `behind` past the window; one that does is told everything", async () => {
  const silent = makeRoom(0);
  const diligent = makeRoom(0);
  const frameEvents = 100;
  const publish = async ({ room, append }: ReturnType<typeof makeRoom>, first: number) => {
    room.publish(Array.from({ length: frameEvents }, (_, index) => append(first + index)));
    await vi.advanceTimersByTimeAsync(100);
  };
  vi.useFakeTimers();
  try {
    const lastSeq = 50 * frameEvents;
    for (let first = 1; first <= lastSeq; first += frameEvents) {
      await publish(silent, first);
      await publish(diligent, first);
      const ack = JSON.stringify({ type: "ack", seq: first + frameEvents - 1 });
      diligent.room.receive(diligent.connection as never, ack);
    }
    const within = Math.floor(WINDOW_EVENTS / frameEvents) * frameEvents;
    expect(silent.frames.at(-1)).toMatchObject({ type: "behind", from: within });
    expect(seqsOf(silent.frames)).toHaveLength(within);
    expect(seqsOf(diligent.frames)).toHaveLength(lastSeq);
    // An acknowledgement of what was never sent opens no window.
    silent.room.receive(silent.connection as never, JSON.stringify({ type: "ack", seq: lastSeq }));
    await publish(silent, lastSeq + 1);
    expect(seqsOf(silent.frames)).toHaveLength(within);
  } finally {
    vi.useRealTimers();
  }
});

test("a stream that is opened while events wait to be told gets each of them once", async () => {
  const disk = Promise.withResolvers<void>();
  const { room, append } = makeRoom(3, JOINED, () => disk.promise);
  room.publish([append(4)]);
  room.publish([append(5)]);
  const reader = room.openStream(0, JOINED.login).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("id: 5")) text += (await reader.read()).value ?? "";
  await new Promise((resolve) => setTimeout(resolve, 0));
  disk.resolve();
  room.publish([append(6)]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  room.publish([append(7)]);
  while (!text.includes("id: 7")) text += (await reader.read()).value ?? "";
  await reader.cancel();
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
  expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

function seqsOf(frames: readonly Frame[]): number[] {
  return frames.flatMap((frame) => frame.events ?? []).map((event) => event.seq);
}
