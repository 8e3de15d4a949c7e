// What the main thread of a page did, frame by frame, by the browser's own trace.
import type { BrowserContext, Page } from "playwright-core";

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
};

const CATEGORIES = [
  "toplevel",
  "disabled-by-default-devtools.timeline",
  "devtools.timeline.frame",
  "__metadata",
];
/** 60 frames a second. */
const FRAME_US = 1_000_000 / 60;

/**
 * Milliseconds of work on the page's main thread in each frame of `act` in which there was some: the tasks that began
 * within the sixtieth of a second, added up.
 */
export async function traceFrames(
  context: BrowserContext,
  page: Page,
  act: () => Promise<void>,
): Promise<number[]> {
  const session = await context.newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: CATEGORIES },
  });
  await act();
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return workByFrame(events);
}

function workByFrame(events: readonly TraceEvent[]): number[] {
  const thread = busiestRenderer(events);
  const tasks = events.filter((event) => isTask(event) && isOn(event, thread));
  const frames = new Map<number, number>();
  for (const { ts, dur = 0 } of tasks) {
    const frame = Math.floor(ts / FRAME_US);
    frames.set(frame, (frames.get(frame) ?? 0) + dur / 1_000);
  }
  return [...frames.values()];
}

/** Of the renderers' main threads the one that worked most: the page under test. */
function busiestRenderer(events: readonly TraceEvent[]): TraceEvent {
  const mains = events.filter(
    (event) => event.name === "thread_name" && event.args?.name === "CrRendererMain",
  );
  const work = (thread: TraceEvent): number =>
    events.filter((event) => isTask(event) && isOn(event, thread)).reduce((sum, { dur = 0 }) => sum + dur, 0);
  const [busiest] = mains.map((thread) => ({ thread, us: work(thread) })).sort((a, b) => b.us - a.us);
  if (busiest === undefined) throw new Error("the trace names no main thread");
  return busiest.thread;
}

function isTask({ name, ph }: TraceEvent): boolean {
  return ph === "X" && name === "RunTask";
}

function isOn(event: TraceEvent, thread: TraceEvent): boolean {
  return event.pid === thread.pid && event.tid === thread.tid;
}
