// The queue's total order (MESH.md M2): time, then the order of entry.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawSeed } from "../../test/random/seeded-random.ts";
import { EventQueue } from "./event-queue.ts";
import { MESH_LIMITS } from "./mesh-limits.ts";

describe("[M2] the event queue", () => {
  it("gives events by time, and those of one time in the order in which they came", () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 300 });
    fc.assert(
      fc.property(times, (all) => {
        const queue = new EventQueue();
        all.forEach((time, index) => {
          queue.add(time, "packet", 0, 0).item = index;
        });
        const expected = all
          .map((time, index) => ({ time, index }))
          .sort((one, other) => one.time - other.time || one.index - other.index);
        expect(expected.map(() => queue.take()?.item)).toEqual(expected.map(({ index }) => index));
        expect(queue.take()).toBeNull();
      }),
      { seed: drawSeed("event queue"), numRuns: 300 },
    );
  });

  it("uses entries again, and puts one that is postponed behind the others of its time", () => {
    const queue = new EventQueue();
    queue.add(1, "packet", 0, 0).item = 1;
    queue.add(5, "packet", 0, 0).item = 2;
    const first = queue.take();
    if (first === null) throw new Error("the queue is empty");
    queue.postpone(first, 5);
    expect(queue.take()?.item).toBe(2);
    expect(queue.take()?.item).toBe(1);
    queue.release(first);
    expect(queue.add(9, "heal", 3, 2)).toBe(first);
    expect(queue.take()).toMatchObject({ time: 9, kind: "heal", node: 3, incarnation: 2 });
  });

  it("says when it is full, and holds no more", () => {
    const queue = new EventQueue();
    for (let index = 0; index < MESH_LIMITS.queuedEvents; index++) queue.add(index, "packet", 0, 0);
    expect([queue.hasOverflowed, queue.size]).toEqual([false, MESH_LIMITS.queuedEvents]);
    queue.add(0, "packet", 0, 0);
    expect([queue.hasOverflowed, queue.size]).toEqual([true, MESH_LIMITS.queuedEvents]);
  });
});
