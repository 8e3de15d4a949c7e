// How live the page is: said in the rail, and to screen readers when it changes.
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../halo/button.tsx";
import type { LiveState } from "../data/live-timeline.ts";
import { openRoom } from "../data/project-room.ts";
import "./connection-state.css";

const SECOND_MS = 1_000;

type ConnectionStateProps = {
  /** For a bar: without the countdown and the button, and not read aloud a second time. */
  readonly isShort?: boolean;
};

/** Nothing outside of a project: there is no timeline to be live on. */
export function ConnectionState({ isShort = false }: ConnectionStateProps) {
  const timeline = openRoom.value?.timeline;
  if (timeline === undefined) return null;
  const state = timeline.state.value;
  return (
    <div class={`connection connection--${state.kind}`}>
      <p role={isShort ? undefined : "status"}>
        <span class="connection__dot" aria-hidden="true" />
        {sayState(state)}
        {state.kind === "offline" && !isShort ? <Countdown until={state.retryAt} /> : null}
      </p>
      {state.kind === "offline" && !isShort ? (
        <Button kind="quiet" size="small" onClick={() => timeline.retryNow()}>
          Try now
        </Button>
      ) : null}
    </div>
  );
}

function sayState(state: LiveState): string {
  switch (state.kind) {
    case "connecting":
      return "Connecting …";
    case "live":
      return "Live";
    case "behind":
      return `Behind by ${state.byCount}`;
    case "offline":
      return "Offline";
    case "refused":
      return state.code === 4401 ? "Signed out" : "No longer allowed";
  }
}

/** Not part of what screen readers are told: a number each second is no news. */
function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / SECOND_MS));
  return (
    <span aria-hidden="true">{seconds === 0 ? " – trying again" : ` – trying again in ${seconds} s`}</span>
  );
}
