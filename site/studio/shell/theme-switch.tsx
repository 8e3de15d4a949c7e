// Dark, light or as the system has it, and more contrast. public/_studio/theme.js sets the same before the first paint.
import { useState } from "preact/hooks";

const THEMES = ["system", "dark", "light"] as const;
type Theme = (typeof THEMES)[number];

const NAMES: Readonly<Record<Theme, string>> = { system: "System", dark: "Dark", light: "Light" };
/** The names under which public/_studio/theme.js looks. */
const THEME_KEY = "oursynth.theme";
const CONTRAST_KEY = "oursynth.contrast";

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(
    () => THEMES.find((name) => name === read(THEME_KEY)) ?? "system",
  );
  const [hasContrast, setHasContrast] = useState(() => read(CONTRAST_KEY) === "more");
  const choose = (chosen: Theme): void => {
    setTheme(chosen);
    keep(THEME_KEY, chosen === "system" ? null : chosen, "theme");
  };
  const contrast = (wanted: boolean): void => {
    setHasContrast(wanted);
    keep(CONTRAST_KEY, wanted ? "more" : null, "contrast");
  };
  return (
    <fieldset class="theme">
      <legend class="only-read">Look</legend>
      <select
        aria-label="Theme"
        value={theme}
        onChange={({ currentTarget }) =>
          choose(THEMES.find((name) => name === currentTarget.value) ?? "system")
        }
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {NAMES[name]}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={hasContrast}
          onChange={({ currentTarget }) => contrast(currentTarget.checked)}
        />
        More contrast
      </label>
    </fieldset>
  );
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // A browser that keeps nothing for us still shows the page.
    return null;
  }
}

function keep(key: string, value: string | null, attribute: "theme" | "contrast"): void {
  if (value === null) delete document.documentElement.dataset[attribute];
  else document.documentElement.dataset[attribute] = value;
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // As above: it holds until the page is left.
  }
}
