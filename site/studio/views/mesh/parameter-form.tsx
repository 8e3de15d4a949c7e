// All parameters of an exploration: presets, controls, the seed, and the whole as JSON; both ways say the same.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FieldError } from "../../../../schemas/problem.ts";
import { Button } from "../../../halo/button.tsx";
import { Field } from "../../../halo/field.tsx";
import { Icon } from "../../../halo/icon.tsx";
import { Tabs } from "../../../halo/tabs.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { ParameterControl } from "./parameter-control.tsx";
import {
  type Draft,
  drawSeed,
  errorsElsewhere,
  errorsOf,
  formatDraft,
  parameterOf,
  parseDraft,
  setParameter,
} from "./parameter-draft.ts";
import { PARAMETER_GROUPS } from "./parameter-fields.ts";
import { PRESETS } from "./presets.ts";
import "./parameter-form.css";

type ParameterFormProps = {
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly onChange: (draft: Draft) => void;
  /** Whether the text is JSON at all just now. */
  readonly onTextValid: (isValid: boolean) => void;
};

const ALL_NAMES = ["seed", ...PARAMETER_GROUPS.flatMap(({ fields }) => fields.map(({ name }) => name))];

export function ParameterForm({ draft, errors, onChange, onTextValid }: ParameterFormProps) {
  const [way, setWay] = useState<"controls" | "json">("controls");
  const elsewhere = errorsElsewhere(errors, ALL_NAMES);
  return (
    <div class="parameter-form">
      <Presets draft={draft} onChange={onChange} />
      <SeedField draft={draft} errors={errorsOf(errors, "seed")} onChange={onChange} />
      {elsewhere.map(({ path, message }) => (
        <p key={path} class="parameter__wrong">
          <code>{path}</code> {message}
        </p>
      ))}
      <Tabs
        label="Parameters"
        tabs={[
          { id: "controls", label: "Controls" },
          { id: "json", label: "JSON" },
        ]}
        selected={way}
        onSelect={setWay}
      >
        {way === "controls" ? (
          <Controls draft={draft} errors={errors} onChange={onChange} />
        ) : (
          <DraftText draft={draft} errors={errors} onChange={onChange} onTextValid={onTextValid} />
        )}
      </Tabs>
    </div>
  );
}

type Part = Pick<ParameterFormProps, "draft" | "onChange">;

function Presets({ draft, onChange }: Part) {
  const { seed, ...rest } = draft;
  const now = JSON.stringify(rest);
  // A preset sets parameters and nothing else; the seed stays.
  const choose = (chosen: Draft): void => onChange(seed === undefined ? chosen : { ...chosen, seed });
  return (
    <fieldset class="presets">
      <legend>Presets</legend>
      <div class="presets__row">
        {PRESETS.map(({ id, name, does, draft: preset }) => (
          <button
            key={id}
            type="button"
            class="presets__preset"
            aria-pressed={now === JSON.stringify(preset)}
            onClick={() => choose(preset)}
          >
            <strong>{name}</strong>
            <span>{does}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function SeedField({ draft, errors, onChange }: Part & { readonly errors: readonly string[] }) {
  const seed = draft.seed;
  const change = (text: string): void => {
    const number = Number(text);
    onChange(
      setParameter(draft, "seed", text.trim() === "" ? undefined : Number.isFinite(number) ? number : text),
    );
  };
  return (
    <Field
      label="Seed"
      hint="The same parameters, seed and observations give the same trace. Empty: the platform draws one and records it."
      error={errors.length === 0 ? undefined : errors.join("; ")}
      isOptional
    >
      {(attributes) => (
        <span class="parameter-form__seed">
          <input
            {...attributes}
            class="halo-input"
            inputMode="numeric"
            autocomplete="off"
            value={seed === undefined ? "" : String(seed)}
            onInput={({ currentTarget }) => change(currentTarget.value)}
          />
          <Button
            class="parameter-form__roll"
            onClick={() => onChange(setParameter(draft, "seed", drawSeed()))}
          >
            <Dice /> Roll
          </Button>
        </span>
      )}
    </Field>
  );
}

function Dice() {
  return (
    <svg class="parameter-form__dice" viewBox="0 0 16 16" aria-hidden="true">
      <rect x="2" y="2" width="12" height="12" rx="3" />
      {(
        [
          [5.5, 5.5],
          [10.5, 5.5],
          [8, 8],
          [5.5, 10.5],
          [10.5, 10.5],
        ] as const
      ).map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r="1" />
      ))}
    </svg>
  );
}

function Controls({ draft, errors, onChange }: Part & { readonly errors: readonly FieldError[] }) {
  return (
    <div class="parameter-form__groups">
      {PARAMETER_GROUPS.map(({ title, isOpen, fields }) => {
        const wrong = fields.some(({ name }) => errorsOf(errors, name).length > 0);
        const set = fields.filter(({ name }) => name in draft).length;
        return (
          <details key={title} open={isOpen || wrong}>
            <summary>
              <Icon name="chevron-right" size="small" />
              {title}
              {set === 0 ? null : <span class="muted"> {set} set</span>}
            </summary>
            <div class="parameter-form__fields">
              {fields.map((field) => (
                <ParameterControl
                  key={field.name}
                  field={field}
                  value={parameterOf(draft, field.name)}
                  errors={errorsOf(errors, field.name)}
                  onChange={(value) => onChange(setParameter(draft, field.name, value))}
                />
              ))}
            </div>
          </details>
        );
      })}
    </div>
  );
}

function DraftText({ draft, errors, onChange, onTextValid }: ParameterFormProps) {
  const [text, setText] = useState(() => formatDraft(draft));
  const [problem, setProblem] = useState<string | null>(null);
  const said = useRef(JSON.stringify(draft));
  // A preset or the dice changed it meanwhile.
  useEffect(() => {
    if (JSON.stringify(draft) === said.current) return;
    said.current = JSON.stringify(draft);
    setText(formatDraft(draft));
    setProblem(null);
    onTextValid(true);
  }, [draft, onTextValid]);
  useEffect(() => () => onTextValid(true), [onTextValid]);
  const change = (written: string): void => {
    setText(written);
    const parsed = parseDraft(written);
    setProblem(parsed.ok ? null : parsed.reason);
    onTextValid(parsed.ok);
    if (!parsed.ok) return;
    said.current = JSON.stringify(parsed.value);
    onChange(parsed.value);
  };
  const wrong = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
  return (
    <TextField
      label="Parameters as JSON"
      hint="What is left out is the default. The same object works as --config of oursynth mesh-sim."
      error={problem ?? (wrong === "" ? undefined : wrong)}
      rowCount={14}
      isMono
      spellcheck={false}
      value={text}
      onInput={change}
    />
  );
}
