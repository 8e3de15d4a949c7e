// The palette that reaches everything (WAI-ARIA APG, combobox with a list box).
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { type FoundCommand, filterCommands, type PaletteCommand } from "./filter-commands.ts";
import { Icon } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";
import { nextIndex } from "./roving-index.ts";
import { Spinner } from "./spinner.tsx";
import { useModal } from "./use-modal.ts";
import "./command-palette.css";

type CommandPaletteProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly commands: readonly PaletteCommand[];
  readonly placeholder?: string;
  /** Tells what is typed, for who looks more commands up by it. */
  readonly onQuery?: (query: string) => void;
  /** More commands are on their way. */
  readonly isBusy?: boolean;
};

/**
 * A dialog with a field and a list: typing filters, arrows choose, Enter runs and closes. The focus stays in the field;
 * the list's active option is told by `aria-activedescendant`.
 */
export function CommandPalette({ isOpen, onClose, ...content }: CommandPaletteProps) {
  const dialog = useModal(isOpen, onClose);
  return (
    <dialog ref={dialog} class="halo-palette" aria-label="Command palette">
      {isOpen && <PaletteContent onClose={onClose} {...content} />}
    </dialog>
  );
}

function PaletteContent(props: Omit<CommandPaletteProps, "isOpen">) {
  const { onClose, commands, placeholder = "Where to, or what to do?", onQuery, isBusy = false } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const groups = useMemo(() => filterCommands(commands, query), [commands, query]);
  const flat = groups.flatMap((group) => group.found);
  const current = Math.min(active, flat.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current, groups]);
  const run = (found: FoundCommand | undefined) => {
    if (found === undefined) return;
    // Closed first: the focus is back before the command takes it elsewhere.
    onClose();
    found.command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      run(flat[current]);
      return;
    }
    // Home and End stay the field's own.
    const next = event.key.startsWith("Arrow")
      ? nextIndex(event.key, current, flat.length, "vertical")
      : null;
    if (next === null) return;
    event.preventDefault();
    setActive(next);
  };
  const optionId = (index: number) => `${id}-option-${index}`;
  return (
    <div class="halo-palette__box">
      <div class="halo-palette__field">
        {isBusy ? <Spinner size="small" label="Looking" /> : <Icon name="search" />}
        <input
          type="text"
          role="combobox"
          class="halo-palette__input"
          aria-label="Command"
          aria-expanded={flat.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={flat.length === 0 ? undefined : optionId(current)}
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholder}
          value={query}
          onKeyDown={onKeyDown}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
            onQuery?.(event.currentTarget.value);
          }}
        />
        <Kbd keys="Esc" />
      </div>
      <div ref={list} id={`${id}-list`} class="halo-palette__list" role="listbox" aria-label="Commands">
        {groups.map(({ name, found }) => (
          <fieldset key={name} class="halo-palette__found" aria-labelledby={`${id}-${name}`}>
            <div id={`${id}-${name}`} class="halo-palette__group" role="presentation">
              {name}
            </div>
            {found.map((each) => {
              const index = flat.indexOf(each);
              return (
                <Option
                  key={each.command.id}
                  id={optionId(index)}
                  found={each}
                  isActive={index === current}
                  onPoint={() => setActive(index)}
                  onRun={() => run(each)}
                />
              );
            })}
          </fieldset>
        ))}
      </div>
      {flat.length === 0 && <p class="halo-palette__none">Nothing is called like that.</p>}
      <p class="only-read" role="status">
        {flat.length === 1 ? "1 command" : `${flat.length} commands`}
      </p>
    </div>
  );
}

type OptionProps = {
  readonly id: string;
  readonly found: FoundCommand;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onRun: () => void;
};

function Option({ id, found: { command, positions }, isActive, onPoint, onRun }: OptionProps) {
  return (
    <div
      id={id}
      role="option"
      class="halo-palette__option"
      aria-selected={isActive}
      tabIndex={-1}
      onPointerMove={isActive ? undefined : onPoint}
      // The field keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onRun}
      onKeyDown={(event) => event.key === "Enter" && onRun()}
    >
      <span class="halo-palette__icon">
        {command.icon !== undefined && <Icon name={command.icon} size="small" />}
      </span>
      <span class="halo-palette__words">
        <span class="halo-palette__title">
          <Meant text={command.title} positions={positions} />
        </span>
        {command.hint !== undefined && <span class="halo-palette__hint">{command.hint}</span>}
      </span>
      {command.shortcut !== undefined && <Kbd keys={command.shortcut} />}
    </div>
  );
}

/** The title with the letters that were meant. */
function Meant({ text, positions }: { readonly text: string; readonly positions: readonly number[] }) {
  const meant = new Set(positions);
  return <>{[...text].map((letter, index) => (meant.has(index) ? <b key={index}>{letter}</b> : letter))}</>;
}
