// A link to another view; only its words where that view has not landed.
import type { ComponentChildren } from "preact";
import { hasView, type ViewId } from "../view-ids.ts";

type ViewLinkProps = {
  readonly view: ViewId;
  readonly href: string;
  readonly class?: string;
  readonly children: ComponentChildren;
};

export function ViewLink({ view, href, class: given, children }: ViewLinkProps) {
  if (!hasView(view)) return <span class={given}>{children}</span>;
  return (
    <a class={given} href={href}>
      {children}
    </a>
  );
}
