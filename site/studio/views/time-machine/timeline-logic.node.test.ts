// The Time Machine's logic: columns, rows, windows, marks, axis, filter.
import { describe, expect, test } from "vitest";
import { arrangeRows, MAX_BRANCH_ROWS } from "./arrange-rows.ts";
import { deployedAt } from "./deployed-then.ts";
import { makeEvent, makeHistory } from "./event-fixture.ts";
import type { LaneName } from "./event-lane.ts";
import { filterEvents } from "./filter-events.ts";
import { firstIndexFrom, nearestSeq, visibleRange } from "./find-event.ts";
import { forEachJoined, MAX_JOINED } from "./joined-events.ts";
import { layoutMarks, MARK_COLUMN_PX, MarkBuffer, markAt } from "./layout-marks.ts";
import { stepByKey } from "./step-event.ts";
import { timeTicks } from "./time-ticks.ts";
import { TimelineModel } from "./timeline-model.ts";
import { isAtLiveEdge, panBy, reveal, wholeViewport, zoomBy } from "./viewport.ts";

const TEN_THOUSAND = 10_000;

function modelOf(events = makeHistory(TEN_THOUSAND)): TimelineModel {
  const model = new TimelineModel();
  model.sync(events);
  return model;
}

function layout(
  model: TimelineModel,
  viewport = wholeViewport(model, "even"),
  shown: Uint8Array | null = null,
) {
  const marks = new MarkBuffer();
  const rows = arrangeRows(model.laneNames);
  layoutMarks(model, { axis: "even", viewport, widthPx: 1_000, rows, shown }, marks);
  return { marks, rows };
}

function countOf(marks: MarkBuffer): number {
  return marks.size.subarray(0, marks.count).reduce((sum, size) => sum + size, 0);
}

describe("the columns of a history", () => {
  test("what grows at the end is appended; a past that comes in front is read anew, and both are the same", () => {
    const events = makeHistory(1_500);
    const grown = new TimelineModel();
    grown.sync(events.slice(600, 900));
    expect(grown.firstSeq).toBe(601);
    expect(grown.at(601)).toBe(events[600]);
    expect(grown.at(600)).toBeUndefined();
    grown.sync(events.slice(600, 1_400));
    grown.sync(events.slice(0, 1_400));
    grown.sync(events);
    const whole = modelOf(events);
    expect(grown.count).toBe(1_500);
    expect(grown.lastSeq).toBe(1_500);
    expect(grown.times.subarray(0, 1_500)).toEqual(whole.times.subarray(0, 1_500));
    expect(grown.sync(events)).toBe(false);
  });

  test("a log that was made anew replaces the old one", () => {
    const model = modelOf(makeHistory(50));
    model.sync([makeEvent({ seq: 1, type: "project.created" })]);
    expect(model.count).toBe(1);
    expect(model.laneNames).toEqual([{ kind: "source", name: "project" }]);
  });

  test("a clock that was set back does not fold the axis", () => {
    const model = modelOf([makeEvent({ seq: 1, ts: 5_000 }), makeEvent({ seq: 2, ts: 1_000 })]);
    expect([...model.times.subarray(0, 2)]).toEqual([5_000, 5_000]);
  });

  test("forks and restores are known with both of their ends", () => {
    const model = modelOf([
      makeEvent({ seq: 1, type: "commit.created", data: { branch: "main" } }),
      makeEvent({ seq: 2, type: "commit.created", data: { branch: "main" } }),
      makeEvent({ seq: 3, type: "branch.created", data: { branch: "idea", from: "main", at: 1 } }),
      makeEvent({ seq: 4, type: "branch.restored", data: { branch: "main", at: 1, restoredSeq: 1 } }),
    ]);
    const lane = (name: string) => model.laneNames.findIndex((known) => known.name === name);
    expect(model.forks).toEqual([{ lane: lane("idea"), parentLane: lane("main"), fromSeq: 1, seq: 3 }]);
    expect(model.jumps).toEqual([{ lane: lane("main"), fromSeq: 1, seq: 4 }]);
  });

  test("an erased event keeps its place", () => {
    const model = modelOf([makeEvent({ seq: 1, type: "commit.created", data: null })]);
    expect(model.laneNames).toEqual([{ kind: "source", name: "project" }]);
  });
});

