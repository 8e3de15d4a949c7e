// When the platform can be reached again: what could not be asked then is asked once more, by itself.
import { effect, signal } from "@preact/signals";
import type { LiveTimeline } from "./live-timeline.ts";

/** How often a lost connection came back. */
const returnCount = signal(0);

/** Counts the returns of this timeline; gives what stops it. */
export function countReturns(timeline: LiveTimeline): () => void {
  let wasOffline = false;
  return effect(() => {
    const { kind } = timeline.state.value;
    if (kind === "live" && wasOffline) returnCount.value = returnCount.peek() + 1;
    if (kind === "live" || kind === "offline") wasOffline = kind === "offline";
  });
}

/** Calls back once the network, or a connection, is there again; gives what stops it. */
export function onReturn(callback: () => void): () => void {
  const before = returnCount.peek();
  const stop = returnCount.subscribe((count) => {
    if (count !== before) callback();
  });
  addEventListener("online", callback);
  return () => {
    stop();
    removeEventListener("online", callback);
  };
}
