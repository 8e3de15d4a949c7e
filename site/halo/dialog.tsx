// A dialog: one question or one small task, over the page.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { classNames } from "./class-names.ts";
import { IconButton } from "./icon-button.tsx";
import { useModal } from "./use-modal.ts";
import "./dialog.css";

type DialogProps = {
  readonly isOpen: boolean;
  /** Escape, the cross, or a press beside the dialog. */
  readonly onClose: () => void;
  readonly title: ComponentChildren;
  /** Buttons, the one that does it last. */
  readonly actions?: ComponentChildren;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
};

/**
 * A modal dialog on the native element: the page behind is inert, the focus goes in (to `autofocus`, else the first that
 * can have it) and back to where it was. Its content exists only while it is open.
 */
export function Dialog({ isOpen, onClose, title, actions, isWide = false, children }: DialogProps) {
  const titleId = useId();
  const dialog = useModal(isOpen, onClose);
  return (
    <dialog
      ref={dialog}
      class={classNames("halo-dialog", isWide && "halo-dialog--wide")}
      aria-labelledby={titleId}
    >
      {isOpen && (
        <div class="halo-dialog__box">
          <div class="halo-dialog__head">
            <h2 id={titleId} class="halo-dialog__title">
              {title}
            </h2>
            <IconButton icon="close" label="Close" size="small" onClick={onClose} />
          </div>
          <div class="halo-dialog__body">{children}</div>
          {actions !== undefined && <div class="halo-dialog__actions">{actions}</div>}
        </div>
      )}
    </dialog>
  );
}
