// How far something is.
import { useId } from "preact/hooks";
import { classNames } from "./class-names.ts";
import "./progress.css";

type ProgressProps = {
  readonly label: string;
  /** Left out while nobody can tell. */
  readonly value?: number;
  readonly max?: number;
  /** In words: "12 of 40 files". A percentage when left out. */
  readonly text?: string;
  readonly tone?: "accent" | "good" | "bad";
  readonly isLabelHidden?: boolean;
};

/** A bar with its label and figures above it, on the native element. */
export function Progress({
  label,
  value,
  max = 1,
  text,
  tone = "accent",
  isLabelHidden = false,
}: ProgressProps) {
  const id = useId();
  const said = text ?? (value === undefined ? "" : `${Math.round((100 * value) / max)} %`);
  return (
    <div class={classNames("halo-progress", `halo-progress--${tone}`)}>
      <div class={classNames("halo-progress__head", isLabelHidden && "only-read")}>
        <label for={id}>{label}</label>
        <span class="halo-progress__text">{said}</span>
      </div>
      <progress
        id={id}
        class="halo-progress__bar"
        max={max}
        aria-valuetext={text}
        {...(value === undefined ? {} : { value })}
      >
        {said}
      </progress>
    </div>
  );
}
