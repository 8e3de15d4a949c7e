// What stands around every view: the rail (a drawer on phones), the main part, the palette, notices, the keys.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { Drawer } from "../../halo/drawer.tsx";
import { IconButton } from "../../halo/icon-button.tsx";
import { ToastRegion } from "../../halo/toast.tsx";
import { openRoom } from "../data/project-room.ts";
import { Brand } from "./brand.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { KeyHelp } from "./key-help.tsx";
import { Palette } from "./palette.tsx";
import { isKeyHelpOpen, paletteMode } from "./palette-state.ts";
import { Rail } from "./rail.tsx";
import { RefusalBanner } from "./refusal-banner.tsx";
import { useKeys } from "./use-keys.ts";
import "./studio-shell.css";

export function StudioShell({ children }: { readonly children: ComponentChildren }) {
  useKeys();
  return (
    <div class="studio">
      <a class="skip" href="#view">
        Skip to the view
      </a>
      <TopBar />
      <header class="studio__rail">
        <Brand />
        <Rail />
      </header>
      <main id="view" class="studio__main" tabIndex={-1}>
        <RefusalBanner />
        {children}
      </main>
      <Palette />
      <KeyHelp />
      <ToastRegion />
    </div>
  );
}

/** On narrow screens, where the rail has no room. */
function TopBar() {
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  const { path } = useLocation();
  const isSomethingElseOpen = paletteMode.value !== "closed" || isKeyHelpOpen.value;
  // Whoever has gone somewhere, or asked for something else, needs the drawer no more.
  useEffect(close, [path, isSomethingElseOpen]);
  return (
    <>
      <header class="studio__bar">
        <IconButton icon="menu" label="Menu" onClick={() => setIsOpen(true)} />
        <Brand name={openRoom.value?.detail.name} />
        <ConnectionState isShort />
        <IconButton
          icon="search"
          label="Search and commands"
          onClick={() => {
            paletteMode.value = "all";
          }}
        />
      </header>
      {/* Not inside of the bar, which a wider window hides. */}
      <Drawer isOpen={isOpen} onClose={close} side="start" title="Studio">
        <Rail />
      </Drawer>
    </>
  );
}
