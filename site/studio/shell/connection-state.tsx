// How live the page is: said in the rail, and to screen readers when it changes.
import { useEffect, useState } from "preact/hooks";
import type { LiveState } from "../data/live-timeline.ts";
import { openRoom } from "../data/project-room.ts";

const SECOND_MS = 1_000;

export function ConnectionState() {
  const timeline = openRoom.value?.timeline;
  if (timeline === undefined) return null;
  const state = timeline.state.value;
  return (
    <div class={`connection ${state.kind}`}>
      <p role="status">
        <span class="dot" aria-hidden="true" />
        {say(state)}
        {state.kind === "offline" ? <Countdown until={state.retryAt} /> : null}
      </p>
      {state.kind === "offline" ? (
        <button type="button" class="plain" onClick={() => timeline.retryNow()}>
          Try now
        </button>
      ) : null}
    </div>
  );
}

function say(state: LiveState): string {
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
