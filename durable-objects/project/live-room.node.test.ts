import { expect, test } from "vitest";
import type { TimelineEvent } from "../../schemas/event.ts";
import { LiveRoom } from "./live-room.ts";

type Frame = { readonly type: string; readonly events?: readonly TimelineEvent[] };

/** A timeline of so many events, and a socket that had resumed before the object slept. */
function makeRoom(count: number, state: { isResumed: true } | null = { isResumed: true }) {
  const events = Array.from({ length: count }, (_, index) => ({ seq: index + 1 }) as TimelineEvent);
  const frames: Frame[] = [];
  const connection = {
    id: "one",
    state,
    setState(next: { isResumed: true } | null) {
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
  });
  const append = (seq: number) => {
    const event = { seq } as TimelineEvent;
    events.push(event);
    return event;
  };
  return { room, frames, append, connection };
}

test("a socket that outlived hibernation is told of the very event that woke the object", () => {
  const { room, frames, append } = makeRoom(5);
  room.publish([append(6)]);
  expect(frames).toEqual([{ type: "events", events: [{ seq: 6 }] }]);
});

test("and of all of them when several events woke it together", () => {
  const { room, frames, append } = makeRoom(5);
  room.publish([append(6), append(7)]);
  expect(frames.flatMap((frame) => frame.events ?? []).map((event) => event.seq)).toEqual([6, 7]);
});

test("a socket that is told `behind` counts as not resumed, also after hibernation, until it resumes", () => {
  const awake = makeRoom(1_001, null);
  awake.room.receive(awake.connection as never, '{"type":"resume","since":0}');
  expect(awake.frames.map((frame) => frame.type)).toEqual(["hello", "behind"]);
  expect(awake.connection.state).toBeNull();

  const woken = makeRoom(1_001, awake.connection.state);
  woken.room.publish([woken.append(1_002)]);
  expect(woken.frames).toEqual([]);
  woken.room.receive(woken.connection as never, '{"type":"resume","since":1001}');
  expect(woken.connection.state).toEqual({ isResumed: true });
  expect(woken.frames.flatMap((frame) => frame.events ?? []).map((event) => event.seq)).toEqual([1_002]);
});
