// Fills the past in, page after page, behind what is on the screen already.
import { useEffect, useState } from "preact/hooks";
import type { LiveTimeline } from "../../data/live-timeline.ts";

export type Past = {
  /** The log is longer than what is here, and more is being read. */
  readonly isReading: boolean;
  /** Reading stopped at the limit; `readOn` goes further. */
  readonly isAtLimit: boolean;
  readonly error: unknown;
  readonly readOn: () => void;
};

/** So many are read without being asked for; each further stretch is asked for. */
export const PAST_EVENTS = 20_000;

export function usePast(timeline: LiveTimeline): Past {
  const [limit, setLimit] = useState(PAST_EVENTS);
  const [round, setRound] = useState(0);
  const [error, setError] = useState<unknown>();
  const hasOlder = timeline.hasOlder.value;
  const isAtLimit = hasOlder && timeline.events.value.length >= limit;
  useEffect(() => {
    if (!hasOlder || isAtLimit) return;
    let isStopped = false;
    const read = async (): Promise<void> => {
      while (!isStopped && timeline.hasOlder.value && timeline.events.value.length < limit) {
        await timeline.loadOlder();
        // What the person does goes first.
        await new Promise((resolve) => setTimeout(resolve));
      }
    };
    setError(undefined);
    read().catch((thrown: unknown) => {
      if (!isStopped) setError(thrown);
    });
    return () => {
      isStopped = true;
    };
  }, [timeline, hasOlder, isAtLimit, limit, round]);
  const readOn = (): void => {
    if (isAtLimit) setLimit(limit + PAST_EVENTS);
    else setRound(round + 1);
  };
  return { isReading: hasOlder && !isAtLimit && error === undefined, isAtLimit, error, readOn };
}
