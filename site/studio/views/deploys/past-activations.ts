// What has been live in this project's environments, kept up to date.
import type { TimelinePage } from "../../../../schemas/api/history.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";
import { type PastActivation, readActivations } from "./activation-history.ts";

/** As many of the newest; whoever must go back farther finds it in the Time Machine. */
const MAX_ACTIVATIONS = 200;

export function usePastActivations(): Resource<readonly PastActivation[]> {
  const { projectId } = useProject();
  const past = useResource(`activations ${projectId}`, async (signal) => {
    const query = { type: "environment.activated", order: "desc", limit: MAX_ACTIVATIONS };
    const page = await askApi<TimelinePage>(apiPath`/api/projects/${projectId}/timeline`, { query, signal });
    return readActivations(page.items);
  });
  useReloadOn(["environment.activated"], past.reload);
  return past;
}
