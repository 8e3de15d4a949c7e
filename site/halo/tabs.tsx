// Tabs: views of one thing, of which one is shown (WAI-ARIA APG, tabs).
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { classNames } from "./class-names.ts";
import { nextIndex } from "./roving-index.ts";
import "./tabs.css";

/** One tab; `aside` stands behind its name: a count, a badge. */
export type Tab<Id extends string = string> = {
  readonly id: Id;
  readonly label: string;
  readonly aside?: ComponentChildren;
};

/** The panel takes the focus itself, so that one without anything to operate can be scrolled. */
function panelOf(tabId: string) {
  return { role: "tabpanel", tabIndex: 0, "aria-labelledby": tabId } as const;
}

type TabsProps<Id extends string> = {
  /** Names the list of tabs. */
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** What the selected tab shows. */
  readonly children: ComponentChildren;
  readonly class?: string;
};

/** A list of tabs with one stop for Tab; arrows, Home and End move and select. */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect, ...rest }: TabsProps<Id>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const current = tabs.findIndex((tab) => tab.id === selected);
    const next = nextIndex(event.key, current, tabs.length, "horizontal");
    const tab = next === null ? undefined : tabs[next];
    if (next === null || tab === undefined) return;
    event.preventDefault();
    onSelect(tab.id);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div class={classNames("halo-tabs", rest.class)}>
      <div ref={list} class="halo-tabs__list" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            class="halo-tabs__tab"
            aria-selected={tab.id === selected}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
            {tab.aside !== undefined && <span class="halo-tabs__aside">{tab.aside}</span>}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} class="halo-tabs__panel" {...panelOf(`${id}-${selected}`)}>
        {rest.children}
      </div>
    </div>
  );
}
