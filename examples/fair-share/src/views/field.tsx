/** A labelled form field with its hint and its error, tied together for screen readers. */
import type { Child } from "hono/jsx";
import type { FieldProblem } from "../domain/problem";
import type { PageFrame } from "../http/page-frame";
import { describeProblem } from "../i18n/describe-problem";

export type Described = {
  readonly id: string;
  readonly "aria-invalid"?: "true";
  readonly "aria-describedby"?: string;
};

type FieldProps = {
  readonly frame: PageFrame;
  readonly field: string;
  readonly label: Child;
  readonly hint?: string;
  readonly className?: string;
  readonly problems: readonly FieldProblem[];
  readonly control: (described: Described) => Child;
};

export function Field({ frame, field, label, hint, className, problems, control }: FieldProps) {
  const problem = problems.find((entry) => entry.field === field)?.problem;
  const notes = [hint && `${field}-hint`, problem && `${field}-error`].filter(Boolean).join(" ");
  return (
    <div class={`field ${className ?? ""}`}>
      <label for={field}>{label}</label>
      {hint && (
        <p class="hint" id={`${field}-hint`}>
          {hint}
        </p>
      )}
      {control({
        id: field,
        ...(problem && { "aria-invalid": "true" }),
        ...(notes && { "aria-describedby": notes }),
      })}
      {problem && (
        <p class="field-error" id={`${field}-error`}>
          {describeProblem(problem, frame.messages)}
        </p>
      )}
    </div>
  );
}
