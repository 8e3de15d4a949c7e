// A card: one thing with a title, some facts, and what can be done with it.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { classNames } from "./class-names.ts";
import { GlassLayer } from "./glass-layer.tsx";
import "./card.css";

type CardProps = {
  readonly title?: ComponentChildren;
  /** The level of the title in the page's outline. */
  readonly headingLevel?: 2 | 3 | 4;
  /** Makes the whole card a link, named by its title. */
  readonly href?: string;
  /** Beside the title: a badge, a menu. */
  readonly aside?: ComponentChildren;
  /** At the end: buttons. */
  readonly actions?: ComponentChildren;
  readonly depth?: "flat" | "raised" | "lit";
  readonly class?: string;
  readonly children?: ComponentChildren;
};

/** A glass card. With `href` all of it can be clicked, while links and buttons inside stay their own. */
export function Card({ title, headingLevel = 3, href, aside, actions, depth = "flat", ...rest }: CardProps) {
  const titleId = useId();
  const Heading = `h${headingLevel}` as const;
  const named = title === undefined ? {} : { "aria-labelledby": titleId };
  return (
    <GlassLayer
      as="article"
      depth={depth}
      class={classNames("halo-card", href !== undefined && "halo-card--link", rest.class)}
      {...named}
    >
      {title !== undefined && (
        <div class="halo-card__head">
          <Heading id={titleId} class="halo-card__title">
            {href === undefined ? title : <a href={href}>{title}</a>}
          </Heading>
          {aside !== undefined && <div class="halo-card__aside">{aside}</div>}
        </div>
      )}
      {rest.children}
      {actions !== undefined && <div class="halo-card__actions">{actions}</div>}
    </GlassLayer>
  );
}
