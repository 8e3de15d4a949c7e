// Values over something that goes on: time, seeds, packets.
import { useId, useRef, useState } from "preact/hooks";
import { linearScale, niceTicks, shortNumber } from "./chart-scale.ts";
import { Table, type TableColumn } from "./table.tsx";
import { useWidth } from "./use-width.ts";
import "./line-chart.css";

/** One line: a value for each x, null where there is none. */
export type ChartSeries = {
  readonly id: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
};

type LineChartProps = {
  readonly label: string;
  /** Where the values stand, rising. */
  readonly x: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly unit?: string;
  readonly formatX?: (x: number) => string;
};

const HEIGHT = 220;
const MARGIN = { top: 12, right: 12, bottom: 28, left: 52 };
const WIDTH_BEFORE_KNOWN = 640;
const TICK_COUNT = 5;
const TICK_ROOM_PX = 90;
/** As many as there are colours that can be told apart. */
const SERIES_MAX = 6;

/**
 * Lines with axes and a legend. The pointer reads a place off; arrow keys do the same when the chart has the focus; and
 * the same figures stand in a table that can be unfolded.
 */
export function LineChart({ label, x, series, unit = "", formatX = shortNumber }: LineChartProps) {
  const room = useRef<HTMLDivElement>(null);
  const width = useWidth(room) ?? WIDTH_BEFORE_KNOWN;
  const [at, setAt] = useState<number | null>(null);
  const readoutId = useId();
  const shown = series.slice(0, SERIES_MAX);
  const values = shown.flatMap((each) => each.values.filter((value) => value !== null));
  const yTicks = niceTicks(Math.min(0, ...values), Math.max(...values), TICK_COUNT);
  const xTicks = ticksOf(x, width);
  const toX = linearScale(x[0] ?? 0, x.at(-1) ?? 1, MARGIN.left, width - MARGIN.right);
  const toY = linearScale(yTicks[0] ?? 0, yTicks.at(-1) ?? 1, HEIGHT - MARGIN.bottom, MARGIN.top);
  const onPointerMove = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setAt(nearestIndex(x, left, toX));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(x.length - 1, (at ?? -1) + step)));
  };
  return (
    <figure class="halo-chart">
      <figcaption class="halo-chart__head">
        <span class="halo-chart__label">{label}</span>
        <Legend series={shown} at={at} unit={unit} />
      </figcaption>
      <div ref={room} class="halo-chart__room">
        <svg
          class="halo-chart__drawing"
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${label}. The arrow keys read values; the table below has all of them.`}
          aria-describedby={readoutId}
          {...FOCUSABLE}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setAt(null)}
          onKeyDown={onKeyDown}
          onBlur={() => setAt(null)}
        >
          {yTicks.map((tick) => (
            <g key={tick} class="halo-chart__tick">
              <line x1={MARGIN.left} x2={width - MARGIN.right} y1={toY(tick)} y2={toY(tick)} />
              <text x={MARGIN.left - 8} y={toY(tick)} text-anchor="end" dominant-baseline="middle">
                {shortNumber(tick)}
              </text>
            </g>
          ))}
          {xTicks.map((tick) => (
            <text key={tick} class="halo-chart__x" x={toX(tick)} y={HEIGHT - 8} text-anchor="middle">
              {formatX(tick)}
            </text>
          ))}
          {shown.map(({ id, values: line }, index) => (
            <path
              key={id}
              class={`halo-chart__line halo-chart__line--${index + 1}`}
              d={linePath(x, line, toX, toY)}
            />
          ))}
          {at !== null && <Cursor at={at} x={x} series={shown} toX={toX} toY={toY} formatX={formatX} />}
        </svg>
      </div>
      <p id={readoutId} class="only-read" aria-live="polite">
        {at === null ? "" : readAt(at, x, shown, formatX, unit)}
      </p>
      <details class="halo-chart__table">
        <summary>As a table</summary>
        <Table
          caption={label}
          isCaptionHidden
          columns={columnsOf(x, shown, formatX, unit)}
          rows={x.map((_, index) => index)}
          rowId={String}
        />
      </details>
    </figure>
  );
}

type LegendProps = {
  readonly series: readonly ChartSeries[];
  readonly at: number | null;
  readonly unit: string;
};

function Legend({ series, at, unit }: LegendProps) {
  return (
    <ul class="halo-chart__legend">
      {series.map(({ id, label, values }, index) => (
        <li key={id}>
          <svg class={`halo-chart__key halo-chart__line--${index + 1}`} viewBox="0 0 20 8" aria-hidden="true">
            <path d="M1 4h18" />
          </svg>
          {label}
          {at !== null && <b class="halo-chart__value">{said(values[at], unit)}</b>}
        </li>
      ))}
    </ul>
  );
}

type CursorProps = {
  readonly at: number;
  readonly x: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  readonly formatX: (x: number) => string;
};

function Cursor({ at, x, series, toX, toY, formatX }: CursorProps) {
  const left = toX(x[at] ?? 0);
  return (
    <g class="halo-chart__cursor">
      <line x1={left} x2={left} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
      <text x={left} y={HEIGHT - 8} text-anchor="middle">
        {formatX(x[at] ?? 0)}
      </text>
      {series.map(({ id, values }, index) => {
        const value = values[at];
        if (value === null || value === undefined) return null;
        return <circle key={id} class={`halo-chart__dot--${index + 1}`} cx={left} cy={toY(value)} r="4" />;
      })}
    </g>
  );
}

function ticksOf(x: readonly number[], width: number): number[] {
  const [first = 0, last = 1] = [x[0], x.at(-1)];
  const count = Math.max(2, Math.floor(width / TICK_ROOM_PX));
  return niceTicks(first, last, count).filter((tick) => tick >= first && tick <= last);
}

/** A line with gaps where there is no value. */
function linePath(
  x: readonly number[],
  values: readonly (number | null)[],
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  let isDrawing = false;
  let path = "";
  for (const [index, value] of values.entries()) {
    if (value !== null)
      path += `${isDrawing ? "L" : "M"}${toX(x[index] ?? 0).toFixed(1)} ${toY(value).toFixed(1)}`;
    isDrawing = value !== null;
  }
  return path;
}

function nearestIndex(x: readonly number[], left: number, toX: (value: number) => number): number | null {
  let nearest: number | null = null;
  for (const [index, value] of x.entries()) {
    const isNearer = nearest === null || Math.abs(toX(value) - left) < Math.abs(toX(x[nearest] ?? 0) - left);
    if (isNearer) nearest = index;
  }
  return nearest;
}

function readAt(
  at: number,
  x: readonly number[],
  series: readonly ChartSeries[],
  formatX: (x: number) => string,
  unit: string,
): string {
  return `${formatX(x[at] ?? 0)}: ${series.map(({ label, values }) => `${label} ${said(values[at], unit)}`).join(", ")}`;
}

function columnsOf(
  x: readonly number[],
  series: readonly ChartSeries[],
  formatX: (x: number) => string,
  unit: string,
): TableColumn<number>[] {
  return [
    { id: "x", title: "At", isRowHeader: true, cell: (index) => formatX(x[index] ?? 0) },
    ...series.map(({ id, label, values }) => ({
      id,
      title: label,
      isNumber: true,
      cell: (index: number) => said(values[index], unit),
    })),
  ];
}

function said(value: number | null | undefined, unit: string): string {
  return value === null || value === undefined
    ? "none"
    : `${shortNumber(value)}${unit === "" ? "" : ` ${unit}`}`;
}

const FOCUSABLE = { tabIndex: 0 } as const;
