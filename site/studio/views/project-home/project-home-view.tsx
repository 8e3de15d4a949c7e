// A project's home: what is live where, what ran last, what happens now.
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import { useProject } from "../../data/project-room.ts";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { LastRuns } from "./last-runs.tsx";
import { RenameProject } from "./rename-project.tsx";

const SHOWN_EVENTS = 12;

export function ProjectHomeView() {
  const { detail, timeline } = useProject();
  const events = timeline.events.value.slice(-SHOWN_EVENTS).toReversed();
  return (
    <section class="view">
      <ViewHeading title={detail.name} eyebrow={detail.label} />
      <h2>Live</h2>
      <ul class="cards">
        {detail.environments.map((environment) => (
          <li class="card" key={environment.name}>
            <h3>{environment.name}</h3>
            {environment.live === null ? (
              <p class="muted">Nothing was deployed here yet.</p>
            ) : (
              <p>
                <a href={environment.url}>{environment.url}</a>, revision {environment.revision}
              </p>
            )}
          </li>
        ))}
      </ul>
      <RenameProject />
      <h2>Last deploys</h2>
      <LastRuns />
      <h2>Recent events</h2>
      <ol class="events">
        {events.map((event) => (
          <li key={event.seq}>
            <span class="muted">#{event.seq}</span> {event.type}{" "}
            <span class="muted">{describeEvent(event)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
