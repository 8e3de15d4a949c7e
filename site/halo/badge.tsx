// A badge: one or two words on how something stands.
import type { ComponentChildren } from "preact";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import "./badge.css";

/** What a state means to people; the words say it too, so that nothing hangs on colour alone. */
export type Tone = "good" | "bad" | "warn" | "info" | "neutral" | "live";

type BadgeProps = {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly class?: string;
  readonly children: ComponentChildren;
};

/** A small label in a tone; `live` has a dot that breathes. */
export function Badge({ tone = "neutral", icon, class: given, children }: BadgeProps) {
  return (
    <span class={classNames("halo-badge", `halo-badge--${tone}`, given)}>
      {tone === "live" && <span class="halo-badge__dot" aria-hidden="true" />}
      {icon !== undefined && <Icon name={icon} size="small" />}
      {children}
    </span>
  );
}
