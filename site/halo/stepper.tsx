// Steps in order, and where we are: a deploy's phases, a wizard, a verification.
import type { ComponentChildren } from "preact";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Spinner } from "./spinner.tsx";
import "./stepper.css";

export type StepState = "done" | "current" | "waiting" | "failed" | "skipped";

/** One step; `detail` says what it found, `aside` how long it took. */
export type Step = {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  readonly detail?: ComponentChildren;
  readonly aside?: ComponentChildren;
};

type StepperProps = {
  readonly label: string;
  readonly steps: readonly Step[];
  /** `across` goes below one another where there is no room. */
  readonly direction?: "down" | "across";
  /** The current step is at work by itself, rather than waiting for a person. */
  readonly isRunning?: boolean;
};

const STATE_ICONS = { done: "check", failed: "close", skipped: "minus" } as const satisfies Partial<
  Record<StepState, IconName>
>;
const STATE_WORDS = {
  done: "done",
  current: "now",
  waiting: "still to come",
  failed: "failed",
  skipped: "skipped",
} as const satisfies Record<StepState, string>;

/** An ordered list of steps; each says its state in words too. */
export function Stepper({ label, steps, direction = "down", isRunning = false }: StepperProps) {
  return (
    <div class="halo-stepper__room">
      <ol class={classNames("halo-stepper", `halo-stepper--${direction}`)} aria-label={label}>
        {steps.map((step, index) => (
          <li
            key={step.id}
            class={classNames("halo-step", `halo-step--${step.state}`)}
            aria-current={step.state === "current" ? "step" : undefined}
          >
            <span class="halo-step__mark" aria-hidden="true">
              <Mark state={step.state} index={index} isRunning={isRunning} />
            </span>
            <div class="halo-step__body">
              <div class="halo-step__head">
                <span class="halo-step__title">{step.title}</span>
                <span class="only-read">{` (${STATE_WORDS[step.state]})`}</span>
                {step.aside !== undefined && <span class="halo-step__aside">{step.aside}</span>}
              </div>
              {step.detail !== undefined && <div class="halo-step__detail">{step.detail}</div>}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

type MarkProps = { readonly state: StepState; readonly index: number; readonly isRunning: boolean };

function Mark({ state, index, isRunning }: MarkProps) {
  if (state === "current" && isRunning) return <Spinner size="small" />;
  if (state === "current" || state === "waiting") return <>{index + 1}</>;
  return <Icon name={STATE_ICONS[state]} size="small" />;
}
