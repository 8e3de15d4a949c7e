// Tabs that are addresses: a navigation between views which have a URL each.
import type { Tab } from "./tabs.tsx";
import "./tabs.css";

type TabLinksProps = {
  /** Names the navigation. */
  readonly label: string;
  readonly tabs: readonly (Tab & { readonly href: string })[];
  /** The id of the view that is open. */
  readonly current: string;
};

/** A row of links that looks like tabs; the open one is `aria-current="page"`. */
export function TabLinks({ label, tabs, current }: TabLinksProps) {
  return (
    <nav class="halo-tabs__list" aria-label={label}>
      {tabs.map((tab) => (
        <a
          key={tab.id}
          href={tab.href}
          class="halo-tabs__tab"
          aria-current={tab.id === current ? "page" : undefined}
        >
          {tab.label}
          {tab.aside !== undefined && <span class="halo-tabs__aside">{tab.aside}</span>}
        </a>
      ))}
    </nav>
  );
}
