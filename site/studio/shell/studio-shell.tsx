// What stands around every view: the rail (a drawer on phones), the main part, the keys.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { Icon } from "./icon.tsx";
import { Rail } from "./rail.tsx";

export function StudioShell({ children }: { readonly children: ComponentChildren }) {
  const drawer = useRef<HTMLDialogElement>(null);
  const { path } = useLocation();
  // Whoever has gone somewhere needs the drawer no more.
  useEffect(() => drawer.current?.close(), [path]);
  return (
    <div class="studio">
      <a class="skip" href="#view">
        Skip to the view
      </a>
      <header class="top-bar">
        <button type="button" class="plain" aria-label="Menu" onClick={() => drawer.current?.showModal()}>
          <Icon name="menu" />
        </button>
        <a class="brand" href="/studio">
          OurSynth Studio
        </a>
      </header>
      <div class="rail-place">
        <Rail />
      </div>
      <dialog class="rail-drawer" ref={drawer} aria-label="Menu">
        <button
          type="button"
          class="plain"
          aria-label="Close the menu"
          onClick={() => drawer.current?.close()}
        >
          <Icon name="close" />
        </button>
        <Rail />
      </dialog>
      <main id="view" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
