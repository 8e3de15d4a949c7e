// The same history as a list: the way through it for keyboards and screen readers. Only the rows in view exist.
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import { titleOfEvent } from "../../data/event-title.ts";
import { formatMoment, formatTimeOfDay } from "./format-time.ts";
import { stepByKey } from "./step-event.ts";
import type { TimelineModel } from "./timeline-model.ts";

type EventListProps = {
  readonly model: TimelineModel;
  readonly shown: Uint8Array | null;
  readonly at: number;
  readonly onChoose: (seq: number) => void;
};

/** Until the first row has been measured. */
const ROW_PX = 52;
const SPARE_ROWS = 6;

/** A list box, the newest on top; choosing goes with the arrows. */
export function EventList({ model, shown, at, onChoose }: EventListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [rowPx, setRowPx] = useState(ROW_PX);
  const [view, setView] = useState({ top: 0, height: 400 });
  const seqs = useMemo(() => listSeqs(model, shown), [model, model.version, shown]);
  const chosen = indexOf(seqs, at);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => {
      const measured = element.querySelector<HTMLElement>("[role=option]")?.offsetHeight;
      if (measured !== undefined && measured > 0) setRowPx(measured);
      setView({ top: element.scrollTop, height: element.clientHeight });
    };
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || chosen === -1) return;
    const top = chosen * rowPx;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowPx > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowPx - element.clientHeight;
    }
  }, [chosen, rowPx]);

  const first = Math.max(0, Math.floor(view.top / rowPx) - SPARE_ROWS);
  const last = Math.min(seqs.length, Math.ceil((view.top + view.height) / rowPx) + SPARE_ROWS);
  const indexes = Array.from({ length: Math.max(last - first, 0) }, (_, index) => first + index);
  return (
    <div
      ref={box}
      class="time-list"
      role="listbox"
      tabIndex={0}
      aria-label="Events, the newest first"
      aria-activedescendant={chosen >= first && chosen < last ? `event-${at}` : undefined}
      onScroll={({ currentTarget }) =>
        setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight })
      }
      onClick={({ target }) => {
        const option = target instanceof Element ? target.closest<HTMLElement>("[data-seq]") : null;
        if (option === null) return;
        onChoose(Number(option.dataset.seq));
        box.current?.focus();
      }}
      onKeyDown={(event) => {
        const next = stepByKey(event.key, at, model, shown);
        if (next === null) return;
        event.preventDefault();
        onChoose(next);
      }}
    >
      <div
        class="time-list-space"
        role="presentation"
        ref={(space) => {
          if (space !== null) space.style.height = `${seqs.length * rowPx}px`;
        }}
      >
        {indexes.map((index) => (
          <EventOption
            key={seqs[index]}
            model={model}
            seq={seqs[index] ?? 0}
            place={{ index, count: seqs.length, topPx: index * rowPx }}
            isChosen={index === chosen}
          />
        ))}
      </div>
    </div>
  );
}

type EventOptionProps = {
  readonly model: TimelineModel;
  readonly seq: number;
  readonly place: { readonly index: number; readonly count: number; readonly topPx: number };
  readonly isChosen: boolean;
};

function EventOption({ model, seq, place, isChosen }: EventOptionProps) {
  const event = model.at(seq);
  if (event === undefined) return null;
  return (
    <div
      id={`event-${seq}`}
      class="time-option"
      role="option"
      aria-selected={isChosen}
      aria-setsize={place.count}
      aria-posinset={place.index + 1}
      tabIndex={-1}
      data-seq={seq}
      ref={(option) => {
        if (option !== null) option.style.transform = `translateY(${place.topPx}px)`;
      }}
    >
      <span class="time-option-head">
        <strong>{titleOfEvent(event.type)}</strong>
        <span class="muted">#{seq}</span>
        <time class="muted" dateTime={new Date(event.ts).toISOString()} title={formatMoment(event.ts)}>
          {formatTimeOfDay(event.ts)}
        </time>
      </span>
      <span class="time-option-line">{describeEvent(event)}</span>
    </div>
  );
}

/** Those to be seen, the newest first. */
function listSeqs(model: TimelineModel, shown: Uint8Array | null): Uint32Array {
  const seqs = new Uint32Array(model.count);
  let count = 0;
  for (let index = model.count - 1; index >= 0; index--) {
    if (shown === null || shown[index] === 1) seqs[count++] = model.firstSeq + index;
  }
  return seqs.subarray(0, count);
}

/** They fall; -1 when it is not among them. */
function indexOf(seqs: Uint32Array, seq: number): number {
  let low = 0;
  let high = seqs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = seqs[middle] ?? 0;
    if (found === seq) return middle;
    if (found > seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