describe("rows", () => {
  test("branches stand above the sources, main first", () => {
    const names: LaneName[] = [
      { kind: "source", name: "deploy" },
      { kind: "branch", name: "idea" },
      { kind: "branch", name: "main" },
      { kind: "source", name: "capsule" },
    ];
    const { rows, rowOf } = arrangeRows(names);
    expect(rows.map(({ name }) => name)).toEqual(["main", "idea", "capsule", "deploy"]);
    expect([...rowOf]).toEqual([3, 1, 0, 2]);
  });

  test("more branches than can be told apart share one row", () => {
    const names = Array.from({ length: 30 }, (_, index): LaneName => ({ kind: "branch", name: `b${index}` }));
    const { rows, rowOf } = arrangeRows(names);
    expect(rows).toHaveLength(MAX_BRANCH_ROWS);
    expect(rows.at(-1)?.name).toBe(`${30 - MAX_BRANCH_ROWS + 1} more branches`);
    expect(rowOf[29]).toBe(MAX_BRANCH_ROWS - 1);
  });
});

describe("finding events", () => {
  test("the window and the nearest event are what a walk through all of them finds", () => {
    const model = modelOf(makeHistory(700));
    for (let step = 0; step < 200; step++) {
      const position = (model.times[0] ?? 0) + step * 6_300_000;
      const walked = model.times.subarray(0, 700).findIndex((ts) => ts >= position);
      expect(firstIndexFrom(model, "clock", position)).toBe(walked === -1 ? 700 : walked);
      const distances = [...model.times.subarray(0, 700)].map((ts) => Math.abs(ts - position));
      const nearest = nearestSeq(model, "clock", position) - 1;
      expect(distances[nearest]).toBe(Math.min(...distances));
    }
    expect(visibleRange(model, "even", { start: 10, end: 20 })).toEqual([9, 19]);
    expect(nearestSeq(model, "even", -5)).toBe(1);
    expect(nearestSeq(model, "even", 99_999)).toBe(700);
    expect(nearestSeq(model, "even", 41.6)).toBe(42);
  });
});

