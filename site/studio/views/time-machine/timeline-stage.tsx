// The timeline on the page: the drawing, its rows' names, its two handles, and what stands under the pointer.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import type { Pin } from "../../../../schemas/api/pins.ts";
import { titleOfEvent } from "../../data/event-title.ts";
import { arrangeRows } from "./arrange-rows.ts";
import { formatMoment } from "./format-time.ts";
import { watchPalette } from "./palette.ts";
import { type Handle, Stage } from "./stage.ts";
import { type Hover, listenToGestures } from "./stage-gestures.ts";
import { ROW_PX, rowY, stageHeight } from "./stage-size.ts";
import { stepByKey } from "./step-event.ts";
import type { TimelineModel } from "./timeline-model.ts";
import type { Axis } from "./viewport.ts";

type TimelineStageProps = {
  readonly model: TimelineModel;
  readonly axis: Axis;
  readonly shown: Uint8Array | null;
  readonly at: number;
  readonly to: number | null;
  readonly isLive: boolean;
  readonly pins: readonly Pin[];
  readonly onScrub: (handle: Handle, seq: number, isDone: boolean) => void;
  /** For the buttons beside it. */
  readonly stageRef: RefObject<Stage>;
};

/** Both handles are sliders over the events, so that all of it works by keyboard and is read aloud. */
export function TimelineStage(props: TimelineStageProps) {
  const { model, axis, shown, at, to, pins, stageRef } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const handles = { at: useRef<HTMLDivElement>(null), to: useRef<HTMLDivElement>(null) };
  const latest = useRef(props);
  latest.current = props;
  const [hover, setHover] = useState<Hover | null>(null);
  const { rows } = arrangeRows(model.laneNames);

  useLayoutEffect(() => {
    const [drawn, on, first, second] = [canvas, surface, handles.at, handles.to].map((ref) => ref.current);
    if (!(drawn instanceof HTMLCanvasElement) || !on || !first || !second) return;
    const stage = new Stage(model, { canvas: drawn, handles: { at: first, to: second } }, latest.current);
    stageRef.current = stage;
    const sizes = new ResizeObserver(() => stage.resize(on.clientWidth));
    sizes.observe(on);
    const stopGestures = listenToGestures(
      on,
      () => stage,
      () => ({ onScrub: latest.current.onScrub, onHover: setHover }),
    );
    const stopPalette = watchPalette(() => stage.repaint());
    return () => {
      sizes.disconnect();
      stopGestures();
      stopPalette();
      stage.stop();
      stageRef.current = null;
    };
  }, [model]);

  useEffect(() => {
    stageRef.current?.update({ axis, shown, at, to, pins });
  }, [axis, shown, at, to, pins, model.version]);

  const onKey = (handle: Handle, seq: number) => (event: KeyboardEvent) => {
    const next = stepByKey(event.key, seq, model, shown);
    if (event.key === "+" || event.key === "=") stageRef.current?.zoomIn();
    else if (event.key === "-") stageRef.current?.zoomOut();
    else if (next !== null) {
      props.onScrub(handle, next, true);
      stageRef.current?.show(next);
    } else return;
    event.preventDefault();
  };

  return (
    <div class="time-stage">
      <ul class="time-rows" aria-hidden="true" ref={(list) => setHeight(list, stageHeight(rows.length))}>
        {rows.map(({ kind, name }, row) => (
          <li key={name} class={`time-row time-row--${kind}`} ref={(item) => setTop(item, rowY(row))}>
            {name}
          </li>
        ))}
      </ul>
      <div class="time-surface" ref={surface}>
        <div aria-hidden="true">
          <canvas ref={canvas} />
        </div>
        <SliderHandle
          handle="at"
          elementRef={handles.at}
          label={props.isLive ? "Now" : "A"}
          name="The moment that is looked at"
          model={model}
          seq={at}
          onKeyDown={onKey("at", at)}
        />
        <SliderHandle
          handle="to"
          elementRef={handles.to}
          label="B"
          name="The moment that it is compared with"
          model={model}
          seq={to}
          onKeyDown={onKey("to", to ?? at)}
        />
        {hover === null ? null : <HoverCard hover={hover} model={model} />}
      </div>
    </div>
  );
}

type SliderHandleProps = {
  readonly handle: Handle;
  readonly elementRef: RefObject<HTMLDivElement>;
  readonly label: string;
  readonly name: string;
  readonly model: TimelineModel;
  readonly seq: number | null;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

function SliderHandle({ handle, elementRef, label, name, model, seq, onKeyDown }: SliderHandleProps) {
  const event = seq === null ? undefined : model.at(seq);
  const text =
    event === undefined
      ? `event ${seq}`
      : `event ${seq}, ${titleOfEvent(event.type)}, ${formatMoment(event.ts)}`;
  return (
    <div
      ref={elementRef}
      class={`time-handle time-handle--${handle}`}
      data-handle={handle}
      role="slider"
      tabIndex={0}
      hidden={seq === null}
      aria-label={name}
      aria-valuemin={model.firstSeq}
      aria-valuemax={model.lastSeq}
      aria-valuenow={seq ?? model.lastSeq}
      aria-valuetext={text}
      onKeyDown={onKeyDown}
    >
      <span class="time-grip" aria-hidden="true">
        {label}
      </span>
    </div>
  );
}

function HoverCard({ hover, model }: { readonly hover: Hover; readonly model: TimelineModel }) {
  const event = model.at(hover.lastSeq);
  if (event === undefined) return null;
  const place = (card: HTMLElement | null): void => {
    if (card === null) return;
    const room = (card.parentElement?.clientWidth ?? 0) - card.offsetWidth;
    card.style.transform = `translate(${Math.max(Math.min(hover.xPx + 12, room), 0)}px, ${hover.yPx + ROW_PX / 2}px)`;
  };
  return (
    <div class="time-hover" ref={place} aria-hidden="true">
      {hover.size > 1 ? (
        <>
          <strong>{hover.size} events</strong>, #{hover.firstSeq} to #{hover.lastSeq}
          <br />
          the last: {titleOfEvent(event.type)}
        </>
      ) : (
        <>
          <strong>{titleOfEvent(event.type)}</strong> #{event.seq}
          <br />
          {describeEvent(event)}
        </>
      )}
      <br />
      <span class="muted">{formatMoment(event.ts)}</span>
    </div>
  );
}

function setTop(element: HTMLElement | null, px: number): void {
  if (element !== null) element.style.top = `${px}px`;
}

function setHeight(element: HTMLElement | null, px: number): void {
  if (element !== null) element.style.height = `${px}px`;
}
