// The timeline: whether a long one is slower, and how fast many watchers are told. The real project object, behind a
// Worker that leaves out the door (sign-in and routing), beside a bare partyserver room in the same runtime and a
// Socket.IO server that stores nothing.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../scripts/platform/state-folder.ts";
import { startBenchWorker } from "./dev-server.ts";
import { type BenchOptions, type Figure, median, percentile } from "./figure.ts";
import { type Finished, startSocketIo, WatcherProcess } from "./timeline/crowd.ts";

const EVENT_COUNT = 50;
const LONG_LOG_EVENTS = 10_000;
const SHORT_LOG_EVENTS = 1_000;
/** Of one request; the runner drops connections that were silent for seconds. */
const PIECE_EVENTS = 500;
const APPEND_EVENTS = 200;
const RESUME_EVENTS = 200;
/** Timings of the same thing differ by this much from run to run. */
const GROWTH_GOAL = 1.2;
const PACED_GOAL = 1.2;
const PAUSE_MS = 60;

export async function benchTimeline({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-timeline-"));
  const server = await startBenchWorker(folder, join(ROOT, "bench", "timeline-rooms"));
  const origin = `http://127.0.0.1:${server.port}`;
  try {
    say("a long log");
    const figures = [...(await benchLength(origin, isQuick ? 7 : 25))];
    for (const watcherCount of [200, 1_000]) {
      say(`${watcherCount} watchers`);
      figures.push(...(await benchFanOut(origin, watcherCount, isQuick)));
    }
    return figures;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Appends to and resumes on a short and a long log in turn. */
async function benchLength(origin: string, rounds: number): Promise<readonly Figure[]> {
  const [short, long] = ["prj_short", "prj_long"];
  await post(`${origin}/project/create?project=${long}`);
  await post(`${origin}/project/append?project=${long}&count=${PIECE_EVENTS - 1}`);
  for (let seq = PIECE_EVENTS; seq < LONG_LOG_EVENTS; seq += PIECE_EVENTS)
    await post(`${origin}/project/append?project=${long}&count=${PIECE_EVENTS}`);
  const appendMs: { short: number[]; long: number[] } = { short: [], long: [] };
  const resumeMs: { short: number[]; long: number[] } = { short: [], long: [] };
  await post(`${origin}/project/create?project=${short}`);
  await post(`${origin}/project/append?project=${short}&count=${SHORT_LOG_EVENTS - 1}`);
  for (let round = -1; round < rounds; round++) {
    // A new short log each time: else it would grow to be a long one.
    const fresh = `prj_fresh${round}`;
    await post(`${origin}/project/create?project=${fresh}`);
    const appended = {
      short: await time(() => post(`${origin}/project/append?project=${fresh}&count=${APPEND_EVENTS}`)),
      long: await time(() => post(`${origin}/project/append?project=${long}&count=${APPEND_EVENTS}`)),
    };
    const longSeq = LONG_LOG_EVENTS + (round + 2) * APPEND_EVENTS;
    // The first of a round finds connections and objects that have slept.
    await resume(origin, short, SHORT_LOG_EVENTS);
    await resume(origin, long, longSeq);
    const resumed = {
      short: await time(() => resume(origin, short, SHORT_LOG_EVENTS)),
      long: await time(() => resume(origin, long, longSeq)),
    };
    if (round < 0) continue;
    for (const length of ["short", "long"] as const) {
      appendMs[length].push(appended[length]);
      resumeMs[length].push(resumed[length]);
    }
  }
  return [
    describeGrowth(`appending ${APPEND_EVENTS} events to a log of 10,000, of an empty one`, appendMs),
    describeGrowth(`resuming ${RESUME_EVENTS} events behind the end of 10,000, of 1,000`, resumeMs),
  ];
}

function describeGrowth(
  name: string,
  { short, long }: { readonly short: readonly number[]; readonly long: readonly number[] },
): Figure {
  const growth = median(long) / median(short);
  return {
    name,
    value: growth,
    unit: "×",
    beside: [
      { name: "long", value: median(long), unit: "ms" },
      { name: "short", value: median(short), unit: "ms" },
    ],
    goal: { text: `≤ ${GROWTH_GOAL}×`, isMet: growth <= GROWTH_GOAL },
  };
}

/** Connects behind the end and waits for the last event. */
async function resume(origin: string, project: string, lastSeq: number): Promise<void> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/project/live?project=${project}`);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error("the live timeline refuses watchers"));
    socket.onopen = () => socket.send(JSON.stringify({ type: "resume", since: lastSeq - RESUME_EVENTS }));
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data));
      if (frame.type === "events" && frame.events.at(-1).seq >= lastSeq) resolve();
    };
  });
  socket.close();
}

async function benchFanOut(
  origin: string,
  watcherCount: number,
  isQuick: boolean,
): Promise<readonly Figure[]> {
  const project = `prj_watched${watcherCount}`;
  const room = `room${watcherCount}`;
  await post(`${origin}/project/create?project=${project}`);
  const socketIo = await startSocketIo();
  const watchers = new WatcherProcess();
  const live = origin.replace("http", "ws");
  try {
    await watchers.connect("project", `${live}/project/live?project=${project}`, watcherCount);
    await watchers.connect("room", `${live}/room/live?room=${room}`, watcherCount);
    await watchers.connect("socket.io", socketIo.url, watcherCount);
    const crowd = { origin, project, room, socketIoUrl: socketIo.url, watchers, watcherCount };
    return [...(await benchBursts(crowd, isQuick ? 3 : 7)), ...(await benchPaced(crowd, isQuick ? 20 : 50))];
  } finally {
    await watchers.stop();
    await socketIo.stop();
  }
}

type Crowd = {
  readonly origin: string;
  readonly project: string;
  readonly room: string;
  readonly socketIoUrl: string;
  readonly watchers: WatcherProcess;
  readonly watcherCount: number;
};

async function benchBursts(crowd: Crowd, rounds: number): Promise<readonly Figure[]> {
  const { origin, project, room, socketIoUrl, watcherCount } = crowd;
  const texts = JSON.stringify(Array.from({ length: EVENT_COUNT }, (_, seq) => JSON.stringify(sample(seq))));
  const objects = JSON.stringify(Array.from({ length: EVENT_COUNT }, (_, seq) => sample(seq)));
  const rates: Record<"project" | "room" | "socket.io", number[]> = {
    project: [],
    room: [],
    "socket.io": [],
  };
  let lostCount = 0;
  const burst = async (dialect: keyof typeof rates, act: () => Promise<void>): Promise<void> => {
    const finished = crowd.watchers.expect(dialect, EVENT_COUNT);
    const startedAt = performance.timeOrigin + performance.now();
    await act();
    const { deliveryCount, lostCount: lost, finishedAt } = await finished;
    rates[dialect].push((deliveryCount * 1_000) / (finishedAt - startedAt));
    if (dialect === "project") lostCount += lost;
  };
  for (let round = 0; round < rounds; round++) {
    await burst("project", () => post(`${origin}/project/burst?project=${project}&count=${EVENT_COUNT}`));
    await burst("room", () => post(`${origin}/room/say?room=${room}`, texts));
    await burst("socket.io", () => post(socketIoUrl, objects));
  }
  const [ours, theirs] = [median(rates.project), median(rates["socket.io"])];
  return [
    {
      name: `bursts of ${EVENT_COUNT} events to ${watcherCount} watchers, each event stored`,
      value: ours,
      unit: "deliveries/s",
      beside: [
        { name: "Socket.IO, nothing stored", value: theirs, unit: "deliveries/s" },
        { name: "bare partyserver room, nothing stored", value: median(rates.room), unit: "deliveries/s" },
      ],
      goal: { text: "≥ Socket.IO", isMet: ours >= theirs },
    },
    {
      name: `deliveries lost in these bursts`,
      value: lostCount,
      unit: "lost",
      beside: [],
      goal: { text: "none", isMet: lostCount === 0 },
    },
  ];
}

/** One event to the project, then one to the room, in turn: what slows one slows the other. */
async function benchPaced(crowd: Crowd, count: number): Promise<readonly Figure[]> {
  const { origin, project, room, watchers, watcherCount } = crowd;
  const finished = [watchers.expect("project", count), watchers.expect("room", count)] as const;
  const sentAt: { project: number[]; room: number[] } = { project: [], room: [] };
  const pauseMs = PAUSE_MS + watcherCount / 10;
  for (let index = 0; index < count; index++) {
    sentAt.project.push(performance.timeOrigin + performance.now());
    await post(`${origin}/project/append?project=${project}&count=1`);
    await pause(pauseMs);
    sentAt.room.push(performance.timeOrigin + performance.now());
    await post(`${origin}/room/say?room=${room}`, JSON.stringify([JSON.stringify(sample(index))]));
    await pause(pauseMs);
  }
  const [ours, theirs] = await Promise.all(finished);
  const [ourDelays, theirDelays] = [delaysOf(ours, sentAt.project), delaysOf(theirs, sentAt.room)];
  const [ourMs, theirMs] = [percentile(ourDelays, 99), percentile(theirDelays, 99)];
  const isMet = ours.lostCount === 0 && ourMs <= theirMs * PACED_GOAL;
  return [
    {
      name: `paced events to ${watcherCount} watchers, 99th percentile of the delay from append to delivery`,
      value: ourMs,
      unit: "ms",
      beside: [
        { name: "bare partyserver room", value: theirMs, unit: "ms" },
        { name: "medians", value: median(ourDelays), unit: "ms" },
        { name: "and", value: median(theirDelays), unit: "ms" },
        { name: "of ours", value: ours.lostCount, unit: "lost" },
      ],
      goal: { text: `≤ ${PACED_GOAL}× the room's, none lost`, isMet },
    },
  ];
}

function delaysOf({ arrivals }: Finished, sentAt: readonly number[]): readonly number[] {
  return arrivals.flatMap((times, index) => times.map((time) => time - (sentAt[index] ?? time)));
}

/** As large as an event of the project, for those who make none themselves. */
function sample(seq: number): object {
  const hash = "a".repeat(64);
  return {
    seq,
    id: "evt_00000000000000000000",
    ts: 1_760_000_000_000,
    source: "deploy",
    type: "run.updated",
    dataHash: hash,
    actor: { kind: "token", id: "tok_bench" },
    runId: "dep_bench",
    snapshot: null,
    prevHash: hash,
    data: { index: seq, phase: "building", capsuleDigest: `sha256:${hash}` },
    salt: "AAAAAAAAAAAAAAAAAAAAAA==",
    hash,
  };
}

async function time(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

async function post(url: string, body?: string): Promise<void> {
  const response = await fetch(url, { method: "POST", ...(body === undefined ? {} : { body }) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
