// Opens the project that the address names: its facts and its live timeline, for as long as one stays in it.

import { useEffect, useMemo } from "preact/hooks";
import { Route, Router, useRoute } from "preact-iso/router";
import type { ProjectDetail } from "../../schemas/api/projects.ts";
import { apiPath, askApi } from "./data/api-client.ts";
import { openRoom, ProjectRoomContext, useReloadOnEvents } from "./data/project-room.ts";
import { useResource } from "./data/resource.ts";
import { openTimeline, watchTimeline } from "./data/watch-timeline.ts";
import { FailedView } from "./shell/failed-view.tsx";
import { NoSuchView } from "./shell/no-such-view.tsx";
import { ViewBoundary } from "./shell/view-boundary.tsx";
import { ViewOpening } from "./shell/view-opening.tsx";
import { PROJECT_VIEWS } from "./views.ts";

/** What changes a project's facts. */
const CHANGES_FACTS = [
  "project.updated",
  "trust.changed",
  "key.rotated",
  "key.revoked",
  "branch.created",
  "branch.restored",
  "commit.created",
  "environment.activated",
] as const;

export function OpenProject() {
  const { projectId } = useRoute().params;
  if (projectId === undefined) return <NoSuchView />;
  return <Opened key={projectId} project={projectId} />;
}

function Opened({ project }: { readonly project: string }) {
  const timeline = useMemo(() => openTimeline(project), [project]);
  useEffect(() => watchTimeline(timeline), [timeline]);
  const detail = useResource(project, (signal) =>
    askApi<ProjectDetail>(apiPath`/api/projects/${project}`, { signal }),
  );
  const { value, reload } = detail;
  useReloadOnEvents(timeline, CHANGES_FACTS, reload);
  const room = useMemo(() => {
    if (value === undefined) return null;
    const { label, projectId } = value;
    return { label, projectId, detail: value, reloadDetail: reload, timeline };
  }, [value, reload, timeline]);
  useEffect(() => {
    openRoom.value = room;
    return () => {
      openRoom.value = null;
    };
  }, [room]);

  // Facts that were read before the events that change them are read again.
  const isLoaded = timeline.isLoaded.value;
  useEffect(() => {
    if (value === undefined || !isLoaded) return;
    const newer = timeline.events.peek().filter(({ seq }) => seq > value.lastSeq);
    if (newer.some(({ type }) => CHANGES_FACTS.some((known) => known === type))) reload();
  }, [value, isLoaded, reload, timeline]);

  const isOpening = !isLoaded && timeline.state.value.kind === "connecting";
  if (room === null || isOpening) {
    return detail.error === undefined ? (
      <ViewOpening what={project} />
    ) : (
      <FailedView title={`${project} cannot be opened`} error={detail.error} retry={detail.reload} />
    );
  }
  return (
    <ProjectRoomContext.Provider value={room}>
      <ViewBoundary>
        <Router>
          {PROJECT_VIEWS.flatMap((view) =>
            view.paths.map((path) => <Route key={path} path={path} component={view.component} />),
          )}
          <Route default component={NoSuchView} />
        </Router>
      </ViewBoundary>
    </ProjectRoomContext.Provider>
  );
}
