// A button that is only an icon; its name is read aloud and shown on hover and focus.
import type { JSX, Ref } from "preact";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Tooltip } from "./tooltip.tsx";
import "./icon-button.css";

type IconButtonProps = Omit<
  JSX.ButtonHTMLAttributes<HTMLButtonElement>,
  "icon" | "label" | "size" | "class" | "className" | "disabled"
> & {
  readonly icon: IconName;
  /** What it does, in a word or two. */
  readonly label: string;
  readonly size?: "small" | "medium";
  readonly isDisabled?: boolean;
  readonly class?: string;
  readonly elementRef?: Ref<HTMLButtonElement>;
};

/** An icon alone as a button. Prefer a Button with words where there is room. */
export function IconButton({
  icon,
  label,
  size = "medium",
  isDisabled,
  elementRef,
  ...rest
}: IconButtonProps) {
  const { class: given, ...attributes } = rest;
  return (
    <Tooltip text={label} isName>
      <button
        type="button"
        {...attributes}
        {...(elementRef === undefined ? {} : { ref: elementRef })}
        class={classNames("halo-icon-button", size === "small" && "halo-icon-button--small", given)}
        aria-label={label}
        disabled={isDisabled ?? false}
      >
        <Icon name={icon} size={size} />
      </button>
    </Tooltip>
  );
}
