// The virtual clock of a run: play, pause, speed, and a slider with what happened marked on it.
import { Button } from "../../../halo/button.tsx";
import { IconButton } from "../../../halo/icon-button.tsx";
import { describeFault, momentsOf } from "./run-moment.ts";
import { type Playback, SPEEDS } from "./use-playback.ts";
import type { WatchedRun } from "./watched-run.ts";
import "./scrubber.css";

type ScrubberProps = {
  readonly run: WatchedRun;
  readonly playback: Playback;
  /** After the last fault: from here on everything must heal. */
  readonly healFromMs: number | null;
  /** The earliest event after which something was wrong; null when nothing was. */
  readonly violationMs: number | null;
};

const STEP_MS = 1;

export function Scrubber({ run, playback, healFromMs, violationMs }: ScrubberProps) {
  const { atMs, isPlaying, speed, setSpeed, toggle, seek } = playback;
  const moments = momentsOf(run);
  const before = moments.findLast((moment) => moment < atMs);
  const after = moments.find((moment) => moment > atMs);
  return (
    <div class="scrubber">
      <div class="scrubber__buttons">
        <IconButton
          icon="chevron-left"
          label="Previous event"
          isDisabled={before === undefined}
          onClick={() => seek(before ?? 0)}
        />
        <Button kind="primary" icon={isPlaying ? "pause" : "play"} onClick={toggle}>
          {isPlaying ? "Pause" : "Play"}
        </Button>
        <IconButton
          icon="chevron-right"
          label="Next event"
          isDisabled={after === undefined}
          onClick={() => seek(after ?? run.endMs)}
        />
        <label class="scrubber__speed">
          Speed
          <select
            class="halo-input"
            value={speed}
            onChange={({ currentTarget }) => setSpeed(Number(currentTarget.value))}
          >
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
        <output class="scrubber__time">
          {sayMs(atMs)} <span class="muted">of {sayMs(run.endMs)}</span>
        </output>
      </div>
      <div class="scrubber__track">
        <Marks run={run} healFromMs={healFromMs} violationMs={violationMs} />
        <input
          type="range"
          aria-label="Moment on the virtual clock"
          aria-valuetext={sayMs(atMs)}
          min={0}
          max={run.endMs}
          step={STEP_MS}
          value={atMs}
          onInput={({ currentTarget }) => seek(Number(currentTarget.value))}
        />
      </div>
      <FaultList run={run} seek={seek} violationMs={violationMs} />
    </div>
  );
}

function Marks({ run, healFromMs, violationMs }: Omit<ScrubberProps, "playback">) {
  const place = (ms: number) => ({ insetInlineStart: `${(ms / Math.max(1, run.endMs)) * 100}%` });
  return (
    <div class="scrubber__marks" aria-hidden="true">
      {spansOf(run).map(([fromMs, toMs]) => (
        <span
          key={`${fromMs} ${toMs}`}
          class="scrubber__span"
          style={{ ...place(fromMs), width: `${((toMs - fromMs) / Math.max(1, run.endMs)) * 100}%` }}
        />
      ))}
      {healFromMs === null || healFromMs >= run.endMs ? null : (
        <span class="scrubber__heal" style={{ ...place(healFromMs), insetInlineEnd: 0 }} />
      )}
      {run.faults.map((fault) => (
        <span
          key={`${fault.atMs} ${describeFault(fault)}`}
          class={`scrubber__mark scrubber__mark--${fault.kind}`}
          style={place(fault.atMs)}
        />
      ))}
      {run.phases
        .filter(({ phase }) => phase === "healthy")
        .map(({ atMs, node }) => (
          <span key={`${atMs} ${node}`} class="scrubber__mark scrubber__mark--healthy" style={place(atMs)} />
        ))}
      {violationMs === null ? null : (
        <span class="scrubber__mark scrubber__mark--violation" style={place(violationMs)} />
      )}
    </div>
  );
}

function FaultList({
  run,
  seek,
  violationMs,
}: {
  readonly run: WatchedRun;
  readonly seek: Playback["seek"];
  readonly violationMs: number | null;
}) {
  if (run.faults.length === 0 && violationMs === null) return null;
  return (
    <ul class="scrubber__faults" aria-label="What happened to the mesh">
      {run.faults.map((fault) => (
        <li key={`${fault.atMs} ${describeFault(fault)}`}>
          <Button size="small" kind="quiet" onClick={() => seek(fault.atMs)}>
            {sayMs(fault.atMs)}: {describeFault(fault)}
          </Button>
        </li>
      ))}
      {violationMs === null ? null : (
        <li>
          <Button size="small" kind="quiet" icon="alert" onClick={() => seek(violationMs)}>
            {sayMs(violationMs)}: earliest violation
          </Button>
        </li>
      )}
    </ul>
  );
}

/** From each cut of a partition to its healing, or to the end. */
function spansOf({ faults, endMs }: WatchedRun): (readonly [number, number])[] {
  return faults.flatMap((fault) => {
    if (fault.kind !== "cut") return [];
    const healed = faults.find(
      (other) => other.kind === "heal" && other.partition === fault.partition && other.atMs > fault.atMs,
    );
    return [[fault.atMs, Math.min(endMs, healed?.atMs ?? endMs)] as const];
  });
}

/** `1.234 s`, below a second `234 ms`. */
export function sayMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
