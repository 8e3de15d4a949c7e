// One view in the rail. Its chunk begins to load as soon as somebody aims at it.
import { Icon } from "../../halo/icon.tsx";
import type { PlatformView, ProjectView } from "../views.ts";

type NavEntryProps = {
  readonly view: ProjectView | PlatformView;
  readonly href: string;
  readonly isCurrent: boolean;
};

export function NavEntry({ view, href, isCurrent }: NavEntryProps) {
  const preload = (): void => void view.component.preload();
  return (
    <li>
      <a
        class="nav-entry"
        href={href}
        aria-current={isCurrent ? "page" : undefined}
        aria-keyshortcuts={`g ${view.goKey}`}
        onPointerEnter={preload}
        onFocus={preload}
      >
        <Icon name={view.icon} />
        <span>{view.name}</span>
      </a>
    </li>
  );
}
