// Keys of a shortcut.
import { useEffect, useState } from "preact/hooks";
import "./kbd.css";

type KbdProps = {
  /** Keys with a space between; `Mod` is ⌘ on a Mac and Ctrl elsewhere: `Mod K`. */
  readonly keys: string;
};

/** A shortcut as keys to be seen. */
export function Kbd({ keys }: KbdProps) {
  const [isMac, setIsMac] = useState(false);
  // The page is made without knowing the reader's machine.
  useEffect(() => setIsMac(/Mac|iPhone|iPad/.test(navigator.platform)), []);
  return (
    <span class="halo-kbd">
      {keys.split(" ").map((key) => (
        <kbd key={key} class="halo-kbd__key">
          {key === "Mod" ? (isMac ? "⌘" : "Ctrl") : key}
        </kbd>
      ))}
    </span>
  );
}
