// Chooses a `.caps` from the disk to check it; the same as dropping it.
import { useRef } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { useCommands } from "../../shell/commands.ts";
import { chooseCaps } from "./caps-check.ts";

export function ChooseCapsButton() {
  const input = useRef<HTMLInputElement>(null);
  const open = () => input.current?.click();
  useCommands([
    {
      id: "caps-check",
      title: "Check a .caps file in this browser",
      group: "Capsules",
      icon: "shield",
      run: open,
    },
  ]);
  return (
    <>
      <Button icon="shield" onClick={open}>
        Check a .caps file
      </Button>
      <input
        ref={input}
        class="caps-file"
        type="file"
        accept=".caps"
        aria-label="A .caps file to check"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file may be chosen again after it has changed.
          currentTarget.value = "";
          if (file !== undefined) chooseCaps(file);
        }}
      />
    </>
  );
}
