// A command to copy that works on files alone: it asks no platform, and needs no address.
import { CopyButton } from "../../../halo/copy-button.tsx";

export function LocalCommand({ text }: { readonly text: string }) {
  return (
    <span class="caps-command">
      <code>{text}</code>
      <CopyButton text={text} label={`Copy the command: ${text}`} />
    </span>
  );
}
