// A view in a chunk of its own. One that cannot be loaded says so: after a deploy its file may be gone, and offline it
// cannot come.
import type { ComponentType } from "preact";
import lazy from "preact-iso/lazy";
import { ViewHeading } from "./shell/view-heading.tsx";

export type LazyView = ComponentType & { readonly preload: () => Promise<unknown> };

/** Begins to load when it is first shown, or on preload(). */
export function lazyView(load: () => Promise<ComponentType>): LazyView {
  return lazy<ComponentType>(() => load().catch(() => MissingView)) as LazyView;
}

function MissingView() {
  return (
    <section class="view">
      <ViewHeading title="This view did not load" />
      <p>You may be offline, or the platform was updated since you opened this page.</p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </p>
    </section>
  );
}
