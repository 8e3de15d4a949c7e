// Many watchers in one process: it connects them, counts what each is given, and says when all have all of it.
import { io, type Socket } from "socket.io-client";

/** What a watcher speaks. */
export type Dialect = "project" | "room" | "socket.io";

export type WatcherOrder =
  | { readonly kind: "connect"; readonly dialect: Dialect; readonly url: string; readonly count: number }
  /** From now on each watcher of this dialect is to be given so many events. */
  | { readonly kind: "expect"; readonly dialect: Dialect; readonly count: number };

/** `arrivals`: by event, when each watcher had it, in ms since the epoch. */
export type WatcherReport =
  | { readonly kind: "connected"; readonly dialect: Dialect }
  | {
      readonly kind: "finished";
      readonly dialect: Dialect;
      readonly deliveryCount: number;
      readonly lostCount: number;
      readonly finishedAt: number;
      readonly arrivals: readonly (readonly number[])[];
    };

type Crowd = {
  watcherCount: number;
  expectedCount: number;
  deliveryCount: number;
  arrivals: number[][];
  lastAt: number;
  patience: NodeJS.Timeout | null;
};

const CONNECT_AT_ONCE = 50;
const PATIENCE_MS = 60_000;
const ACK_EVERY = 32;

const crowds = new Map<Dialect, Crowd>();

process.on("message", (order: WatcherOrder) => {
  if (order.kind === "connect") void connectAll(order.dialect, order.url, order.count);
  else expectEvents(order.dialect, order.count);
});
process.on("disconnect", () => process.exit(0));

async function connectAll(dialect: Dialect, url: string, count: number): Promise<void> {
  const connect = { project: connectToProject, room: connectToRoom, "socket.io": connectToSocketIo }[dialect];
  const crowd = crowdOf(dialect);
  while (crowd.watcherCount < count) {
    const round = Math.min(CONNECT_AT_ONCE, count - crowd.watcherCount);
    await Promise.all(Array.from({ length: round }, () => connect(url)));
    crowd.watcherCount += round;
  }
  report({ kind: "connected", dialect });
}

function expectEvents(dialect: Dialect, count: number): void {
  const crowd = crowdOf(dialect);
  crowd.expectedCount = count;
  crowd.deliveryCount = 0;
  crowd.arrivals = [];
  crowd.patience = setTimeout(() => finish(dialect, crowd), PATIENCE_MS);
}

/** `index` counts this watcher's events from 0 over its life. */
function deliver(dialect: Dialect, index: number, count: number): void {
  const crowd = crowdOf(dialect);
  crowd.lastAt = performance.timeOrigin + performance.now();
  crowd.deliveryCount += count;
  for (let event = index; event < index + count; event++) {
    const arrivals = crowd.arrivals[event] ?? [];
    crowd.arrivals[event] = arrivals;
    arrivals.push(crowd.lastAt);
  }
  if (crowd.deliveryCount === crowd.expectedCount * crowd.watcherCount) finish(dialect, crowd);
}

function finish(dialect: Dialect, crowd: Crowd): void {
  if (crowd.patience === null) return;
  clearTimeout(crowd.patience);
  crowd.patience = null;
  const { deliveryCount, lastAt: finishedAt } = crowd;
  const lostCount = crowd.expectedCount * crowd.watcherCount - deliveryCount;
  const arrivals = crowd.arrivals.filter((times) => times !== undefined);
  report({ kind: "finished", dialect, deliveryCount, lostCount, finishedAt, arrivals });
}

async function connectToProject(url: string): Promise<void> {
  const socket = new WebSocket(url);
  let lastSeq = 0;
  // Watchers come at any time, so they do not all acknowledge the same event.
  let ackedSeq = -Math.floor(Math.random() * ACK_EVERY);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error(`${url} refuses watchers`));
    // From the end on; the answer says where that is.
    socket.onopen = () => socket.send('{"type":"resume","since":0}');
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data));
      if (frame.type === "hello") {
        lastSeq = frame.lastSeq;
        ackedSeq += lastSeq;
        if (lastSeq === 0) resolve();
        return;
      }
      for (const { seq } of frame.events) {
        // What stood there before is not counted.
        if (seq <= lastSeq) {
          if (seq === lastSeq) resolve();
          continue;
        }
        if (seq !== lastSeq + 1) throw new Error(`event ${seq} came after ${lastSeq}`);
        lastSeq = seq;
        deliver("project", seq, 1);
      }
      if (lastSeq - ackedSeq < ACK_EVERY) return;
      ackedSeq = lastSeq;
      socket.send(JSON.stringify({ type: "ack", seq: lastSeq }));
    };
  });
}

async function connectToRoom(url: string): Promise<void> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error(`${url} refuses watchers`));
    socket.onopen = () => resolve();
    socket.onmessage = ({ data }) => deliver("room", JSON.parse(String(data)).seq, 1);
  });
}

async function connectToSocketIo(url: string): Promise<void> {
  const socket: Socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.on("connect", () => resolve());
    socket.on("connect_error", reject);
    socket.on("event", (event: { readonly seq: number }) => deliver("socket.io", event.seq, 1));
  });
}

function crowdOf(dialect: Dialect): Crowd {
  const known = crowds.get(dialect);
  if (known !== undefined) return known;
  const crowd: Crowd = {
    watcherCount: 0,
    expectedCount: 0,
    deliveryCount: 0,
    arrivals: [],
    lastAt: 0,
    patience: null,
  };
  crowds.set(dialect, crowd);
  return crowd;
}

function report(message: WatcherReport): void {
  process.send?.(message);
}
