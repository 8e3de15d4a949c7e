// Search and filter of the timeline; all of it stands in the address.
import { useEffect, useRef, useState } from "preact/hooks";
import { EVENT_SOURCES } from "../../../../schemas/event-types.ts";
import { Button } from "../../../halo/button.tsx";
import type { TimeQuery } from "../../routes.ts";
import type { ReadTimeQuery } from "./use-time-query.ts";

type TimeFiltersProps = {
  readonly query: ReadTimeQuery;
  readonly types: readonly string[];
  /** How many events are shown; null when nothing is filtered. */
  readonly foundCount: number | null;
  readonly onChange: (patch: TimeQuery) => void;
};

const TYPED_MS = 200;

export function TimeFilters({ query, types, foundCount, onChange }: TimeFiltersProps) {
  const [text, setText] = useState(query.q ?? "");
  const latest = useRef(onChange);
  latest.current = onChange;
  // Back, or a link, may bring another text.
  useEffect(() => setText(query.q ?? ""), [query.q]);
  useEffect(() => {
    if (text === (query.q ?? "")) return;
    const timer = setTimeout(() => latest.current({ q: text === "" ? undefined : text }), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const isFiltered = foundCount !== null;
  return (
    <search class="time-filters">
      <label class="time-search">
        <span class="only-read">Search events</span>
        <input
          class="halo-input"
          type="search"
          placeholder="Search events: words, #12, a digest …"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <Choice
        label="Source"
        all="All sources"
        values={EVENT_SOURCES}
        value={query.source}
        onChange={(source) => onChange({ source })}
      />
      <Choice
        label="Type"
        all="All types"
        values={types}
        value={query.type}
        onChange={(type) => onChange({ type })}
      />
      {isFiltered ? (
        <Button
          kind="quiet"
          size="small"
          icon="close"
          onClick={() => {
            setText("");
            onChange({ q: undefined, source: undefined, type: undefined });
          }}
        >
          Clear
        </Button>
      ) : null}
      <span class="muted" role="status">
        {foundCount === null ? "" : `${foundCount} found`}
      </span>
    </search>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly all: string;
  readonly values: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
};

function Choice({ label, all, values, value, onChange }: ChoiceProps) {
  return (
    <label>
      <span class="only-read">{label}</span>
      <select
        class="halo-input"
        value={value ?? ""}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === "" ? undefined : currentTarget.value)
        }
      >
        <option value="">{all}</option>
        {values.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
