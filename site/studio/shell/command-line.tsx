// A command for a terminal, to copy: what the page does can be done there too.
import { CopyButton } from "../../halo/copy-button.tsx";
import "./command-line.css";

/** `text` without the address: it is added where the command line would look elsewhere. */
export function CommandLine({ text }: { readonly text: string }) {
  const whole = isDefaultPlatform() ? text : `${text} --url ${location.origin}`;
  return (
    <div class="command-line">
      <code>{whole}</code>
      <CopyButton text={whole} label={`Copy the command: ${text}`} />
    </div>
  );
}

/** Where the command line looks when nobody tells it (cli/http/platform-url.ts). */
function isDefaultPlatform(): boolean {
  return location.port === "8787" && ["localhost", "127.0.0.1"].includes(location.hostname);
}
