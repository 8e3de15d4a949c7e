// One parameter of a rehearsal as a control: slider and number, range, choice, switch or JSON, with what is wrong beside it.
import { useEffect, useRef, useState } from "preact/hooks";
import { Field } from "../../../halo/field.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { Switch } from "../../../halo/switch.tsx";
import { parseJson } from "./parameter-draft.ts";
import type { ParameterField } from "./parameter-fields.ts";
import "./parameter-control.css";

type ParameterControlProps = {
  readonly field: ParameterField;
  readonly value: unknown;
  readonly errors: readonly string[];
  readonly onChange: (value: unknown) => void;
};

export function ParameterControl({ field, value, errors, onChange }: ParameterControlProps) {
  const error = errors.length === 0 ? undefined : errors.join("; ");
  const words = { label: field.label, hint: field.hint, error };
  switch (field.kind) {
    case "number":
      return <NumberControl words={words} field={field} value={value} onChange={onChange} />;
    case "range":
      return <RangeControl words={words} field={field} value={value} onChange={onChange} />;
    case "choice":
      return (
        <div class="parameter">
          <SegmentedControl
            label={field.label}
            segments={field.choices}
            value={String(value)}
            onChange={onChange}
          />
          <p class="parameter__hint">{field.hint}</p>
          <Wrong error={error} />
        </div>
      );
    case "switch":
      return (
        <div class="parameter">
          <Switch label={field.label} hint={field.hint} isOn={value === true} onChange={onChange} />
          <Wrong error={error} />
        </div>
      );
    case "json":
      return <JsonControl words={words} example={field.example} value={value} onChange={onChange} />;
  }
}

function Wrong({ error }: { readonly error: string | undefined }) {
  return error === undefined ? null : <p class="parameter__wrong">{error}</p>;
}

type Words = { readonly label: string; readonly hint: string; readonly error: string | undefined };
type Change = { readonly value: unknown; readonly onChange: (value: unknown) => void };
type OfKind<Kind extends ParameterField["kind"]> = Extract<ParameterField, { readonly kind: Kind }>;

function NumberControl(props: Change & { readonly words: Words; readonly field: OfKind<"number"> }) {
  const { words, field, value, onChange } = props;
  const { bounds, sliderMax, step, unit, noneLabel } = field;
  const isNone = noneLabel !== null && value === null;
  const shown = typeof value === "number" ? value : "";
  return (
    <Field {...words}>
      {(attributes) => (
        <span class="parameter__number">
          <input
            type="range"
            aria-label={`${field.label}, slider`}
            min={bounds[0]}
            max={Math.min(sliderMax, bounds[1])}
            step={step}
            value={isNone ? bounds[0] : Number(shown)}
            disabled={isNone}
            onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
          />
          <input
            {...attributes}
            type="number"
            class="halo-input parameter__figure"
            min={bounds[0]}
            max={bounds[1]}
            step="any"
            value={shown}
            disabled={isNone}
            onInput={({ currentTarget }) => onChange(readNumber(currentTarget.value))}
          />
          {unit === "" ? null : <span aria-hidden="true">{unit}</span>}
          {noneLabel === null ? null : (
            <label class="parameter__none">
              <input
                type="checkbox"
                checked={isNone}
                onChange={({ currentTarget }) => onChange(currentTarget.checked ? null : sliderMax)}
              />
              {noneLabel}
            </label>
          )}
        </span>
      )}
    </Field>
  );
}

function RangeControl(props: Change & { readonly words: Words; readonly field: OfKind<"range"> }) {
  const { words, field, value, onChange } = props;
  const [lowest, highest] = Array.isArray(value) ? value : [Number.NaN, Number.NaN];
  const ends = [
    { name: "from", now: lowest, change: (number: unknown) => onChange([number, highest]) },
    { name: "to", now: highest, change: (number: unknown) => onChange([lowest, number]) },
  ];
  return (
    <Field {...words}>
      {(attributes) => (
        <span class="parameter__range">
          {ends.map(({ name, now, change }, place) => (
            <span key={name} class="parameter__number">
              <span class="parameter__end">{name}</span>
              <input
                type="range"
                aria-label={`${field.label} ${name}, slider`}
                min={field.bounds[0]}
                max={field.sliderMax}
                step={5}
                value={Number(now)}
                onInput={({ currentTarget }) => change(Number(currentTarget.value))}
              />
              <input
                {...(place === 0 ? attributes : {})}
                type="number"
                class="halo-input parameter__figure"
                aria-label={`${field.label} ${name}`}
                min={field.bounds[0]}
                max={field.bounds[1]}
                step="any"
                value={typeof now === "number" && Number.isFinite(now) ? now : ""}
                onInput={({ currentTarget }) => change(readNumber(currentTarget.value))}
              />
              <span aria-hidden="true">{field.unit}</span>
            </span>
          ))}
        </span>
      )}
    </Field>
  );
}

function JsonControl(props: Change & { readonly words: Words; readonly example: string }) {
  const { words, example, value, onChange } = props;
  const [text, setText] = useState(() => formatValue(value));
  const [problem, setProblem] = useState<string | null>(null);
  const said = useRef(JSON.stringify(value));
  // What changed elsewhere (a preset, the whole as JSON) is shown here; what is typed here stays as it is typed.
  useEffect(() => {
    const now = JSON.stringify(value);
    if (now === said.current) return;
    said.current = now;
    setText(formatValue(value));
    setProblem(null);
  }, [value]);
  const change = (written: string): void => {
    setText(written);
    const parsed = parseJson(written);
    setProblem(parsed.ok ? null : parsed.reason);
    if (!parsed.ok) return;
    said.current = JSON.stringify(parsed.value);
    onChange(parsed.value);
  };
  return (
    <Field {...words} error={problem ?? words.error}>
      {(attributes) => (
        <textarea
          {...attributes}
          class="halo-input halo-input--mono"
          rows={Math.min(12, Math.max(2, text.split("\n").length))}
          spellcheck={false}
          placeholder={example}
          value={text}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Nothing to say is an empty field, so that the example shows. */
function formatValue(value: unknown): string {
  const isNothing =
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && Object.keys(value).length === 0);
  return isNothing ? "" : JSON.stringify(value, null, 1);
}

/** What is no number stays as it was written: the check says so at its place. */
function readNumber(text: string): unknown {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? text : number;
}
