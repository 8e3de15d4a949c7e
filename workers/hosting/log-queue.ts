// Many requests' lines in one write: each log is written at most every 50 ms by this isolate, and what a flood adds
// meanwhile beyond a bound is counted instead of kept.
import { type AppLogLine, shortenLine } from "../../durable-objects/app-log/app-log-storage.ts";

type AppLogs = Cloudflare.Env["APP_LOGS"];

const FLUSH_AFTER_MS = 50;
const MAX_QUEUED_LINES = 500;
/** Logs that wait at once; lines of one more are written at once. */
const MAX_LOGS = 1_000;
/** The request that was to write may have ended early; another then does. */
const FLUSHER_LOST_AFTER_MS = 1_000;

type Queue = { lines: AppLogLine[]; droppedCount: number; readonly startedAt: number };

const queues = new Map<string, Queue>();

/** Hands lines to the log named `${projectId}/${environment}`; resolves when they are written, or left to another's write. */
export async function queueLines(logs: AppLogs, name: string, lines: readonly AppLogLine[]): Promise<void> {
  if (lines.length === 0) return;
  const running = queues.get(name);
  if (running !== undefined && Date.now() - running.startedAt < FLUSHER_LOST_AFTER_MS) {
    addLines(running, lines);
    return;
  }
  if (running === undefined && queues.size >= MAX_LOGS) {
    await logs.getByName(name).append(lines.slice(0, MAX_QUEUED_LINES).map(shortenLine));
    return;
  }
  const queue: Queue = running ?? { lines: [], droppedCount: 0, startedAt: Date.now() };
  addLines(queue, lines);
  queues.set(name, { ...queue, startedAt: Date.now() });
  await scheduler.wait(FLUSH_AFTER_MS);
  await flush(logs, name);
}

function addLines(queue: Queue, lines: readonly AppLogLine[]): void {
  const room = Math.max(0, MAX_QUEUED_LINES - queue.lines.length);
  queue.lines.push(...lines.slice(0, room).map(shortenLine));
  queue.droppedCount += Math.max(0, lines.length - room);
}

async function flush(logs: AppLogs, name: string): Promise<void> {
  const queue = queues.get(name);
  if (queue === undefined) return;
  queues.delete(name);
  const { droppedCount } = queue;
  if (droppedCount > 0) {
    const message = `${droppedCount} lines dropped: the app writes more than its log takes`;
    queue.lines.push({ ts: Date.now(), level: "warn", message });
  }
  await logs.getByName(name).append(queue.lines);
}
