// The reader's own choice of theme, contrast and motion, over what their system says; kept in this browser.

/** What can be chosen; `system` follows the reader's system. */
export type Look = {
  readonly theme: "system" | "dark" | "light";
  readonly contrast: "system" | "more" | "normal";
  readonly motion: "system" | "none";
};

export const SYSTEM_LOOK: Look = { theme: "system", contrast: "system", motion: "system" };

const STORAGE_KEY = "halo-look";
const CHOICES: { readonly [Name in keyof Look]: readonly Look[Name][] } = {
  theme: ["system", "dark", "light"],
  contrast: ["system", "more", "normal"],
  motion: ["system", "none"],
};

/** The look that was kept in this browser; the system's where nothing (or nothing sensible) was. */
export function readLook(): Look {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}");
    return isRecord(kept)
      ? {
          theme: choose("theme", kept.theme),
          contrast: choose("contrast", kept.contrast),
          motion: choose("motion", kept.motion),
        }
      : SYSTEM_LOOK;
  } catch {
    // Storage may be forbidden, or hold what somebody else wrote: the system's look is always right.
    return SYSTEM_LOOK;
  }
}

/** Wears the look on `<html>` (the tokens do the rest) without keeping it. */
export function wearLook(look: Look): void {
  for (const name of ["theme", "contrast", "motion"] as const) {
    if (look[name] === "system") delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = look[name];
  }
}

/** Wears the look, and keeps it in this browser where that is allowed. */
export function keepLook(look: Look): void {
  wearLook(look);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(look));
  } catch {
    // Not kept: it holds for this page.
  }
}

function choose<Name extends keyof Look>(name: Name, kept: unknown): Look[Name] {
  return CHOICES[name].find((choice) => choice === kept) ?? SYSTEM_LOOK[name];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
