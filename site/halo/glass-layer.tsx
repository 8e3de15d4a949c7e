// A pane of glass: what panels, bars and cards are made of.
import type { ComponentChildren, JSX } from "preact";
import { classNames } from "./class-names.ts";
import "./glass-layer.css";

type GlassLayerProps = {
  readonly as?: "div" | "section" | "aside" | "header" | "nav" | "article";
  /** flat: in a page. raised: over other things. lit: the one that matters now, with the neon's halo. */
  readonly depth?: "flat" | "raised" | "lit";
  readonly class?: string;
  readonly children: ComponentChildren;
} & Pick<JSX.HTMLAttributes<HTMLElement>, "id" | "aria-label" | "aria-labelledby" | "role">;

/** Glass with blur behind it; opaque where the reader's system asks for less transparency or more contrast. */
export function GlassLayer({
  as: Tag = "div",
  depth = "flat",
  class: given,
  children,
  ...rest
}: GlassLayerProps) {
  return (
    <Tag {...rest} class={classNames("halo-glass", `halo-glass--${depth}`, given)}>
      {children}
    </Tag>
  );
}
