// The project that is open: its facts and its live timeline. Views get it by useProject(), the shell by `openRoom`.
import { signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import type { ProjectDetail } from "../../../schemas/api/projects.ts";
import type { EVENT_TYPES } from "../../../schemas/event-types.ts";
import type { LiveState, LiveTimeline } from "./live-timeline.ts";
import { usePerson, whyNotAllowed } from "./person.ts";

export type ProjectRoom = {
  /** How links name it. */
  readonly label: string;
  readonly projectId: string;
  readonly detail: ProjectDetail;
  readonly reloadDetail: () => void;
  readonly timeline: LiveTimeline;
};

export const ProjectRoomContext = createContext<ProjectRoom | null>(null);

/** The room that is open, for what stands outside of it; null in no project and while it opens. */
export const openRoom = signal<ProjectRoom | null>(null);

/** Only below a project's address. */
export function useProject(): ProjectRoom {
  const room = useContext(ProjectRoomContext);
  if (room === null) throw new Error("useProject() outside of a project");
  return room;
}

/** A burst of events asks for one reload. */
const COALESCE_MS = 80;

/** Calls `reload` soon after events of these types have come. */
export function useReloadOn(types: readonly (keyof typeof EVENT_TYPES)[], reload: () => void): void {
  const { timeline } = useProject();
  useReloadOnEvents(timeline, types, reload);
}

/** The same, for the room itself. */
export function useReloadOnEvents(
  timeline: LiveTimeline,
  types: readonly (keyof typeof EVENT_TYPES)[],
  reload: () => void,
): void {
  const latest = useRef({ types, reload });
  latest.current = { types, reload };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = timeline.onEvents((events) => {
      const isMeant = events.some(({ type }) => latest.current.types.some((wanted) => wanted === type));
      if (!isMeant || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        latest.current.reload();
      }, COALESCE_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [timeline]);
}

/** Why a button that stands on the state would be stale now; null while all is live. */
export function sayStale(state: LiveState): string | null {
  switch (state.kind) {
    case "live":
      return null;
    case "connecting":
      return "Connecting; in a moment.";
    case "behind":
      return "What you see is behind; it is catching up.";
    case "offline":
      return "Offline: what you see may be out of date.";
    case "refused":
      return "You cannot see this project any more.";
  }
}

/**
 * Why the person cannot do this now: the right is missing, or what they see is not what is. Null when they can. For a
 * button's disabledReason; the server checks both again (expectedHead, expectedRevision).
 */
export function useActionBlock(permission: Parameters<typeof whyNotAllowed>[1]): string | null {
  const person = usePerson();
  const { timeline } = useProject();
  return whyNotAllowed(person, permission) ?? sayStale(timeline.state.value);
}
