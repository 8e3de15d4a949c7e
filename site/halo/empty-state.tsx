// What stands where nothing is yet: what would be here, and how it comes here.
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";
import "./empty-state.css";

type EmptyStateProps = {
  readonly icon?: IconName;
  readonly title: string;
  readonly headingLevel?: 2 | 3 | 4;
  /** A button, or the command that does it. */
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
};

/** An empty place that explains itself. */
export function EmptyState({ icon, title, headingLevel = 3, actions, children }: EmptyStateProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <div class="halo-empty">
      {icon !== undefined && (
        <span class="halo-empty__icon">
          <Icon name={icon} size="large" />
        </span>
      )}
      <Heading class="halo-empty__title">{title}</Heading>
      {children !== undefined && <div class="halo-empty__text">{children}</div>}
      {actions !== undefined && <div class="halo-empty__actions">{actions}</div>}
    </div>
  );
}
