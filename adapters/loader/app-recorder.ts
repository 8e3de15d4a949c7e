// What runs beside an app in its isolate: it hands what the app prints and throws to its owner's log. The runtime could
// tell (`tails`), but it calls a worker of ours after every request, also when there is nothing to tell
// (docs/decisions/0010). Plain JavaScript in text, because it is loaded with the app and not with the platform.

/** Under this name the isolate is given its log; the recorder takes it away before the app can see it. */
export const LOG_BINDING = "oursynth*log";

// No capsule's file can have these names: CAPSULE.md C5 forbids the asterisk.
const MAIN_NAME = "oursynth*main.js";
const RECORDER_NAME = "oursynth*recorder.js";

/** What the isolate of an app starts with, and the modules for it that come from the platform. */
export function wrapEntry(entry: string): {
  readonly mainModule: string;
  readonly modules: Readonly<Record<string, string>>;
} {
  const specifier = JSON.stringify(`./${entry}`);
  const main = `import { record } from "./${RECORDER_NAME}";
import app from ${specifier};
export * from ${specifier};
export default record(app);
`;
  return { mainModule: MAIN_NAME, modules: { [MAIN_NAME]: main, [RECORDER_NAME]: RECORDER } };
}

/** Evaluated before any module of the app, so that the app finds a console that is recorded and no log of ours. */
const RECORDER = `
import { AsyncLocalStorage } from "node:async_hooks";
import { env, WorkerEntrypoint } from "cloudflare:workers";

const log = env["${LOG_BINDING}"];
delete env["${LOG_BINDING}"];

const GATHER_MS = 10;
const MAX_LINES = 500;
const MAX_TEXT = 9 * 1024;
const LEVELS = { debug: "debug", info: "info", log: "log", trace: "debug", warn: "warn", error: "error", dir: "log", table: "log" };
const HANDLERS = ["fetch", "scheduled", "queue", "email"];

const visits = new AsyncLocalStorage();
/** Lines that belong to no visit (printed while the app started): they leave with the next one. */
let waiting = [];
let droppedCount = 0;

for (const [name, level] of Object.entries(LEVELS)) {
  console[name] = (...values) => add(level, values.map(describe).join(" "), values.find(isError));
}
console.assert = (condition, ...values) => condition || console.error("Assertion failed:", ...values);
addEventListener("unhandledrejection", (event) => addThrown(event.reason));
addEventListener("error", (event) => addThrown(event.error ?? event.message));

/** The app's default export, with its handlers watched. Whatever else it is, the runtime judges. */
export function record(app) {
  if (typeof app === "function" && app.prototype instanceof WorkerEntrypoint) return recordClass(app);
  if (typeof app !== "object" || app === null) return app;
  const recorded = {};
  for (const name of HANDLERS) {
    if (typeof app[name] !== "function") continue;
    recorded[name] = (event, env, ctx) => watch({ event, ctx, lines: [] }, () => app[name](event, env, ctx));
  }
  return recorded;
}

function recordClass(App) {
  const Recorded = class extends App {};
  for (const name of HANDLERS) {
    if (typeof App.prototype[name] !== "function") continue;
    Recorded.prototype[name] = function (event) {
      return watch({ event, ctx: this.ctx, lines: [] }, () => App.prototype[name].call(this, event));
    };
  }
  return Recorded;
}

function watch(visit, answer) {
  return visits.run(visit, async () => {
    try {
      return await answer();
    } catch (error) {
      addThrown(error);
      throw error;
    }
  });
}

function addThrown(error) {
  add("error", describe(error), error);
}

function add(level, message, error) {
  const line = { ts: Date.now(), level, message: message.slice(0, MAX_TEXT) };
  if (isError(error)) line.stack = framesOf(error);
  const visit = visits.getStore();
  const lines = visit?.lines ?? waiting;
  if (lines.length < MAX_LINES) lines.push(line);
  else droppedCount++;
  if (visit !== undefined) leaveSoon(visit);
}

function leaveSoon(visit) {
  if (visit.isLeaving === true) return;
  visit.isLeaving = true;
  try {
    visit.ctx.waitUntil(leave(visit, placeOf(visit.event)));
  } catch {
    // Not in this visit's own turn: the next one takes its lines along.
    visit.isLeaving = false;
    waiting.push(...visit.lines.splice(0, MAX_LINES - waiting.length));
  }
}

async function leave(visit, place) {
  await scheduler.wait(GATHER_MS);
  visit.isLeaving = false;
  const lines = [...waiting, ...visit.lines.map((line) => ({ ...line, ...place }))];
  if (droppedCount > 0) {
    const message = droppedCount + " lines dropped: the app writes more than its log takes";
    lines.push({ ts: Date.now(), level: "warn", message });
  }
  waiting = [];
  visit.lines = [];
  droppedCount = 0;
  await log.write(lines);
}

function placeOf(event) {
  if (!(event instanceof Request)) return {};
  const requestId = event.headers.get("x-request-id");
  const path = new URL(event.url).pathname;
  return requestId === null ? { path } : { requestId, path };
}

function describe(value) {
  if (typeof value === "string") return value;
  if (isError(value)) return value.name + ": " + value.message;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function isError(value) {
  return value instanceof Error;
}

/** The app's own frames, without the first line, which says again what the message says. */
function framesOf(error) {
  const frames = String(error.stack ?? "").split("\\n").filter((line) => /^\\s*at /.test(line));
  return frames.filter((line) => !line.includes("${RECORDER_NAME}")).join("\\n").slice(0, MAX_TEXT);
}
`;
