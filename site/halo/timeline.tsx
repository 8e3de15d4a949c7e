// A short history as dots on a line. (The Time Machine draws a whole project's on a canvas of its own.)
import type { ComponentChildren } from "preact";
import type { Tone } from "./badge.tsx";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { RelativeTime } from "./relative-time.tsx";
import "./timeline.css";

/** One thing that happened. */
export type TimelineEntry = {
  readonly id: string;
  readonly title: ComponentChildren;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly detail?: ComponentChildren;
};

type TimelineProps = {
  readonly label: string;
  /** In the order in which they are shown. */
  readonly entries: readonly TimelineEntry[];
};

/** An ordered list of moments. */
export function Timeline({ label, entries }: TimelineProps) {
  return (
    <ol class="halo-timeline" aria-label={label}>
      {entries.map(({ id, title, ts, tone = "neutral", icon, detail }) => (
        <li key={id} class={classNames("halo-timeline__entry", `halo-timeline__entry--${tone}`)}>
          <span class="halo-timeline__dot" aria-hidden="true">
            {icon !== undefined && <Icon name={icon} size="small" />}
          </span>
          <div class="halo-timeline__body">
            <div class="halo-timeline__head">
              <span class="halo-timeline__title">{title}</span>
              <span class="halo-timeline__time">
                <RelativeTime ts={ts} />
              </span>
            </div>
            {detail !== undefined && <div class="halo-timeline__detail">{detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
