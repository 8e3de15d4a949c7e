// The runs of the open project: the newest kept up to date, older ones when they are asked for.
import { useState } from "preact/hooks";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import { type Action, useAction } from "../../data/action.ts";
import { apiPath } from "../../data/api-client.ts";
import { askPage, type Page } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";
import { joinRuns } from "./join-runs.ts";

const PAGE_RUNS = 50;
const RUN_EVENTS = [
  "capsule.deploy.started",
  "run.updated",
  "capsule.deploy.accepted",
  "capsule.deploy.completed",
  "capsule.deploy.failed",
] as const;

export type OlderRuns = {
  /** Null when there are none, or all are here. */
  readonly load: (() => void) | null;
  readonly action: Action;
};

export function useRuns(): { readonly runs: Resource<readonly Deploy[]>; readonly older: OlderRuns } {
  const { projectId } = useProject();
  const path = apiPath`/api/projects/${projectId}/deploys`;
  const newest = useResource(`deploys ${projectId}`, (signal) =>
    askPage<Deploy>(path, { limit: PAGE_RUNS, signal }),
  );
  useReloadOn(RUN_EVENTS, newest.reload);
  const [more, setMore] = useState<Page<Deploy> | null>(null);
  const action = useAction();
  const cursor = more === null ? (newest.value?.nextCursor ?? null) : more.nextCursor;
  const loadMore = (): void =>
    void action.run(async () => {
      const page = await askPage<Deploy>(path, { limit: PAGE_RUNS, cursor });
      setMore({ items: [...(more?.items ?? []), ...page.items], nextCursor: page.nextCursor });
    });
  const value = newest.value === undefined ? undefined : joinRuns(newest.value.items, more?.items ?? []);
  return { runs: { ...newest, value }, older: { load: cursor === null ? null : loadMore, action } };
}
