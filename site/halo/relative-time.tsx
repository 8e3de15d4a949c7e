// A moment as people say it ("3 minutes ago"), kept right while the page stands.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { describeMoment } from "./describe-moment.ts";

type RelativeTimeProps = {
  /** Milliseconds since the epoch. */
  readonly ts: number;
};

const TICK_MS = 15_000;
/** One clock for all moments on a page; null while nobody has seen it in a browser. */
const nowMs = signal<number | null>(null);
let watcherCount = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** A `<time>`; its full date, with seconds and zone, is its title. */
export function RelativeTime({ ts }: RelativeTimeProps) {
  useEffect(watchClock, []);
  const date = new Date(ts);
  return (
    <time
      dateTime={date.toISOString()}
      title={date.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" })}
    >
      {/* A page that is made beforehand knows no now: the date, then, until it stands in a browser. */}
      {nowMs.value === null ? date.toISOString().slice(0, 10) : describeMoment(ts, nowMs.value)}
    </time>
  );
}

function watchClock(): () => void {
  watcherCount++;
  nowMs.value = Date.now();
  timer ??= setInterval(() => {
    nowMs.value = Date.now();
  }, TICK_MS);
  return () => {
    watcherCount--;
    if (watcherCount > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
