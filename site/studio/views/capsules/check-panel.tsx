// A dropped `.caps`: checked here, without an upload; then, as a step of its own, it can be pushed.
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { GlassLayer } from "../../../halo/glass-layer.tsx";
import { IconButton } from "../../../halo/icon-button.tsx";
import { Progress } from "../../../halo/progress.tsx";
import { CapsReport } from "../../../verification/caps-report.tsx";
import { sayBytes } from "../../../verification/say-bytes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { type CapsCheckState, capsCheck, closeCaps, runCheck } from "./caps-check.ts";
import { PushCaps } from "./push-caps.tsx";
import { useCapsTrust } from "./use-caps-trust.ts";

/** Nothing while no file was chosen. */
export function CheckPanel() {
  const trust = useCapsTrust();
  const state = capsCheck.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const file = state.kind === "idle" ? null : state.file;
  useEffect(() => {
    // An effect runs a little later: by then another file may have been chosen.
    if (state.kind !== "waiting" || capsCheck.peek() !== state) return;
    if (trust.value !== undefined) void runCheck(state.file, trust.value);
    // Without the project's keys the bytes can still be checked; the verdict says what is missing.
    else if (!trust.isLoading) void runCheck(state.file, { trust: null, known: [] });
  }, [state, trust.value, trust.isLoading]);
  useEffect(() => {
    if (file !== null) heading.current?.focus();
  }, [file]);
  if (state.kind === "idle") return null;
  const { name, size } = state.file;
  return (
    <GlassLayer as="section" depth="raised" class="caps-check" aria-labelledby="caps-check-title">
      <header class="caps-check__head">
        <div>
          <h2 id="caps-check-title" ref={heading} tabIndex={-1}>
            {state.kind === "done" ? "Checked" : "Checking"} {name}
          </h2>
          <p class="muted">{sayBytes(size)}, in this browser. Nothing is sent anywhere.</p>
        </div>
        <IconButton icon="close" label="Close the check" onClick={closeCaps} />
      </header>
      <CheckState state={state} />
      {trust.error === undefined ? null : (
        <p class="muted">
          The project's keys did not come, so that signatures could not be checked against them.
        </p>
      )}
    </GlassLayer>
  );
}

function CheckState({ state }: { readonly state: Exclude<CapsCheckState, { readonly kind: "idle" }> }) {
  switch (state.kind) {
    case "waiting":
      return <Progress label="Fetching the project's keys" />;
    case "checking": {
      const { file, readBytes } = state;
      const text = `${sayBytes(readBytes)} of ${sayBytes(file.size)}`;
      return (
        <div class="caps-check__running">
          <Progress label="Reading every byte" value={readBytes} max={Math.max(1, file.size)} text={text} />
          <Button size="small" onClick={closeCaps}>
            Stop
          </Button>
        </div>
      );
    }
    case "failed":
      return <ProblemNote error={new Error(state.message)} />;
    case "done":
      return (
        <>
          <CapsReport check={state.check} given={state.given} truster="this project" />
          <p class="muted">
            Checked in {Math.max(1, Math.round(state.elapsedMs)).toLocaleString("en")} ms; nothing was sent.
          </p>
          <PushCaps key={state.file} state={state} />
        </>
      );
  }
}
