// The h1 of a view: it names the page in the browser's title, and takes the focus when one has come here by a link.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useRoute } from "preact-iso/router";
import { openRoom } from "../data/project-room.ts";
import "./view-heading.css";

type ViewHeadingProps = {
  readonly title: string;
  /** Stands above the title, small: where one is. */
  readonly eyebrow?: ComponentChildren;
  /** Actions at the right. */
  readonly children?: ComponentChildren;
};

/** The first heading of a page leaves the focus where the browser puts it. */
let isFirst = true;

export function ViewHeading({ title, eyebrow, children }: ViewHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The view's own place, which stays the same while another view is on its way; a change of the query moves no focus.
  const { path, params } = useRoute();
  const place = JSON.stringify([path, params]);
  const project = openRoom.value?.detail.name;
  useEffect(() => {
    document.title = [title, project === title ? undefined : project, "OurSynth Studio"]
      .filter((part) => part !== undefined)
      .join(" – ");
  }, [title, project]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, [place]);
  return (
    <header class="view-heading">
      <div>
        {eyebrow === undefined ? null : <p class="view-heading__eyebrow">{eyebrow}</p>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
      </div>
      {children === undefined ? null : <div class="view-heading__actions">{children}</div>}
    </header>
  );
}
