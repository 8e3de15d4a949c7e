// A few values as a line in the size of a word.
import { linearScale, shortNumber } from "./chart-scale.ts";
import { classNames } from "./class-names.ts";
import "./sparkline.css";

type SparklineProps = {
  /** What the values are; read aloud with the first, the last, and the range. */
  readonly label: string;
  readonly values: readonly number[];
  readonly unit?: string;
  readonly tone?: "accent" | "good" | "bad";
};

const WIDTH = 96;
const HEIGHT = 24;
/** So that the line's thickness stays inside. */
const MARGIN = 2;

/** A line without axes; the last value has a dot. */
export function Sparkline({ label, values, unit = "", tone = "accent" }: SparklineProps) {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const x = linearScale(0, Math.max(1, values.length - 1), MARGIN, WIDTH - 2 * MARGIN);
  const y = linearScale(min, max, HEIGHT - MARGIN, MARGIN);
  const points = values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
  const last = values.at(-1);
  const said = (value: number) => `${shortNumber(value)}${unit}`;
  const summary =
    last === undefined
      ? "no values yet"
      : `from ${said(values[0] ?? last)} to ${said(last)}, lowest ${said(min)}, highest ${said(max)}`;
  return (
    <svg
      class={classNames("halo-sparkline", `halo-sparkline--${tone}`)}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label}: ${summary}`}
    >
      {points.length > 1 && <path d={`M${points.join("L")}`} />}
      {last !== undefined && <circle cx={x(values.length - 1)} cy={y(last)} r="2" />}
    </svg>
  );
}
