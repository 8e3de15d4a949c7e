// A project's home: what is live where, what to do next, what ran last, what happens now.
import { useState } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { useCommands } from "../../shell/commands.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { EnvironmentCard } from "./environment-card.tsx";
import { LastRuns } from "./last-runs.tsx";
import { NextStepCard } from "./next-step-card.tsx";
import { RecentEvents } from "./recent-events.tsx";
import { RenameProject } from "./rename-project.tsx";
import { useHomeFacts, useProdGate } from "./use-project-facts.ts";
import "./project-home.css";

export function ProjectHomeView() {
  const { detail } = useProject();
  const facts = useHomeFacts();
  const gate = useProdGate();
  const block = useActionBlock("projects:write");
  const [isRenaming, setIsRenaming] = useState(false);
  useCommands(
    detail.environments.flatMap(({ name, url, live }) =>
      live === null
        ? []
        : [
            {
              id: `open-${name}`,
              title: `Open ${name}`,
              group: "This project",
              icon: "external" as const,
              hint: url,
              run: () => void open(url, "_blank", "noopener"),
            },
          ],
    ),
  );
  const isLoading = facts.value === undefined && facts.error === undefined;
  return (
    <section class="view">
      <ViewHeading title={detail.name} eyebrow={detail.name === detail.label ? "Project" : detail.label}>
        <Button icon="edit" size="small" disabledReason={block} onClick={() => setIsRenaming(true)}>
          Rename
        </Button>
      </ViewHeading>
      <ProblemNote error={facts.error} retry={facts.reload} isRetrying={facts.isLoading} />
      {facts.value === undefined ? null : (
        <NextStepCard facts={facts.value} gate={gate.value?.decision ?? null} gateError={gate.error} />
      )}
      <section aria-labelledby="live-title" class="home-section">
        <h2 id="live-title">What is live</h2>
        <ul class="environments">
          {detail.environments.map((environment) => (
            <li key={environment.name}>
              <EnvironmentCard environment={environment} capsules={facts.value?.capsules ?? []} />
            </li>
          ))}
        </ul>
      </section>
      <div class="home-columns">
        <section aria-labelledby="runs-title" class="home-section">
          <h2 id="runs-title">Last runs</h2>
          {isLoading ? <Skeleton label="Loading runs" shape="row" count={4} /> : null}
          {facts.value === undefined ? null : <LastRuns facts={facts.value} />}
        </section>
        <section aria-labelledby="events-title" class="home-section">
          <h2 id="events-title">Recent events</h2>
          <RecentEvents />
        </section>
      </div>
      <RenameProject isOpen={isRenaming} onClose={() => setIsRenaming(false)} />
    </section>
  );
}
