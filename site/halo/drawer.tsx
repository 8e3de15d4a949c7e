// A drawer: the details of one thing, over the side of the page.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { classNames } from "./class-names.ts";
import { IconButton } from "./icon-button.tsx";
import { useModal } from "./use-modal.ts";
import "./drawer.css";

type DrawerProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ComponentChildren;
  /** `start` for navigation, `end` for details. */
  readonly side?: "start" | "end";
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
};

/** A modal panel at the side, the whole width on a phone. It opens, closes and keeps the focus as a Dialog does. */
export function Drawer({ isOpen, onClose, title, side = "end", actions, children }: DrawerProps) {
  const titleId = useId();
  const dialog = useModal(isOpen, onClose);
  return (
    <dialog ref={dialog} class={classNames("halo-drawer", `halo-drawer--${side}`)} aria-labelledby={titleId}>
      {isOpen && (
        <div class="halo-drawer__box">
          <div class="halo-drawer__head">
            <h2 id={titleId} class="halo-drawer__title">
              {title}
            </h2>
            <IconButton icon="close" label="Close" size="small" onClick={onClose} />
          </div>
          <div class="halo-drawer__body">{children}</div>
          {actions !== undefined && <div class="halo-drawer__actions">{actions}</div>}
        </div>
      )}
    </dialog>
  );
}
