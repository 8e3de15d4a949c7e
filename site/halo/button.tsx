// A button, or a link that looks like one.
import type { ComponentChildren, JSX, Ref } from "preact";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Spinner } from "./spinner.tsx";
import { Tooltip } from "./tooltip.tsx";
import "./button.css";

/** primary: the one thing to do here. plain: others. quiet: in rows and bars. danger: takes something away. */
export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

type Look = {
  readonly kind?: ButtonKind;
  readonly size?: "small" | "medium" | "large";
  readonly icon?: IconName;
  readonly class?: string;
  readonly children: ComponentChildren;
};

type ButtonProps = Look &
  Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "size" | "class" | "className" | "disabled"> & {
    /** What was asked is under way: the button keeps its place and the focus, and does nothing more. */
    readonly isBusy?: boolean;
    readonly isDisabled?: boolean;
    /** Why it cannot be done now: the button does nothing, can still have the focus, and says this on hover and focus. */
    readonly disabledReason?: string | null;
    readonly elementRef?: Ref<HTMLButtonElement>;
  };

type ButtonLinkProps = Look &
  Omit<JSX.AnchorHTMLAttributes<HTMLAnchorElement>, "icon" | "size" | "class" | "className" | "href"> & {
    readonly href: string;
  };

/** A button: `type="button"` unless told otherwise. A disabled one says why: give `disabledReason`. */
export function Button({
  isBusy = false,
  isDisabled = false,
  disabledReason,
  elementRef,
  ...rest
}: ButtonProps) {
  const { kind = "plain", size = "medium", icon, class: given, children, onClick, ...attributes } = rest;
  const isBlocked = disabledReason !== undefined && disabledReason !== null;
  const button = (
    <button
      type="button"
      {...attributes}
      {...(elementRef === undefined ? {} : { ref: elementRef })}
      class={buttonClass(kind, size, given)}
      disabled={isDisabled}
      aria-busy={isBusy || undefined}
      // A disabled element loses the focus; a busy one must not, and one that says why must be able to have it.
      aria-disabled={isBusy || isBlocked || undefined}
      onClick={(event) => (isBusy || isBlocked ? event.preventDefault() : onClick?.(event))}
    >
      {isBusy ? <Spinner size="small" /> : icon !== undefined && <Icon name={icon} size="small" />}
      <span class="halo-button__label">{children}</span>
    </button>
  );
  return isBlocked ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

/** A link with a button's look, for what leads somewhere. */
export function ButtonLink(props: ButtonLinkProps) {
  const { kind = "plain", size = "medium", icon, class: given, children, ...attributes } = props;
  return (
    <a {...attributes} class={buttonClass(kind, size, given)}>
      {icon !== undefined && <Icon name={icon} size="small" />}
      <span class="halo-button__label">{children}</span>
    </a>
  );
}

function buttonClass(kind: ButtonKind, size: string, given: string | undefined): string {
  return classNames(
    "halo-button",
    `halo-button--${kind}`,
    size !== "medium" && `halo-button--${size}`,
    given,
  );
}
