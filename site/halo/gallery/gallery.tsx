// The gallery: every component of Halo with its states, in any look. It is the visual test as well.
import { useEffect, useState } from "preact/hooks";
import { SegmentedControl } from "../segmented-control.tsx";
import { keepLook, type Look, readLook, SYSTEM_LOOK } from "../theme.ts";
import { ToastRegion } from "../toast.tsx";
import { ACTION_SPECIMENS } from "./action-specimens.tsx";
import { CHART_SPECIMENS } from "./chart-specimens.tsx";
import { CODE_SPECIMENS } from "./code-specimens.tsx";
import { FORM_SPECIMENS } from "./form-specimens.tsx";
import { LIST_SPECIMENS } from "./list-specimens.tsx";
import { OVERLAY_SPECIMENS } from "./overlay-specimens.tsx";
import { anchorOf, Specimen } from "./specimen.tsx";
import { STATE_SPECIMENS } from "./state-specimens.tsx";
import { SURFACE_SPECIMENS } from "./surface-specimens.tsx";
import "./gallery.css";

const CHAPTERS = [
  { title: "Actions", specimens: ACTION_SPECIMENS },
  { title: "Surfaces", specimens: SURFACE_SPECIMENS },
  { title: "Over the page", specimens: OVERLAY_SPECIMENS },
  { title: "Forms", specimens: FORM_SPECIMENS },
  { title: "States", specimens: STATE_SPECIMENS },
  { title: "Lists", specimens: LIST_SPECIMENS },
  { title: "Code", specimens: CODE_SPECIMENS },
  { title: "Charts", specimens: CHART_SPECIMENS },
] as const;

/** The island of `/halo`. */
export function Gallery() {
  return (
    <div class="gallery">
      <aside class="gallery__side">
        <LookSwitches />
        <nav class="gallery__contents" aria-label="Components">
          {CHAPTERS.map(({ title, specimens }) => (
            <div key={title}>
              <p class="gallery__chapter">{title}</p>
              <ul>
                {specimens.map(({ name }) => (
                  <li key={name}>
                    <a href={`#${anchorOf(name)}`}>{name}</a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
      </aside>
      <div class="gallery__main">
        {CHAPTERS.flatMap(({ specimens }) =>
          specimens.map((specimen) => <Specimen key={specimen.name} {...specimen} />),
        )}
      </div>
      <ToastRegion />
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
