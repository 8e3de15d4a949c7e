// The Time Machine: a project's whole history, to look at, compare, and go on from.
import { useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { IconButton } from "../../../halo/icon-button.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { useProject } from "../../data/project-room.ts";
import { useCommands } from "../../shell/commands.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { defaultBranch } from "./default-branch.ts";
import { movedBranch } from "./event-lane.ts";
import { EventList } from "./event-list.tsx";
import { filterEvents } from "./filter-events.ts";
import { MomentPanel } from "./moment-panel.tsx";
import { PinList } from "./pin-list.tsx";
import type { Handle, Stage } from "./stage.ts";
import { TimeFilters } from "./time-filters.tsx";
import { TimelineModel } from "./timeline-model.ts";
import { TimelineStage } from "./timeline-stage.tsx";
import { usePast } from "./use-past.ts";
import { usePins } from "./use-pins.ts";
import { useSettled } from "./use-settled.ts";
import { useTimeQuery } from "./use-time-query.ts";
import "./time-machine.css";

const AXES = [
  { value: "even", label: "Steps" },
  { value: "clock", label: "Clock" },
] as const;
/** Only where a scrub comes to rest is the platform asked for files and differences. */
const REST_MS = 180;

type Scrub = { readonly at?: number; readonly to?: number };

export function TimeMachineView() {
  const { timeline, detail } = useProject();
  const events = timeline.events.value;
  const model = useMemo(() => new TimelineModel(), [timeline]);
  model.sync(events);
  const [query, change] = useTimeQuery();
  const past = usePast(timeline);
  const { pins, error: pinError, reload: reloadPins } = usePins();
  const stage = useRef<Stage>(null);
  const [scrub, setScrub] = useState<Scrub>({});

  const isLive = query.at === undefined && scrub.at === undefined;
  const at = Math.min(scrub.at ?? query.at ?? model.lastSeq, Math.max(model.lastSeq, 1));
  const asked = scrub.to ?? query.to;
  const to = asked === undefined ? null : Math.min(asked, model.lastSeq);
  const restingAt = useSettled(at, REST_MS);
  const restingTo = useSettled(to, REST_MS);
  const chosen = model.at(restingAt);
  const branch =
    (chosen === undefined ? null : movedBranch(chosen)) ?? query.branch ?? defaultBranch(detail.branches);

  const filter = { text: query.q ?? "", source: query.source ?? null, type: query.type ?? null };
  const shown = useMemo(
    () => filterEvents(events, filter),
    [events, filter.text, filter.source, filter.type],
  );
  const types = useMemo(() => [...new Set(events.map(({ type }) => type))].toSorted(), [events]);
  const foundCount = useMemo(() => shown?.reduce((sum, isShown) => sum + isShown, 0) ?? null, [shown]);

  const onScrub = (handle: Handle, seq: number, isDone: boolean): void => {
    setScrub((before) => (isDone ? {} : { ...before, [handle]: seq }));
    if (!isDone) return;
    // At the right edge one looks at now, and goes with it.
    if (handle === "at") change({ at: seq === model.lastSeq ? undefined : seq }, scrub.at !== undefined);
    else change({ to: seq }, scrub.to !== undefined);
  };
  const choose = (seq: number): void => {
    onScrub("at", seq, true);
    stage.current?.show(seq);
  };

  useCommands([
    {
      id: "time-now",
      title: "Look at now",
      group: "Time Machine",
      icon: "clock",
      run: () => choose(model.lastSeq),
    },
    {
      id: "time-all",
      title: "Show all of the history",
      group: "Time Machine",
      icon: "clock",
      run: () => stage.current?.showAll(),
    },
    ...pins.map((pin) => ({
      id: `pin-${pin.at}`,
      title: pin.name,
      group: "Pinned moments",
      icon: "pin" as const,
      detail: `#${pin.at}`,
      run: () => choose(pin.at),
    })),
  ]);

  if (model.count === 0) return <EmptyTimeMachine />;
  return (
    <section class="view time-machine">
      <ViewHeading title="Time Machine">
        <SegmentedControl
          label="Axis"
          isLabelHidden
          segments={AXES}
          value={query.axis === "clock" ? "clock" : "even"}
          onChange={(axis) => change({ axis: axis === "even" ? undefined : axis })}
        />
        <span class="time-zoom">
          <IconButton icon="minus" label="Zoom out" onClick={() => stage.current?.zoomOut()} />
          <IconButton icon="plus" label="Zoom in" onClick={() => stage.current?.zoomIn()} />
          <Button kind="quiet" size="small" onClick={() => stage.current?.showAll()}>
            All
          </Button>
        </span>
        <CompareButton
          to={to}
          onStart={() => change({ to: at === model.lastSeq ? Math.max(at - 1, 1) : model.lastSeq })}
          onEnd={() => change({ to: undefined })}
        />
        <Button kind="quiet" isDisabled={isLive} onClick={() => choose(model.lastSeq)}>
          Now
        </Button>
      </ViewHeading>
      <TimelineStage
        model={model}
        axis={query.axis === "clock" ? "clock" : "even"}
        shown={shown}
        at={at}
        to={to}
        isLive={isLive}
        pins={pins}
        onScrub={onScrub}
        stageRef={stage}
      />
      <PastNote model={model} past={past} />
      <ProblemNote error={pinError} retry={reloadPins} />
      <div class="time-columns">
        <div class="time-side">
          <TimeFilters query={query} types={types} foundCount={foundCount} onChange={change} />
          <PinList pins={pins} at={at} onChoose={choose} />
          {foundCount === 0 ? (
            <EmptyState icon="search" title="No event is like that">
              {past.isReading
                ? "The past is still being read."
                : "Search for other words, or clear the filter."}
            </EmptyState>
          ) : (
            <EventList model={model} shown={shown} at={at} onChoose={choose} />
          )}
        </div>
        <MomentPanel
          model={model}
          at={at}
          restingAt={restingAt}
          restingTo={restingTo}
          branch={branch}
          pins={pins}
          onPinned={reloadPins}
          onBegun={(name, seq) => change({ at: seq, branch: name }, false)}
        />
      </div>
    </section>
  );
}

type CompareButtonProps = {
  readonly to: number | null;
  readonly onStart: () => void;
  readonly onEnd: () => void;
};

function CompareButton({ to, onStart, onEnd }: CompareButtonProps) {
  return (
    <Button kind="quiet" aria-pressed={to !== null} onClick={to === null ? onStart : onEnd}>
      {to === null ? "Compare" : "End comparing"}
    </Button>
  );
}

type PastNoteProps = { readonly model: TimelineModel; readonly past: ReturnType<typeof usePast> };

/** How much of the history is here, while not all of it is. */
function PastNote({ model, past }: PastNoteProps) {
  if (model.firstSeq === 1) return null;
  const text = `${model.count} of ${model.lastSeq} events`;
  return (
    <div class="time-past">
      <progress max={model.lastSeq} value={model.count} aria-label="The past is being read" />
      <span class="muted" role="status">
        {past.isReading ? `Reading the past: ${text}` : `${text} are here`}
      </span>
      <ProblemNote error={past.error} retry={past.readOn} />
      {past.isAtLimit ? (
        <Button size="small" onClick={past.readOn}>
          Read further back
        </Button>
      ) : null}
    </div>
  );
}

function EmptyTimeMachine() {
  const { timeline } = useProject();
  const state = timeline.state.value;
  return (
    <section class="view">
      <ViewHeading title="Time Machine" />
      {state.kind === "live" ? (
        <EmptyState icon="clock" title="Nothing has happened yet" headingLevel={2}>
          The first push, commit or deploy stands here the moment it happens.
        </EmptyState>
      ) : (
        <p class="muted" role="status">
          {state.kind === "offline" || state.kind === "refused"
            ? "The history cannot be read now."
            : "Reading the history …"}
        </p>
      )}
    </section>
  );
}
