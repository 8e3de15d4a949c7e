// The newest events, as they come.
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { titleOfEvent } from "../../data/event-title.ts";
import { useActorName } from "../../data/people.ts";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { ViewLink } from "../../shell/view-link.tsx";

const SHOWN_EVENTS = 10;
/** Steps of a run, which the run itself shows. */
const QUIET_TYPES: ReadonlySet<string> = new Set(["run.updated", "capsule.deploy.accepted"]);

export function RecentEvents() {
  const { label, timeline } = useProject();
  const actorName = useActorName();
  const events = timeline.events.value.filter(({ type }) => !QUIET_TYPES.has(type)).slice(-SHOWN_EVENTS);
  if (events.length === 0) return <Skeleton label="Loading events" shape="row" count={4} />;
  return (
    <ol class="events">
      {events.toReversed().map((event) => (
        <li key={event.seq} class={`event event--${event.source}`}>
          <span class="event__dot" aria-hidden="true" />
          <div>
            <p>
              <ViewLink view="time" href={routes.time(label, { at: event.seq })}>
                {titleOfEvent(event.type)}
              </ViewLink>{" "}
              <span class="event__text">{describeEvent(event)}</span>
            </p>
            <p class="event__when">
              <RelativeTime ts={event.ts} />, by {actorName(event.actor)}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
