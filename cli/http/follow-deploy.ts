// Follows a deploy run through its log until it ends.
import type { Deploy, DeployDetail, RunLogLine } from "../../schemas/api/deploys.ts";
import { apiPath, type PlatformClient } from "./client.ts";

export type RunLogPage = {
  readonly items: readonly RunLogLine[];
  readonly nextSince: number;
  readonly status: Deploy["status"];
  readonly phase: string;
};

type FollowOptions = {
  readonly since?: number;
  readonly onLine: (line: RunLogLine) => void;
  /** The phase that the run is in, each time that it is another. */
  readonly onPhase?: (phase: string) => void;
};

/** How long one question waits for news. */
const WAIT_MS = 15_000;
const TIMEOUT_MS = WAIT_MS + 30_000;

/** Gives the run as it stands when it is done, has failed, or was cancelled. */
export async function followDeploy(
  client: PlatformClient,
  deployId: string,
  { since = 0, onLine, onPhase }: FollowOptions,
): Promise<DeployDetail> {
  let next = since;
  let phase = "";
  for (;;) {
    const page = await readRunLog(client, deployId, next, WAIT_MS);
    // The lines came before the phase that the run is in now; a run that has ended is in none.
    for (const line of page.items) onLine(line);
    next = page.nextSince;
    const hasEnded = page.status !== "queued" && page.status !== "running";
    if (page.phase !== phase && !hasEnded) {
      phase = page.phase;
      onPhase?.(page.phase);
    }
    if (hasEnded && page.items.length === 0) break;
  }
  return client.get<DeployDetail>(apiPath("deploys", deployId));
}

export function readRunLog(
  client: PlatformClient,
  deployId: string,
  since: number,
  waitMs: number,
): Promise<RunLogPage> {
  const query = { since, ...(waitMs > 0 ? { waitMs } : {}) };
  return client.get<RunLogPage>(apiPath("deploys", deployId, "logs"), query, TIMEOUT_MS);
}
