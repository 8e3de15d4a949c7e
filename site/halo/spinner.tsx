// A turning ring for what is under way, where how far cannot be told (else Progress).
import { classNames } from "./class-names.ts";
import "./spinner.css";

type SpinnerProps = {
  /** What is waited for; read aloud. Without it the spinner is decoration beside words that say it. */
  readonly label?: string;
  readonly size?: "small" | "medium" | "large";
};

/** A ring that turns; it stands still, and is still a ring with a gap, for who asks for less motion. */
export function Spinner({ label, size = "medium" }: SpinnerProps) {
  const said = label === undefined ? { "aria-hidden": true } : { role: "status" as const };
  return (
    <span class={classNames("halo-spinner", `halo-spinner--${size}`)} {...said}>
      {label === undefined ? null : <span class="only-read">{label}</span>}
    </span>
  );
}
