/** @jsxImportSource hono/jsx */
// A button that needs the browser's own dialog, and so a script; hidden where that does not run.

/** site/public/_identity/passkey.js */
export const PASSKEY_SCRIPT = "/_identity/passkey.js";

type PasskeyButtonProps = {
  /** Which of the script's two acts. */
  readonly act: "sign-in" | "register";
  /** Where to go on after it. */
  readonly next: string;
  readonly label: string;
};

export function PasskeyButton({ act, next, label }: PasskeyButtonProps) {
  return (
    <div class="passkey" hidden data-passkey={act} data-next={next}>
      <button type="button" class="plain">
        {label}
      </button>
      <p class="error" role="alert" />
    </div>
  );
}
