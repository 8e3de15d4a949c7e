// One page of a project's timeline.
import type { TimelineEvent } from "../../schemas/event.ts";
import { apiPath, type PlatformClient } from "../http/client.ts";

export type TimelinePage = {
  readonly items: readonly TimelineEvent[];
  readonly nextCursor: string | null;
  readonly lastSeq: number;
  readonly epoch: string;
};

const PAGE_SIZE = 200;

/** The events after `since`, oldest first. */
export function readTimelinePage(
  client: PlatformClient,
  projectId: string,
  since: number,
  limit = PAGE_SIZE,
): Promise<TimelinePage> {
  return client.get<TimelinePage>(apiPath("projects", projectId, "timeline"), { since, limit });
}
