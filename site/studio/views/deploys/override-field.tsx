// An owner goes on without the gate, in writing (docs/road-to-production.md, "An override").
import { TextField } from "../../forms/field.tsx";

type OverrideFieldProps = { readonly value: string; readonly onInput: (reason: string) => void };

export function OverrideField({ value, onInput }: OverrideFieldProps) {
  return (
    <details>
      <summary>Go on without the gate</summary>
      <TextField
        label="Reason"
        value={value}
        minLength={10}
        maxLength={2_000}
        hint="It stands in the restatement, on the timeline and in the signed summary for good. What comes in so has no right to come back without evidence."
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </details>
  );
}
