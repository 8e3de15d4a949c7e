// What Dialog, Drawer and the command palette share: a native <dialog> that is open while it is said to be.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Opens and closes the `<dialog>` of the returned ref with `isOpen`. The browser makes the rest of the page inert; the
 * focus goes back to where it was, also when the dialog is taken off the page while open. Escape and a press on the
 * veil call `onClose`; whoever owns `isOpen` decides.
 */
export function useModal(isOpen: boolean, onClose: () => void): RefObject<HTMLDialogElement> {
  const dialog = useRef<HTMLDialogElement>(null);
  const latestOnClose = useRef(onClose);
  latestOnClose.current = onClose;
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!isOpen || element === null) return;
    const opener = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      // A closed dialog gives the focus back by itself; one that is already off the page cannot.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [isOpen]);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const onCancel = (event: Event) => {
      event.preventDefault();
      latestOnClose.current();
    };
    // Pressed on the veil, not dragged out of a field onto it.
    const onPointerDown = (event: Event) => {
      if (event.target === element) latestOnClose.current();
    };
    element.addEventListener("cancel", onCancel);
    element.addEventListener("pointerdown", onPointerDown);
    return () => {
      element.removeEventListener("cancel", onCancel);
      element.removeEventListener("pointerdown", onPointerDown);
    };
  }, []);
  return dialog;
}
