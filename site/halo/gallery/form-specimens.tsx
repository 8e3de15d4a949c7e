// Fields and what is chosen.
import { useState } from "preact/hooks";
import { SegmentedControl } from "../segmented-control.tsx";
import { SelectField } from "../select-field.tsx";
import { SliderField } from "../slider-field.tsx";
import { Switch } from "../switch.tsx";
import { TextField } from "../text-field.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

const ENVIRONMENTS = [
  { value: "dev", label: "dev" },
  { value: "staging", label: "staging" },
  { value: "prod", label: "prod" },
] as const;

export const FORM_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "Field",
    about: "A label, a hint, and what is wrong with it; around a text, a choice, or a number in a range.",
    Show: FieldStates,
  },
  { name: "Switch", about: "On or off, at once.", Show: SwitchStates },
  { name: "SegmentedControl", about: "One of a few, all in view.", Show: SegmentStates },
];

function FieldStates() {
  const [name, setName] = useState("GREETING");
  const [slug, setSlug] = useState("Fair Share");
  const [message, setMessage] = useState("");
  const [environment, setEnvironment] = useState<(typeof ENVIRONMENTS)[number]["value"]>("staging");
  const [delayMs, setDelayMs] = useState(40);
  return (
    <div class="gallery__form">
      <TextField label="Name" hint="Capital letters, digits and _." value={name} onInput={setName} isMono />
      <TextField
        label="Slug"
        value={slug}
        onInput={setSlug}
        error={/^[a-z0-9-]+$/.test(slug) ? undefined : "Lowercase letters, digits and - only: fair-share."}
      />
      <TextField
        label="Message"
        value={message}
        onInput={setMessage}
        isOptional
        rowCount={3}
        placeholder="Why, in a sentence"
      />
      <SelectField label="Environment" options={ENVIRONMENTS} value={environment} onChange={setEnvironment} />
      <SliderField label="Delay of a link" min={0} max={500} unit="ms" value={delayMs} onInput={setDelayMs} />
      <TextField label="Disabled" value="as it is" onInput={setName} isDisabled />
    </div>
  );
}

function SwitchStates() {
  const [isOn, setIsOn] = useState(true);
  const [isHealing, setIsHealing] = useState(false);
  return (
    <div>
      <Switch label="Chaos" hint="Nodes fail while the capsule runs." isOn={isOn} onChange={setIsOn} />
      <Switch label="Healing" isOn={isHealing} onChange={setIsHealing} />
      <Switch label="Not allowed here" isOn={false} onChange={setIsHealing} isDisabled />
    </div>
  );
}

function SegmentStates() {
  const [layout, setLayout] = useState<"inline" | "side">("inline");
  return (
    <>
      <SegmentedControl
        label="Layout"
        segments={[
          { value: "inline", label: "Inline" },
          { value: "side", label: "Side by side" },
        ]}
        value={layout}
        onChange={setLayout}
      />
      <SegmentedControl
        label="Not allowed here"
        segments={ENVIRONMENTS}
        value="dev"
        onChange={() => undefined}
        isDisabled
      />
    </>
  );
}
