// Notices in the corner: what was just done, with the way back.
import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { IconButton } from "./icon-button.tsx";
import { closeToast, type ShownToast, shownToasts, stayOf } from "./toasts.ts";
import "./toast.css";

const ICONS = {
  good: "check",
  bad: "alert",
  warn: "alert",
  info: "info",
  neutral: "info",
} as const satisfies Record<string, IconName>;

/**
 * Where notices stand; once on a page. It is a live region that is there before the first notice, so that each is read
 * aloud, and it lies over dialogs.
 */
export function ToastRegion() {
  const region = useRef<HTMLDivElement>(null);
  const toasts = shownToasts.value;
  const newestId = useComputed(() => shownToasts.value.at(-1)?.id).value;
  useEffect(() => {
    const element = region.current;
    if (element === null) return;
    // Shown anew, so that it comes to lie over a dialog that was opened meanwhile.
    if (element.matches(":popover-open")) element.hidePopover();
    if (newestId !== undefined) element.showPopover();
  }, [newestId]);
  return (
    <section aria-label="Notices">
      <div ref={region} class="halo-toasts" popover="manual" role="status" aria-live="polite">
        <ul class="halo-toasts__list">
          {toasts.map((toast) => (
            <Toast key={toast.id} toast={toast} />
          ))}
        </ul>
      </div>
    </section>
  );
}

/** One notice. Its time stands still while it is hovered or has the focus. */
function Toast({ toast }: { readonly toast: ShownToast }) {
  const [isHeld, setIsHeld] = useState(false);
  const stayMs = stayOf(toast);
  useEffect(() => {
    if (isHeld || stayMs === null) return;
    const timer = setTimeout(() => closeToast(toast.id), stayMs);
    return () => clearTimeout(timer);
  }, [isHeld, stayMs, toast.id]);
  const { tone = "neutral", message, action } = toast;
  const hold = () => setIsHeld(true);
  const release = () => setIsHeld(false);
  return (
    <li
      class={classNames("halo-toast", `halo-toast--${tone}`)}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <Icon name={ICONS[tone]} />
      <p class="halo-toast__message">{message}</p>
      {action !== undefined && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => {
            closeToast(toast.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label="Close this notice" size="small" onClick={() => closeToast(toast.id)} />
    </li>
  );
}
