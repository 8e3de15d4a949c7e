// The gallery: every component of Halo with its states, in any look. It is the visual test as well.
import { useEffect, useState } from "preact/hooks";
import { SegmentedControl } from "../segmented-control.tsx";
import { keepLook, type Look, readLook, SYSTEM_LOOK } from "../theme.ts";
import { ActionSpecimens } from "./action-specimens.tsx";
import { SurfaceSpecimens } from "./surface-specimens.tsx";
import "./gallery.css";

/** The island of `/halo`. */
export function Gallery() {
  return (
    <div class="gallery">
      <LookSwitches />
      <ActionSpecimens />
      <SurfaceSpecimens />
    </div>
  );
}

function LookSwitches() {
  const [look, setLook] = useState<Look>(SYSTEM_LOOK);
  // The page is made without knowing the reader; what they chose before is worn once it stands.
  useEffect(() => choose(readLook()), []);
  const choose = (next: Look) => {
    setLook(next);
    keepLook(next);
  };
  return (
    <div class="gallery__switches">
      <SegmentedControl
        label="Theme"
        segments={[
          { value: "system", label: "System" },
          { value: "dark", label: "Dark", icon: "moon" },
          { value: "light", label: "Light", icon: "sun" },
        ]}
        value={look.theme}
        onChange={(theme) => choose({ ...look, theme })}
      />
      <SegmentedControl
        label="Contrast"
        segments={[
          { value: "system", label: "System" },
          { value: "normal", label: "Normal" },
          { value: "more", label: "More" },
        ]}
        value={look.contrast}
        onChange={(contrast) => choose({ ...look, contrast })}
      />
      <SegmentedControl
        label="Motion"
        segments={[
          { value: "system", label: "System" },
          { value: "none", label: "None" },
        ]}
        value={look.motion}
        onChange={(motion) => choose({ ...look, motion })}
      />
    </div>
  );
}
