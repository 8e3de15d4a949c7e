// Which keys there are; `?` opens it.
import { Dialog } from "../../halo/dialog.tsx";
import { Kbd } from "../../halo/kbd.tsx";
import { openRoom } from "../data/project-room.ts";
import { PLATFORM_VIEWS, PROJECT_VIEWS } from "../views.ts";
import { isKeyHelpOpen } from "./palette-state.ts";
import "./key-help.css";

export function KeyHelp() {
  const close = (): void => {
    isKeyHelpOpen.value = false;
  };
  const views = [...(openRoom.value === null ? [] : PROJECT_VIEWS), ...PLATFORM_VIEWS];
  const keys: readonly (readonly [string, string])[] = [
    ["Mod K", "Search and commands"],
    ["?", "This help"],
    ...views.map(({ goKey, name }) => [`g ${goKey}`, name] as const),
    ["Esc", "Close what is open"],
  ];
  return (
    <Dialog isOpen={isKeyHelpOpen.value} onClose={close} title="Keys">
      <dl class="key-help">
        {keys.map(([shortcut, what]) => (
          <div key={shortcut}>
            <dt>
              <Kbd keys={shortcut} />
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
