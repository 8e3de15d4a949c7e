// How a rehearsal ended, as a stamp: the verdict, what kind it was, and why it failed.
import { Icon } from "../../../halo/icon.tsx";
import type { SealedSimulation } from "./use-simulation.ts";
import "./outcome-stamp.css";

const MAX_REASONS = 8;

const MEANS = {
  explore: "An exploration: no gate counts it.",
  gate: "Asked by a gate: it is evidence for this capsule.",
  replay: "A replay: it never counts as evidence.",
} as const;

export function OutcomeStamp({ sealed }: { readonly sealed: SealedSimulation }) {
  const { outcome, reasons, kind, runs, expectationsMet, receivedAt } = sealed;
  const passed = runs.filter((run) => run.outcome === "pass").length;
  return (
    <div class={`stamp stamp--${outcome}`}>
      <p class="stamp__seal">
        <Icon name={outcome === "pass" ? "check" : "close"} size="large" />
        <strong>{outcome === "pass" ? "Passed" : "Failed"}</strong>
      </p>
      <div class="stamp__words">
        <p>
          {passed} of {runs.length} {runs.length === 1 ? "seed" : "seeds"} passed. {MEANS[kind]}
          {expectationsMet === null
            ? null
            : expectationsMet
              ? " What was expected came true."
              : " What was expected did not come true."}
        </p>
        <p class="muted">
          Sealed{" "}
          <time dateTime={new Date(receivedAt).toISOString()}>{new Date(receivedAt).toLocaleString()}</time>,
          event #{sealed.eventSeq} of the timeline.
        </p>
        {reasons.length === 0 ? null : (
          <ul class="stamp__reasons" aria-label="Reasons">
            {reasons.slice(0, MAX_REASONS).map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
            {reasons.length > MAX_REASONS ? <li>and {reasons.length - MAX_REASONS} more</li> : null}
          </ul>
        )}
      </div>
    </div>
  );
}
