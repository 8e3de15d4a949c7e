// The project's pinned moments, live: each change of them is an event.
import { useMemo } from "preact/hooks";
import type { Pin } from "../../../../schemas/api/pins.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";

const NO_PINS: readonly Pin[] = [];

export function usePins(): Resource<readonly Pin[]> & { readonly pins: readonly Pin[] } {
  const { projectId } = useProject();
  const resource = useResource(`pins ${projectId}`, (signal) =>
    askAllPages<Pin>(apiPath`/api/projects/${projectId}/pins`, { signal }),
  );
  useReloadOn(["moment.pinned", "moment.unpinned"], resource.reload);
  return useMemo(() => ({ ...resource, pins: resource.value ?? NO_PINS }), [resource.value, resource.error]);
}

export function putPin(projectId: string, at: number, name: string): Promise<Pin> {
  return askApi<Pin>(apiPath`/api/projects/${projectId}/pins/${at}`, { method: "PUT", json: { name } });
}

export function removePin(projectId: string, at: number): Promise<null> {
  return askApi<null>(apiPath`/api/projects/${projectId}/pins/${at}`, { method: "DELETE" });
}
