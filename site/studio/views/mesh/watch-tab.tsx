// Watching a run: the stage, its virtual clock, and what it says in words.
import { useEffect, useMemo } from "preact/hooks";
import type { MeshParameters } from "../../../../schemas/mesh-parameters.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Spinner } from "../../../halo/spinner.tsx";
import { MeshStage } from "./mesh-stage.tsx";
import { NodeList } from "./node-list.tsx";
import { indexRun } from "./run-moment.ts";
import { Scrubber, sayMs } from "./scrubber.tsx";
import { usePlayback } from "./use-playback.ts";
import { useQueryState } from "./use-query-state.ts";
import type { Rehearsing } from "./use-rehearsed-run.ts";
import type { WatchedRun } from "./watched-run.ts";
import "./watch.css";

type WatchTabProps = {
  readonly rehearsing: Rehearsing;
  /** What the platform streamed, for as long as there is nothing better. */
  readonly streamed: WatchedRun | null;
  readonly params: MeshParameters;
};

export function WatchTab({ rehearsing, streamed, params }: WatchTabProps) {
  const own = rehearsing.kind === "done" ? rehearsing.rehearsed : null;
  const run = own?.run ?? streamed;
  return (
    <div class="watch">
      <Source rehearsing={rehearsing} streamed={streamed} />
      {run === null ? null : (
        <Player
          // Another run begins anew.
          key={own === null ? "streamed" : own.report.traceHash}
          run={run}
          isLinked
          partitions={params.partitions}
          violation={own?.report.violation ?? null}
        />
      )}
    </div>
  );
}

function Source({ rehearsing, streamed }: Pick<WatchTabProps, "rehearsing" | "streamed">) {
  switch (rehearsing.kind) {
    case "none":
    case "running":
      return (
        <p class="watch__source" role="status">
          <Spinner size="small" /> Simulating this run again in your browser, to show every packet …
        </p>
      );
    case "failed":
      return (
        <p class="watch__source" role="status">
          <Badge tone="warn">A sample</Badge> {rehearsing.message}{" "}
          {streamed === null
            ? "There is nothing to watch."
            : `What you see is what the platform streamed: one packet in ${streamed.each}.`}
        </p>
      );
    case "done": {
      const { report, sealedTraceHash, run } = rehearsing.rehearsed;
      const isSame = report.traceHash === sealedTraceHash;
      return (
        <p class="watch__source" role="status">
          {isSame ? (
            <Badge tone="good" icon="check">
              The sealed trace
            </Badge>
          ) : (
            <Badge tone="bad" icon="alert">
              Another trace than was sealed
            </Badge>
          )}{" "}
          Simulated again in your browser from the sealed parameters, seed and observations:{" "}
          {report.traceLength.toLocaleString("en")} events, trace hash {report.traceHash.slice(0, 12)}…{" "}
          {isSame ? "as it was sealed." : `but ${sealedTraceHash.slice(0, 12)}… was sealed.`}
          {run.each > 1 ? ` One packet in ${run.each} is drawn.` : ""}
        </p>
      );
    }
  }
}

type PlayerProps = {
  readonly run: WatchedRun;
  /** The address holds the moment that is looked at. */
  readonly isLinked: boolean;
  readonly partitions: MeshParameters["partitions"];
  readonly violation: { readonly kind: string; readonly atMicros: number; readonly node: string } | null;
};

const MICROS_PER_MS = 1_000;
const PAUSE_MS = 2_000;

/** A run on its stage, with its clock. */
export function Player({ run, isLinked, partitions, violation }: PlayerProps) {
  const index = useMemo(() => indexRun(run), [run]);
  const [linked, link] = useQueryState("at");
  const linkedMs = !isLinked || linked === undefined || Number.isNaN(Number(linked)) ? null : Number(linked);
  const playback = usePlayback(run.endMs, linkedMs);
  const { atMs, isPlaying } = playback;
  // The address follows where one has stopped, not each frame.
  useEffect(() => {
    if (isPlaying || !isLinked) return;
    const timer = setTimeout(() => link(String(Math.ceil(atMs))), 300);
    return () => clearTimeout(timer);
  }, [isPlaying, isLinked, atMs, link]);
  const violationMs = violation === null ? null : violation.atMicros / MICROS_PER_MS;
  return (
    <>
      <div class="watch__room">
        <div class="watch__stage">
          <MeshStage index={index} partitions={partitions} atMs={atMs} />
          <Scrubber run={run} playback={playback} healFromMs={healFrom(run)} violationMs={violationMs} />
        </div>
        <NodeList index={index} atMs={atMs} />
      </div>
      {violation === null || violationMs === null ? null : (
        <p class="watch__violation">
          Earliest violation: <strong>{violation.kind}</strong> on {violation.node}, at {sayMs(violationMs)}.
        </p>
      )}
    </>
  );
}

/** When the last fault has ended, as far as the trace tells; null where there was none. */
function healFrom({ faults }: WatchedRun): number | null {
  const ends = faults.map((fault) =>
    fault.kind === "chaos" && fault.action === "pause" ? fault.atMs + PAUSE_MS : fault.atMs,
  );
  return ends.length === 0 ? null : Math.max(...ends);
}
