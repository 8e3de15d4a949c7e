// The Capsules room: the list, one capsule, two compared; and a `.caps` dropped anywhere on it is checked right here.
import { useEffect, useRef, useState } from "preact/hooks";
import { useRoute } from "preact-iso/router";
import { chooseCaps, warmVerifier } from "./caps-check.ts";
import { CapsuleView } from "./capsule-view.tsx";
import { CapsulesView } from "./capsules-view.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { CompareView } from "./compare-view.tsx";
import "./capsules-room.css";

export function CapsulesRoom() {
  const isOver = useDrop();
  useEffect(warmVerifier, []);
  return (
    <div class="caps-room">
      <CheckPanel />
      <RoomView />
      {isOver ? (
        <div class="caps-room__drop" aria-hidden="true">
          <p>Drop the .caps here to check it in this browser. Nothing is uploaded.</p>
        </div>
      ) : null}
    </div>
  );
}

function RoomView() {
  const { path, params } = useRoute();
  if (params.digest !== undefined) return <CapsuleView key={params.digest} digest={params.digest} />;
  return path.endsWith("/compare") ? <CompareView /> : <CapsulesView />;
}

/** Takes files that are dropped anywhere on the page; gives whether some hover over it. */
function useDrop(): boolean {
  const [isOver, setIsOver] = useState(false);
  // Entering a child comes before leaving its parent: only the balance says whether files are over the page.
  const depth = useRef(0);
  useEffect(() => {
    const onDrag = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      if (event.type === "dragenter") depth.current += 1;
      if (event.type === "dragleave") depth.current -= 1;
      if (event.type === "drop") {
        depth.current = 0;
        const [file] = event.dataTransfer.files;
        if (file !== undefined) chooseCaps(file);
      }
      setIsOver(depth.current > 0);
    };
    const types = ["dragenter", "dragover", "dragleave", "drop"] as const;
    for (const type of types) window.addEventListener(type, onDrag);
    return () => {
      for (const type of types) window.removeEventListener(type, onDrag);
    };
  }, []);
  return isOver;
}
