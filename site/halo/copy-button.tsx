// A button that copies a text, and says whether that worked.
import { useEffect, useState } from "preact/hooks";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import "./copy-button.css";

type CopyButtonProps = {
  readonly text: string;
  /** What is copied, read aloud: "Copy the digest". */
  readonly label: string;
  /** With the word Copy beside the icon. */
  readonly hasWord?: boolean;
};

const SAID_MS = 1_600;

/** Copies `text`; without a clipboard (an insecure page, a forbidding browser) it says to select it. */
export function CopyButton({ text, label, hasWord = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"none" | "copied" | "refused">("none");
  useEffect(() => {
    if (outcome === "none") return;
    const timer = setTimeout(() => setOutcome("none"), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => setOutcome((await writeToClipboard(text)) ? "copied" : "refused");
  const icon = outcome === "copied" ? "check" : outcome === "refused" ? "alert" : "copy";
  const said = { none: "", copied: "Copied", refused: "Not copied: select the text instead" }[outcome];
  return (
    <span class="halo-copy">
      {hasWord ? (
        <Button kind="quiet" size="small" icon={icon} aria-label={label} onClick={copy}>
          {outcome === "copied" ? "Copied" : "Copy"}
        </Button>
      ) : (
        <IconButton icon={icon} label={label} size="small" onClick={copy} />
      )}
      <span class="only-read" role="status">
        {said}
      </span>
    </span>
  );
}

async function writeToClipboard(text: string): Promise<boolean> {
  // There is no clipboard outside a secure context.
  if (navigator.clipboard === undefined) return false;
  return await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
