// From whom to whom, and how much: a square of cells.
import { useId, useState } from "preact/hooks";
import { shortNumber } from "./chart-scale.ts";
import { HEAT_STEP_COUNT, heatStep } from "./heat-step.ts";
import { Table } from "./table.tsx";
import "./heatmap.css";

type HeatmapProps = {
  readonly label: string;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  /** A value for each row and column; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly unit?: string;
  /** What rows and columns are: "from" and "to". */
  readonly axes?: readonly [rows: string, columns: string];
};

const CELL = 52;
const GAP = 2;
const LABEL_ROOM = 64;
const LABEL_LENGTH_MAX = 8;
/** More cells are too small for figures in them. */
const FIGURES_COUNT_MAX = 12;

/** Cells in six steps of one colour, with a legend. The pointer reads a cell off; the table has every figure. */
export function Heatmap(props: HeatmapProps) {
  const { label, rowLabels, columnLabels, values, unit = "", axes = ["from", "to"] } = props;
  const [pointed, setPointed] = useState<{ readonly row: number; readonly column: number } | null>(null);
  const readoutId = useId();
  const numbers = values.flat().filter((value) => value !== null);
  const [min, max] = numbers.length === 0 ? [0, 1] : [Math.min(...numbers), Math.max(...numbers)];
  const hasFigures = columnLabels.length <= FIGURES_COUNT_MAX;
  const width = LABEL_ROOM + columnLabels.length * CELL;
  const height = LABEL_ROOM / 2 + rowLabels.length * CELL;
  return (
    <figure class="halo-heat">
      <figcaption class="halo-heat__label">{label}</figcaption>
      <svg
        class="halo-heat__cells"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        role="img"
        aria-label={`${label}: ${shortNumber(min)} to ${shortNumber(max)} ${unit}. The table below has every figure.`}
        aria-describedby={readoutId}
        onPointerLeave={() => setPointed(null)}
      >
        {columnLabels.map((name, column) => (
          <text
            key={name}
            class="halo-heat__name"
            x={LABEL_ROOM + (column + 0.5) * CELL}
            y={LABEL_ROOM / 4}
            text-anchor="middle"
            dominant-baseline="middle"
          >
            {shorten(name)}
          </text>
        ))}
        {rowLabels.map((name, row) => (
          <g key={name} transform={`translate(0 ${LABEL_ROOM / 2 + row * CELL})`}>
            <text
              class="halo-heat__name"
              x={LABEL_ROOM - 8}
              y={CELL / 2}
              text-anchor="end"
              dominant-baseline="middle"
            >
              {shorten(name)}
            </text>
            {columnLabels.map((columnName, column) => (
              <Cell
                key={columnName}
                x={LABEL_ROOM + column * CELL}
                value={values[row]?.[column] ?? null}
                step={heatStep(values[row]?.[column] ?? null, min, max)}
                hasFigure={hasFigures}
                onPoint={() => setPointed({ row, column })}
              />
            ))}
          </g>
        ))}
      </svg>
      <p id={readoutId} class="halo-heat__readout">
        {pointed === null
          ? "Point at a cell to read it."
          : `${axes[0]} ${rowLabels[pointed.row]} ${axes[1]} ${columnLabels[pointed.column]}: ${said(values[pointed.row]?.[pointed.column] ?? null, unit)}`}
      </p>
      <Legend min={min} max={max} unit={unit} />
      <details class="halo-heat__table">
        <summary>As a table</summary>
        <Table
          caption={label}
          isCaptionHidden
          columns={[
            { id: "row", title: axes[0], isRowHeader: true, cell: (row) => rowLabels[row] },
            ...columnLabels.map((title, column) => ({
              id: title,
              title: `${axes[1]} ${title}`,
              isNumber: true,
              cell: (row: number) => said(values[row]?.[column] ?? null, unit),
            })),
          ]}
          rows={rowLabels.map((_, row) => row)}
          rowId={String}
        />
      </details>
    </figure>
  );
}

type CellProps = {
  readonly x: number;
  readonly value: number | null;
  readonly step: number;
  readonly hasFigure: boolean;
  readonly onPoint: () => void;
};

function Cell({ x, value, step, hasFigure, onPoint }: CellProps) {
  return (
    <g class={`halo-heat__cell halo-heat__cell--${step}`} onPointerEnter={onPoint}>
      <rect x={x + GAP / 2} y={GAP / 2} width={CELL - GAP} height={CELL - GAP} rx="6" />
      {hasFigure && value !== null && (
        <text x={x + CELL / 2} y={CELL / 2} text-anchor="middle" dominant-baseline="central">
          {shortNumber(value)}
        </text>
      )}
    </g>
  );
}

type LegendProps = { readonly min: number; readonly max: number; readonly unit: string };

function Legend({ min, max, unit }: LegendProps) {
  const steps = Array.from({ length: HEAT_STEP_COUNT }, (_, index) => index + 1);
  return (
    <p class="halo-heat__legend">
      <span>{said(min, unit)}</span>
      <svg class="halo-heat__scale" viewBox={`0 0 ${HEAT_STEP_COUNT * 20} 12`} aria-hidden="true">
        {steps.map((step) => (
          <g key={step} class={`halo-heat__cell halo-heat__cell--${step}`}>
            <rect x={(step - 1) * 20} width="19" height="12" rx="3" />
          </g>
        ))}
      </svg>
      <span>{said(max, unit)}</span>
    </p>
  );
}

function shorten(name: string): string {
  return name.length > LABEL_LENGTH_MAX ? `${name.slice(0, LABEL_LENGTH_MAX - 1)}…` : name;
}

function said(value: number | null, unit: string): string {
  return value === null ? "none" : `${shortNumber(value)}${unit === "" ? "" : ` ${unit}`}`;
}
