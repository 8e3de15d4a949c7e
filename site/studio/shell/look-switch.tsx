// Dark, light or as the system has it, and more contrast; kept in this browser (site/halo/theme.ts).
import { useState } from "preact/hooks";
import { type Segment, SegmentedControl } from "../../halo/segmented-control.tsx";
import { keepLook, type Look, readLook } from "../../halo/theme.ts";

const THEMES: readonly Segment<Look["theme"]>[] = [
  { value: "system", label: "System" },
  { value: "dark", label: "Dark", icon: "moon" },
  { value: "light", label: "Light", icon: "sun" },
];

export function LookSwitch() {
  const [look, setLook] = useState(readLook);
  const choose = (chosen: Partial<Look>): void => {
    const next = { ...look, ...chosen };
    setLook(next);
    keepLook(next);
  };
  return (
    <div class="look">
      <SegmentedControl
        label="Theme"
        isLabelHidden
        segments={THEMES}
        value={look.theme}
        onChange={(theme) => choose({ theme })}
      />
      <label class="look__contrast">
        <input
          type="checkbox"
          checked={look.contrast === "more"}
          onChange={({ currentTarget }) => choose({ contrast: currentTarget.checked ? "more" : "system" })}
        />
        High contrast
      </label>
    </div>
  );
}
