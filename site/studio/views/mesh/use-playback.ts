// Playing a run on its virtual clock. Who asks for less motion gets a still picture until they press play.
import { useEffect, useRef, useState } from "preact/hooks";

export type Playback = {
  readonly atMs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly setSpeed: (speed: number) => void;
  readonly toggle: () => void;
  /** Goes there and stays. */
  readonly seek: (atMs: number) => void;
};

/** Virtual seconds for each real one. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10] as const;
/** A tab that was hidden does not leap. */
const MAX_STEP_MS = 100;

export function prefersStill(): boolean {
  return (
    matchMedia("(prefers-reduced-motion: reduce)").matches ||
    document.documentElement.dataset.motion === "none"
  );
}

/**
 * @param endMs the end of the run's clock
 * @param startMs where it stands at first; null plays from the beginning, or without motion stands at the end
 */
export function usePlayback(endMs: number, startMs: number | null): Playback {
  const [atMs, setAtMs] = useState(() => startMs ?? (prefersStill() ? endMs : 0));
  const [isPlaying, setIsPlaying] = useState(() => startMs === null && !prefersStill());
  const [speed, setSpeed] = useState(1);
  const latest = useRef({ atMs, speed });
  latest.current = { atMs, speed };
  useEffect(() => {
    if (!isPlaying) return;
    let last: number | null = null;
    let frame = requestAnimationFrame(function step(now) {
      const elapsedMs = Math.min(MAX_STEP_MS, last === null ? 0 : now - last);
      last = now;
      const next = Math.min(endMs, latest.current.atMs + elapsedMs * latest.current.speed);
      setAtMs(next);
      if (next >= endMs) setIsPlaying(false);
      else frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, endMs]);
  // A run that is still being told grows: whoever stood at its end goes on with it.
  const lastEndMs = useRef(endMs);
  useEffect(() => {
    const stoodAtEnd = latest.current.atMs >= lastEndMs.current;
    if (stoodAtEnd && endMs > lastEndMs.current) {
      if (prefersStill()) setAtMs(endMs);
      else setIsPlaying(true);
    }
    lastEndMs.current = endMs;
  }, [endMs]);
  return {
    atMs,
    isPlaying,
    speed,
    setSpeed,
    toggle: () => {
      if (!isPlaying && atMs >= endMs) setAtMs(0);
      setIsPlaying(!isPlaying);
    },
    seek: (moment) => {
      setIsPlaying(false);
      setAtMs(Math.max(0, Math.min(endMs, moment)));
    },
  };
}
