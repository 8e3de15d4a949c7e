// What stands around every view: the rail (a drawer on phones), the main part, the keys.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { IconButton } from "../../halo/icon-button.tsx";
import { ToastRegion } from "../../halo/toast.tsx";
import { useModal } from "../../halo/use-modal.ts";
import { openRoom } from "../data/project-room.ts";
import { ConnectionState } from "./connection-state.tsx";
import { KeyHelp } from "./key-help.tsx";
import { Mark } from "./mark.tsx";
import { Palette } from "./palette.tsx";
import { isPaletteOpen } from "./palette-state.ts";
import { Rail } from "./rail.tsx";
import { useKeys } from "./use-keys.ts";
import "./studio-shell.css";

export function StudioShell({ children }: { readonly children: ComponentChildren }) {
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const close = (): void => setIsDrawerOpen(false);
  const drawer = useModal(isDrawerOpen, close);
  const { path } = useLocation();
  useKeys();
  // Whoever has gone somewhere needs the drawer no more.
  useEffect(close, [path]);
  return (
    <div class="studio">
      <a class="skip" href="#view">
        Skip to the view
      </a>
      <header class="studio__bar">
        <IconButton icon="menu" label="Menu" onClick={() => setIsDrawerOpen(true)} />
        <a class="studio__brand" href="/studio">
          <Mark />
          <span>{openRoom.value?.detail.name ?? "Studio"}</span>
        </a>
        <ConnectionState isShort />
        <IconButton
          icon="search"
          label="Search and commands"
          onClick={() => {
            isPaletteOpen.value = true;
          }}
        />
      </header>
      <div class="studio__rail">
        <Rail />
      </div>
      <dialog class="studio__drawer" ref={drawer} aria-label="Menu">
        {isDrawerOpen ? (
          <>
            <IconButton icon="close" label="Close the menu" class="studio__drawer-close" onClick={close} />
            <Rail />
          </>
        ) : null}
      </dialog>
      <main id="view" class="studio__main" tabIndex={-1}>
        {children}
      </main>
      <Palette />
      <KeyHelp />
      <ToastRegion />
    </div>
  );
}