describe("marks", () => {
  test("zoomed out, each event is in exactly one counted mark, and marks of a row do not stand in each other", () => {
    const { marks } = layout(modelOf());
    expect(countOf(marks)).toBe(TEN_THOUSAND);
    expect(marks.count).toBeLessThan(6 * (1_000 / MARK_COLUMN_PX + 3));
    const lastX = new Map<number, number>();
    for (let mark = 0; mark < marks.count; mark++) {
      const row = marks.row[mark] ?? 0;
      const x = marks.x[mark] ?? 0;
      expect(x - (lastX.get(row) ?? -100)).toBeGreaterThanOrEqual(MARK_COLUMN_PX / 2 - 1);
      lastX.set(row, x);
    }
  });

  test("zoomed in, each event stands alone, at its place, with its own shape and tone", () => {
    const model = modelOf();
    const { marks, rows } = layout(model, { start: 100, end: 120 });
    expect(Math.max(...marks.size.subarray(0, marks.count))).toBe(1);
    const commit = Array.from({ length: marks.count }, (_, mark) => mark).find(
      (mark) => rows.rows[marks.row[mark] ?? 0]?.name === "main",
    );
    const seq = marks.firstSeq[commit ?? 0] ?? 0;
    expect(model.at(seq)?.type).toBe("commit.created");
    expect(marks.x[commit ?? 0]).toBeCloseTo((seq - 100) * 50);
    expect(markAt(marks, (seq - 100) * 50 + 3, 0)).toEqual({ firstSeq: seq, lastSeq: seq, size: 1 });
    expect(markAt(marks, (seq - 100) * 50 + 30, 0)).toBeNull();
  });

  test("a mark keeps its events while one pans", () => {
    const model = modelOf();
    const groups = (start: number) => {
      const { marks } = layout(model, { start, end: start + 4_000 });
      const found = new Set<string>();
      for (let mark = 0; mark < marks.count; mark++) {
        const first = marks.firstSeq[mark] ?? 0;
        const last = marks.lastSeq[mark] ?? 0;
        if (first > 3_200 && last < 5_800) found.add(`${marks.row[mark]} ${first}–${last}`);
      }
      return found;
    };
    expect(groups(2_013)).toEqual(groups(2_501));
  });

  test("what failed is seen in a group, whatever stands around it", () => {
    const events = makeHistory(2_000).map((event) =>
      event.seq === 1_000
        ? makeEvent({ seq: 1_000, source: "deploy", type: "capsule.deploy.failed" })
        : event,
    );
    const { marks } = layout(modelOf(events));
    const bad = [...marks.tone.subarray(0, marks.count)].filter((tone) => tone === 3);
    expect(bad).toHaveLength(1);
  });

  test("a filter leaves out the rest", () => {
    const model = modelOf();
    const shown = filterEvents(model.events, { text: "", source: "mesh", type: null });
    const { marks, rows } = layout(model, undefined, shown);
    expect(countOf(marks)).toBe(TEN_THOUSAND / 5);
    expect(new Set([...marks.row.subarray(0, marks.count)].map((row) => rows.rows[row]?.name))).toEqual(
      new Set(["mesh"]),
    );
  });

  test("10,000 events are laid out in a few milliseconds, in memory that is there already", () => {
    const model = modelOf();
    const rows = arrangeRows(model.laneNames);
    const marks = new MarkBuffer();
    const whole = wholeViewport(model, "clock");
    const timesMs: number[] = [];
    for (let round = 0; round < 60; round++) {
      const startedAt = performance.now();
      layoutMarks(model, { axis: "clock", viewport: whole, widthPx: 1_400, rows, shown: null }, marks);
      timesMs.push(performance.now() - startedAt);
    }
    const medianMs = timesMs.toSorted((a, b) => a - b)[30] ?? Number.POSITIVE_INFINITY;
    expect(medianMs).toBeLessThan(4);
  });
});

describe("the viewport", () => {
  const model = modelOf();
  const whole = wholeViewport(model, "even");

  test("zooming keeps what is under the pointer where it is, and ends at both ends", () => {
    const zoomed = zoomBy(whole, 0.1, 5_000, { whole, axis: "even" });
    const share = (view: typeof whole) => (5_000 - view.start) / (view.end - view.start);
    expect(share(zoomed)).toBeCloseTo(share(whole));
    const out = zoomBy(zoomed, 1_000, 5_000, { whole, axis: "even" });
    expect(out.start).toBeCloseTo(whole.start);
    expect(out.end).toBeCloseTo(whole.end);
    const nearest = zoomBy(zoomed, 1e-9, 5_000, { whole, axis: "even" });
    expect(nearest.end - nearest.start).toBeCloseTo(8);
  });

  test("panning never leaves the history, and its right end is the live edge", () => {
    const zoomed = zoomBy(whole, 0.1, 5_000, { whole, axis: "even" });
    expect(isAtLiveEdge(zoomed, whole)).toBe(false);
    const right = panBy(zoomed, 1e9, whole);
    expect(right.end).toBeCloseTo(whole.end);
    expect(isAtLiveEdge(right, whole)).toBe(true);
    expect(panBy(zoomed, -1e9, whole).start).toBeCloseTo(whole.start);
  });

  test("a chosen event that is out of view comes into it, and one in view moves nothing", () => {
    const zoomed = zoomBy(whole, 0.1, 5_000, { whole, axis: "even" });
    expect(reveal(zoomed, 5_000, whole)).toBe(zoomed);
    const moved = reveal(zoomed, 9_000, whole);
    expect(moved.start).toBeLessThan(9_000);
    expect(moved.end).toBeGreaterThan(9_000);
  });

  test("a history of one event has a width", () => {
    const single = wholeViewport(modelOf([makeEvent({ seq: 1 })]), "clock");
    expect(single.end).toBeGreaterThan(single.start);
  });
});

