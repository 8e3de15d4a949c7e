// The Studio with a long past, in a real browser: how soon it shows (Lighthouse, with its mobile throttling as it stands),
// what a frame of scrubbing costs the main thread (the browser's own trace), and how long an event takes from the log to
// the screen.
import lighthouse from "lighthouse";
import type { Page } from "playwright-core";
import { type BenchPlatform, type BenchProject, makeProject, startBenchPlatform } from "./bench-platform.ts";
import { type BenchOptions, type Figure, median, percentile } from "./figure.ts";
import { CommitMaker, growTimeline } from "./studio/long-timeline.ts";
import { openSignedIn, type SignedInBrowser } from "./studio/signed-in-browser.ts";
import { traceFrames } from "./studio/trace-main-thread.ts";

const EVENTS = 10_000;
const QUICK_EVENTS = 1_000;
const LIGHTHOUSE_RUNS = 3;
const LCP_GOAL_MS = 2_500;
const PERFORMANCE_GOAL = 90;
const FRAME_GOAL_MS = 8;
const APPEND_GOAL_MS = 200;
const SCRUB_STEPS = 400;
const AXIS_INSET_PX = 6;
const APPENDS = 40;
const WAIT_MS = 60_000;

export async function benchStudio({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const platform = await startBenchPlatform(say);
  let browser: SignedInBrowser | null = null;
  try {
    const project = await makeProject(platform, "long-past");
    const eventCount = isQuick ? QUICK_EVENTS : EVENTS;
    say(`making ${eventCount} events`);
    await growTimeline(platform.client, project.projectId, eventCount, say);
    browser = await openSignedIn(platform.state);
    const address = `http://localhost:${platform.port}/studio/p/${project.label}/time`;
    say("Lighthouse");
    const seen = await audit(browser, address, isQuick ? 1 : LIGHTHOUSE_RUNS);
    const page = await openTimeMachine(browser, address);
    say("scrubbing");
    const frames = await scrub(browser, page);
    say("events to pixels");
    const delays = await watchAppends(platform, project, page);
    return describe(eventCount, seen, frames, delays);
  } finally {
    await browser?.close();
    await platform.stop();
  }
}

type Audit = { readonly lcpMs: number; readonly performance: number; readonly accessibility: number };

async function audit(
  { debuggingPort }: SignedInBrowser,
  address: string,
  runs: number,
): Promise<readonly Audit[]> {
  const audits: Audit[] = [];
  for (let run = 0; run < runs; run += 1) {
    const result = await lighthouse(address, {
      port: debuggingPort,
      onlyCategories: ["performance", "accessibility"],
      // The session's cookie stays.
      disableStorageReset: true,
      logLevel: "error",
    });
    const report = result?.lhr;
    const lcpMs = report?.audits["largest-contentful-paint"]?.numericValue;
    if (report === undefined || lcpMs === undefined) throw new Error("Lighthouse gave no figure");
    if (report.finalDisplayedUrl !== address) throw new Error(`it looked at ${report.finalDisplayedUrl}`);
    const score = (name: string): number => (report.categories[name]?.score ?? 0) * 100;
    audits.push({ lcpMs, performance: score("performance"), accessibility: score("accessibility") });
  }
  return audits;
}

/** Resolves when the whole past has been read. */
async function openTimeMachine({ context }: SignedInBrowser, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForSelector("[data-handle=at][aria-valuemin='1']", { timeout: WAIT_MS });
  return page;
}

/** From now to the beginning and back along the axis, as fast as the browser takes the moves. */
async function scrub({ context }: SignedInBrowser, page: Page): Promise<number[]> {
  await page.getByRole("button", { name: "All", exact: true }).click();
  const surface = await page.locator(".time-surface").boundingBox();
  if (surface === null) throw new Error("the timeline is not on the page");
  const y = surface.y + surface.height - AXIS_INSET_PX;
  const xAt = (step: number): number => {
    const there = Math.abs(1 - (2 * step) / SCRUB_STEPS);
    return surface.x + 4 + (surface.width - 8) * there;
  };
  const before = await page.locator("[data-handle=at]").getAttribute("aria-valuenow");
  const seen = new Set<string | null>();
  const frames = await traceFrames(context, page, async () => {
    await page.mouse.move(xAt(0), y);
    await page.mouse.down();
    for (let step = 1; step <= SCRUB_STEPS; step += 1) {
      await page.mouse.move(xAt(step), y);
      if (step % 50 === 0) seen.add(await page.locator("[data-handle=at]").getAttribute("aria-valuenow"));
    }
    await page.mouse.up();
  });
  if (seen.size < 5) throw new Error(`the handle did not move from ${before}`);
  return frames;
}

/** Milliseconds from the moment at which an event was recorded to the frame in which the page shows it. */
async function watchAppends(
  { client }: BenchPlatform,
  { projectId }: BenchProject,
  page: Page,
): Promise<number[]> {
  const maker = await CommitMaker.open(client, projectId, "live");
  const first = await maker.commit();
  await isShown(page, first.seq);
  const delays: number[] = [];
  for (let count = 1; count <= APPENDS; count += 1) {
    const shown = isShown(page, first.seq + count);
    const { seq, ts } = await maker.commit();
    if (seq !== first.seq + count) throw new Error(`the event is ${seq}, not ${first.seq + count}`);
    delays.push((await shown) - new Date(ts).getTime());
  }
  return delays;
}

/** When the frame after the one that holds the event's row began. */
function isShown(page: Page, seq: number): Promise<number> {
  return page.evaluate(
    (id) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.getElementById(id) === null) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(Date.now()));
        };
        look();
      }),
    `event-${seq}`,
  );
}

function describe(
  eventCount: number,
  audits: readonly Audit[],
  frames: readonly number[],
  delays: readonly number[],
): readonly Figure[] {
  const lcpMs = median(audits.map((seen) => seen.lcpMs));
  const performance = median(audits.map((seen) => seen.performance));
  const accessibility = median(audits.map((seen) => seen.accessibility));
  const frameMs = percentile(frames, 95);
  const delayMs = percentile(delays, 95);
  return [
    {
      name: `largest contentful paint of the Time Machine with ${eventCount} events, throttled like a phone`,
      value: lcpMs,
      unit: "ms",
      beside: [{ name: "Lighthouse's accessibility", value: accessibility, unit: "%" }],
      goal: { text: `< ${LCP_GOAL_MS} ms`, isMet: lcpMs < LCP_GOAL_MS },
    },
    {
      name: "Lighthouse's performance",
      value: performance,
      unit: "%",
      beside: [],
      goal: { text: `≥ ${PERFORMANCE_GOAL}`, isMet: performance >= PERFORMANCE_GOAL },
    },
    {
      name: "the main thread in a frame of scrubbing, 95 of 100",
      value: frameMs,
      unit: "ms",
      beside: [
        { name: "median", value: median(frames), unit: "ms" },
        { name: "slowest", value: Math.max(...frames), unit: "ms" },
      ],
      goal: { text: `< ${FRAME_GOAL_MS} ms`, isMet: frameMs < FRAME_GOAL_MS },
    },
    {
      name: "an event from the log to the screen, 95 of 100",
      value: delayMs,
      unit: "ms",
      beside: [{ name: "median", value: median(delays), unit: "ms" }],
      goal: { text: `< ${APPEND_GOAL_MS} ms`, isMet: delayMs < APPEND_GOAL_MS },
    },
  ];
}
