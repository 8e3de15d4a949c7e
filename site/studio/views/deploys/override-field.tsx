// An owner goes on without the gate, in writing (docs/road-to-production.md, "An override").
import { LinesField } from "../../forms/input-field.tsx";

type OverrideFieldProps = { readonly value: string; readonly onInput: (reason: string) => void };

export function OverrideField({ value, onInput }: OverrideFieldProps) {
  return (
    <details>
      <summary>Go on without the gate</summary>
      <LinesField
        label="Reason"
        value={value}
        minLength={10}
        maxLength={2_000}
        hint="It stands in the restatement, on the timeline and in the signed summary for good. What comes in so has no right to come back without evidence."
        onInput={onInput}
      />
    </details>
  );
}
