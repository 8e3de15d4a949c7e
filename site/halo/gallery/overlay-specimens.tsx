// Dialog, drawer, notices, palette.
import { useState } from "preact/hooks";
import { Button } from "../button.tsx";
import { CommandPalette } from "../command-palette.tsx";
import { Dialog } from "../dialog.tsx";
import { Drawer } from "../drawer.tsx";
import type { PaletteCommand } from "../filter-commands.ts";
import { Kbd } from "../kbd.tsx";
import { showToast } from "../toasts.ts";
import { useShortcut } from "../use-shortcut.ts";
import type { SpecimenEntry } from "./specimen.tsx";

export const OVERLAY_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "Dialog",
    about: "One question or one small task. Escape closes it; the focus goes back to where it was.",
    isRow: true,
    Show: DialogStates,
  },
  {
    name: "Drawer",
    about: "The details of one thing, over the side of the page.",
    isRow: true,
    Show: DrawerStates,
  },
  {
    name: "Toast",
    about: "What was just done, with the way back. Its time stands still while it is looked at.",
    isRow: true,
    Show: ToastStates,
  },
  {
    name: "CommandPalette",
    about: "Reaches everything: typing filters, arrows choose, Enter runs.",
    isRow: true,
    Show: PaletteStates,
  },
];

function DialogStates() {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Open the dialog</Button>
      <Dialog
        isOpen={isOpen}
        onClose={close}
        title="Restore this moment?"
        actions={
          <>
            <Button kind="quiet" onClick={close}>
              Cancel
            </Button>
            <Button kind="primary" icon="restore" onClick={close}>
              Restore
            </Button>
          </>
        }
      >
        <p>
          The files and settings of 14:02 become the newest state of this branch. Nothing is lost: it can be
          undone.
        </p>
      </Dialog>
    </>
  );
}

function DrawerStates() {
  const [side, setSide] = useState<"start" | "end" | null>(null);
  const close = () => setSide(null);
  return (
    <>
      <Button onClick={() => setSide("end")}>Open the drawer</Button>
      <Button kind="quiet" onClick={() => setSide("start")}>
        From the other side
      </Button>
      <Drawer
        isOpen={side !== null}
        onClose={close}
        side={side ?? "end"}
        title="Statement"
        actions={<Button onClick={close}>Done</Button>}
      >
        <p>What the node says, who signed it, and what was checked would stand here.</p>
      </Drawer>
    </>
  );
}

function ToastStates() {
  return (
    <>
      <Button
        onClick={() =>
          showToast({
            message: "Restored the moment of 14:02.",
            tone: "good",
            action: { label: "Undo", run: () => showToast({ message: "Undone: the branch is as it was." }) },
          })
        }
      >
        Something was done
      </Button>
      <Button
        kind="quiet"
        onClick={() =>
          showToast({ message: "The branch has moved: look at what is new first.", tone: "bad" })
        }
      >
        Something failed
      </Button>
    </>
  );
}

const PLACES = [
  { id: "history", title: "Open the history", icon: "clock", hint: "fair-share" },
  { id: "files", title: "Open the files", icon: "folder", hint: "fair-share" },
  {
    id: "capsules",
    title: "Open the capsules",
    icon: "capsule",
    hint: "fair-share",
    keywords: "caps bundles",
  },
  { id: "mesh", title: "Open the mesh", icon: "mesh", hint: "fair-share", keywords: "simulation evidence" },
] as const;
const DEEDS = [
  { id: "deploy", title: "Deploy the newest capsule to dev", icon: "rocket", shortcut: "Shift D" },
  { id: "branch", title: "Branch from this moment", icon: "branch", shortcut: "Shift B" },
  { id: "restore", title: "Restore this moment", icon: "restore", keywords: "undo back" },
] as const;

function PaletteStates() {
  const [isOpen, setIsOpen] = useState(false);
  useShortcut("Mod K", () => setIsOpen(true));
  const say = (title: string) => () => showToast({ message: `Chosen: ${title}` });
  const commands: readonly PaletteCommand[] = [
    ...PLACES.map((place) => ({ ...place, group: "Go to", run: say(place.title) })),
    ...DEEDS.map((deed) => ({ ...deed, group: "Do", run: say(deed.title) })),
  ];
  return (
    <>
      <Button icon="search" onClick={() => setIsOpen(true)}>
        Open the palette
      </Button>
      <Kbd keys="Mod K" />
      <CommandPalette isOpen={isOpen} onClose={() => setIsOpen(false)} commands={commands} />
    </>
  );
}
