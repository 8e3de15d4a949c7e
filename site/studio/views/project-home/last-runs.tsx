// The last deploys and simulations of a project, and how each ended.
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import type { SimulationSummary } from "../../../../schemas/api/simulations.ts";
import { Badge, type Tone } from "../../../halo/badge.tsx";
import { Icon, type IconName } from "../../../halo/icon.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { ViewLink } from "../../shell/view-link.tsx";
import type { ViewId } from "../../view-ids.ts";
import type { HomeFacts } from "./use-project-facts.ts";

const SHOWN_RUNS = 6;

type Run = {
  readonly id: string;
  readonly icon: IconName;
  readonly view: ViewId;
  readonly href: string;
  readonly title: string;
  readonly state: string;
  readonly tone: Tone;
  readonly detail: string | null;
  readonly startedAt: number;
};

export function LastRuns({ facts }: { readonly facts: HomeFacts }) {
  const { label } = useProject();
  const runs = [
    ...facts.deploys.map((deploy) => describeDeploy(label, deploy)),
    ...facts.simulations.map((simulation) => describeSimulation(label, simulation)),
  ]
    .toSorted((one, other) => other.startedAt - one.startedAt)
    .slice(0, SHOWN_RUNS);
  if (runs.length === 0) return <p class="muted">Nothing was deployed or rehearsed yet.</p>;
  return (
    <ul class="runs">
      {runs.map((run) => (
        <li key={run.id} class="run">
          <Icon name={run.icon} />
          <div class="run__text">
            <p>
              <ViewLink view={run.view} href={run.href}>
                {run.title}
              </ViewLink>
            </p>
            <p class="run__detail">
              <RelativeTime ts={run.startedAt} />
              {run.detail === null ? null : <span>{run.detail}</span>}
            </p>
          </div>
          <Badge tone={run.tone}>{run.state}</Badge>
        </li>
      ))}
    </ul>
  );
}

function describeDeploy(label: string, deploy: Deploy): Run {
  const { deployId, env, status, phase, failure, startedAt } = deploy;
  return {
    id: deployId,
    icon: "rocket",
    view: "deploys",
    href: routes.deploy(label, deployId),
    title: `Deploy to ${env}`,
    state: status === "running" ? phase : STATUS_WORDS[status],
    tone: STATUS_TONES[status],
    detail: failure?.message ?? null,
    startedAt,
  };
}

function describeSimulation(label: string, simulation: SimulationSummary): Run {
  const { simId, kind, env, status, outcome, failure, startedAt, nodeCount, seedCount } = simulation;
  const isFailed = outcome === "fail";
  return {
    id: simId,
    icon: "mesh",
    view: "mesh",
    href: routes.simulation(label, simId),
    title: kind === "gate" ? `Rehearsal for ${env ?? "a gate"}` : kind === "replay" ? "Replay" : "Simulation",
    state: outcome === null ? STATUS_WORDS[status] : isFailed ? "did not pass" : "passed",
    tone: isFailed ? "bad" : STATUS_TONES[status],
    detail: failure ?? `${nodeCount} nodes, ${seedCount} ${seedCount === 1 ? "seed" : "seeds"}`,
    startedAt,
  };
}

const STATUS_WORDS = {
  queued: "waits",
  running: "runs",
  done: "done",
  error: "failed",
  cancelled: "cancelled",
} as const satisfies Record<Deploy["status"], string>;

const STATUS_TONES = {
  queued: "neutral",
  running: "live",
  done: "good",
  error: "bad",
  cancelled: "neutral",
} as const satisfies Record<Deploy["status"], Tone>;
