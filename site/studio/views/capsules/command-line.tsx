// A command to copy.
import { CopyButton } from "../../../halo/copy-button.tsx";

export function CommandLine({ command }: { readonly command: string }) {
  return (
    <span class="caps-command">
      <code>{command}</code>
      <CopyButton text={command} label={`Copy ${command}`} />
    </span>
  );
}
