// A node's phases in words, in order and in tone.
import type { Tone } from "../../../halo/badge.tsx";
import type { WatchedPhase } from "./watched-run.ts";

const STEPS: readonly (WatchedPhase["phase"] | null)[] = ["boot", "receive", "verify", "start", "healthy"];
export const STEP_COUNT = STEPS.length;

/** How many of the five steps a node has begun; none while it is off. */
export function phaseStep(phase: WatchedPhase["phase"] | null): number {
  if (phase === "halted") return STEP_COUNT;
  return STEPS.indexOf(phase) + 1;
}

export function phaseTone(phase: WatchedPhase["phase"] | null): Tone {
  switch (phase) {
    case null:
      return "neutral";
    case "healthy":
      return "good";
    case "halted":
    case "down":
      return "bad";
    case "boot":
    case "receive":
    case "verify":
    case "start":
      return "info";
  }
}

export function describePhase(phase: WatchedPhase["phase"] | null): string {
  return phase ?? "off";
}
