// A deploy run as steps: which phase is done, which works, which failed, and how long each took.
import { DEPLOY_PHASES, type DeployPhase } from "../../../../core/deploy/deploy-run.ts";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";

export type StepState = "waiting" | "working" | "done" | "failed" | "cancelled";

export type RunStep = {
  readonly phase: DeployPhase;
  readonly title: string;
  readonly state: StepState;
  /** Null while it has not ended, and where the timeline does not tell. */
  readonly elapsedMs: number | null;
};

const TITLES: Readonly<Record<DeployPhase, string>> = {
  verifying: "Verify",
  gating: "Gate",
  building: "Build",
  publishing: "Publish",
  checking: "Check health",
  activating: "Activate",
};

/**
 * The steps of a run in their order.
 * @param events of the project, in any order; those of other runs are passed over
 */
export function stepsOf(
  run: Pick<Deploy, "deployId" | "status" | "phase" | "finishedAt">,
  events: readonly TimelineEvent[],
): readonly RunStep[] {
  const begunAt = readPhaseStarts(run.deployId, events);
  const current = (DEPLOY_PHASES as readonly string[]).indexOf(run.phase);
  return DEPLOY_PHASES.map((phase, index) => {
    const state = stateOf(run.status, index, current);
    const next = DEPLOY_PHASES[index + 1];
    const endedAt = (next === undefined ? undefined : begunAt.get(next)) ?? run.finishedAt ?? undefined;
    const startedAt = begunAt.get(phase);
    const hasEnded = state === "done" || state === "failed";
    const elapsedMs =
      hasEnded && startedAt !== undefined && endedAt !== undefined ? Math.max(0, endedAt - startedAt) : null;
    return { phase, title: TITLES[phase], state, elapsedMs };
  });
}

/** How long a run has taken, or takes until now. */
export function elapsedOf(run: Pick<Deploy, "startedAt" | "finishedAt">, now: number): number {
  return Math.max(0, (run.finishedAt ?? now) - run.startedAt);
}

export function isEnded({ status }: Pick<Deploy, "status">): boolean {
  return status === "done" || status === "error" || status === "cancelled";
}

function stateOf(status: Deploy["status"], index: number, current: number): StepState {
  if (status === "done" || index < current) return "done";
  if (index > current) return "waiting";
  switch (status) {
    case "error":
      return "failed";
    case "cancelled":
      return "cancelled";
    case "queued":
      return "waiting";
    case "running":
      return "working";
  }
}

/** The first beginning of each phase, by the timeline's own times. */
function readPhaseStarts(deployId: string, events: readonly TimelineEvent[]): ReadonlyMap<string, number> {
  const begunAt = new Map<string, number>();
  for (const { type, runId, data, ts } of events) {
    if (type !== "run.updated" || runId !== deployId || typeof data?.phase !== "string") continue;
    begunAt.set(data.phase, Math.min(ts, begunAt.get(data.phase) ?? ts));
  }
  return begunAt;
}