describe("the axis", () => {
  test("ticks are round and do not run into each other", () => {
    const model = modelOf();
    for (const axis of ["even", "clock"] as const) {
      const viewport = wholeViewport(model, axis);
      const ticks = timeTicks(model, axis, viewport, 1_200);
      expect(ticks.length).toBeGreaterThan(2);
      expect(ticks.length).toBeLessThanOrEqual(1_200 / 110 + 1);
    }
    const even = timeTicks(model, "even", { start: 0, end: 1_000 }, 1_000);
    expect(even.map(({ position }) => position)).toEqual([200, 400, 600, 800, 1_000]);
    expect(even[0]?.ts).toBe(model.times[199]);
  });
});

describe("search", () => {
  test("finds by words of the line, by data, by number; nothing asked is no filter", () => {
    const events = [
      makeEvent({ seq: 1, type: "commit.created", data: { branch: "main", message: "Brighter Colours" } }),
      makeEvent({ seq: 2, type: "commit.created", data: { branch: "main", message: "fix" } }),
    ];
    const find = (text: string) => [...(filterEvents(events, { text, source: null, type: null }) ?? [])];
    expect(find("colours brighter")).toEqual([1, 0]);
    expect(find("#2")).toEqual([0, 1]);
    expect(find("nowhere")).toEqual([0, 0]);
    expect(filterEvents(events, { text: "  ", source: null, type: null })).toBeNull();
  });
});

describe("what was live then", () => {
  const activation = (seq: number, env: string, revision: number) =>
    makeEvent({
      seq,
      source: "deploy",
      type: "environment.activated",
      data: { env, revision, capsuleDigest: `sha256:${seq}` },
    });
  const events = [
    makeEvent({ seq: 1 }),
    activation(2, "dev", 1),
    activation(3, "dev", 2),
    activation(4, "prod", 1),
  ];

  test("the last activation before the moment counts", () => {
    const model = modelOf(events);
    expect(deployedAt(model, 2).get("dev")).toMatchObject({ kind: "live", seq: 2, revision: 1 });
    expect(deployedAt(model, 3).get("dev")).toMatchObject({ kind: "live", seq: 3, revision: 2 });
    expect(deployedAt(model, 3).get("prod")).toEqual({ kind: "nothing" });
  });

  test("nothing is claimed of a past that is not here", () => {
    const model = modelOf(events.slice(2));
    expect(deployedAt(model, 3).get("prod")).toEqual({ kind: "unknown" });
  });
});

describe("keys", () => {
  const model = modelOf(makeHistory(100));

  test("step from event to event, ten at a time, and to the ends", () => {
    expect(stepByKey("ArrowLeft", 50, model, null)).toBe(49);
    expect(stepByKey("ArrowRight", 100, model, null)).toBe(100);
    expect(stepByKey("PageUp", 95, model, null)).toBe(100);
    expect(stepByKey("Home", 50, model, null)).toBe(1);
    expect(stepByKey("x", 50, model, null)).toBeNull();
  });

  test("only what the filter shows is a stop", () => {
    const shown = filterEvents(model.events, { text: "", source: "mesh", type: null });
    const next = stepByKey("ArrowRight", 50, model, shown) ?? 0;
    expect(model.at(next)?.source).toBe("mesh");
    expect(next - 50).toBeLessThanOrEqual(5);
    expect(model.at(stepByKey("End", 50, model, shown) ?? 0)?.source).toBe("mesh");
  });
});

describe("lines between events", () => {
  const joined = Array.from({ length: 500 }, (_, index) => ({
    fromSeq: index * 10 + 1,
    seq: index * 10 + 5,
  }));
  const drawn = (from: number, to: number, chosen: number) => {
    const seqs: number[] = [];
    forEachJoined(joined, { from, to, chosen }, ({ seq }) => seqs.push(seq));
    return seqs;
  };

  test("those that reach into the view are drawn", () => {
    expect(drawn(13, 32, 0)).toEqual([15, 25, 35]);
  });

  test("too many are not, but for the chosen one", () => {
    expect(drawn(1, 5_000, 0)).toEqual([]);
    expect(drawn(1, 5_000, 4_005)).toEqual([4_005]);
    expect(drawn(1, (MAX_JOINED - 1) * 10 + 1, 0)).toHaveLength(MAX_JOINED);
  });
});
