// Code, and what differs in it.
import { useState } from "preact/hooks";
import { CodeBlock } from "../code-block.tsx";
import { DiffView } from "../diff-view.tsx";
import { SegmentedControl } from "../segmented-control.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

const BEFORE = `// Splits a sum among people.
export function splitCents(totalCents: number, people: readonly string[]) {
  const share = totalCents / people.length;
  return people.map((name) => ({ name, cents: share }));
}

export function formatCents(cents: number): string {
  return (cents / 100).toFixed(2);
}
`;
const AFTER = `// Splits a sum among people. The first ones pay the cents that are left.
export function splitCents(totalCents: number, people: readonly string[]) {
  const share = Math.floor(totalCents / people.length);
  const leftCents = totalCents - share * people.length;
  return people.map((name, index) => ({ name, cents: share + (index < leftCents ? 1 : 0) }));
}

export function formatCents(cents: number): string {
  return (cents / 100).toFixed(2);
}
`;

export const CODE_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "CodeBlock",
    about: "Code to read and to copy. The highlighting is fetched when there is something to highlight.",
    Show: () => (
      <>
        <CodeBlock path="src/split-cents.ts" code={AFTER} hasLineNumbers />
        <CodeBlock
          code="npx oursynth push examples/fair-share --project fair-share"
          language="bash"
          isWrapped
        />
      </>
    ),
  },
  {
    name: "DiffView",
    about:
      "What differs between two states of one text, with the changed words marked; from texts or from a patch.",
    Show: DiffStates,
  },
];

function DiffStates() {
  const [layout, setLayout] = useState<"inline" | "side-by-side">("side-by-side");
  return (
    <>
      <SegmentedControl
        label="Layout of the diff"
        isLabelHidden
        segments={[
          { value: "inline", label: "Inline" },
          { value: "side-by-side", label: "Side by side" },
        ]}
        value={layout}
        onChange={setLayout}
      />
      <DiffView path="src/split-cents.ts" before={BEFORE} after={AFTER} layout={layout} />
      <DiffView path="capsule.json" before="{}" after="{}" />
    </>
  );
}
