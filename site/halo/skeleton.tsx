// The shape of what is still loading, so that nothing jumps when it comes.
import { classNames } from "./class-names.ts";
import "./skeleton.css";

type SkeletonProps = {
  /** What is loading; read aloud once. */
  readonly label: string;
  readonly shape?: "text" | "card" | "row";
  /** How many lines, cards or rows. */
  readonly count?: number;
};

const MAX_COUNT = 50;

/** Grey shapes in place of lines, cards or rows. */
export function Skeleton({ label, shape = "text", count = 3 }: SkeletonProps) {
  const shapes = Array.from({ length: Math.min(count, MAX_COUNT) }, (_, index) => index);
  return (
    <div class={classNames("halo-skeleton", `halo-skeleton--${shape}`)} role="status">
      <span class="only-read">{label}</span>
      {shapes.map((index) => (
        <span key={index} class="halo-skeleton__shape" aria-hidden="true" />
      ))}
    </div>
  );
}
