// What the home of a project stands on, asked for together and again when something of it has changed.
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import type { GateAnswer } from "../../../../schemas/api/gate.ts";
import type { SimulationSummary } from "../../../../schemas/api/simulations.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askPage } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";
import { findProdCandidate } from "./next-step.ts";

export type HomeFacts = {
  readonly capsules: readonly CapsuleSummary[];
  readonly deploys: readonly Deploy[];
  readonly simulations: readonly SimulationSummary[];
};

const LAST_RUNS = 6;
/** Enough to name what is live; an older one shows its digest alone. */
const NAMED_CAPSULES = 100;

/** Capsules, deploys and simulations, the newest of each first. */
export function useHomeFacts(): Resource<HomeFacts> {
  const { projectId } = useProject();
  const facts = useResource(`home ${projectId}`, async (signal): Promise<HomeFacts> => {
    const list = <Item>(name: string, limit: number) =>
      askPage<Item>(`${apiPath`/api/projects/${projectId}`}/${name}`, { limit, signal });
    const [capsules, deploys, simulations] = await Promise.all([
      list<CapsuleSummary>("capsules", NAMED_CAPSULES),
      list<Deploy>("deploys", LAST_RUNS),
      list<SimulationSummary>("simulations", LAST_RUNS),
    ]);
    return { capsules: capsules.items, deploys: deploys.items, simulations: simulations.items };
  });
  useReloadOn(
    [
      "capsule.accepted",
      "capsule.deploy.started",
      "run.updated",
      "capsule.deploy.completed",
      "capsule.deploy.failed",
      "mesh.started",
      "mesh.sealed",
      "mesh.failed",
    ],
    facts.reload,
  );
  return facts;
}

/** What prod's gate says to what staging runs; nothing is asked when that is in prod already. */
export function useProdGate(): Resource<GateAnswer> {
  const { projectId, detail } = useProject();
  const candidate = findProdCandidate(detail.environments);
  const key = candidate === null ? null : `gate ${projectId} ${candidate}`;
  const gate = useResource(key, (signal) =>
    askApi<GateAnswer>(apiPath`/api/projects/${projectId}/environments/prod/gate`, {
      query: { capsuleHash: candidate },
      signal,
    }),
  );
  useReloadOn(["mesh.sealed", "policy.changed", "trust.changed", "key.revoked"], gate.reload);
  return gate;
}
