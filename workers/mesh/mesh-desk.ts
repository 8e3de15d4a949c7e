// A simulation's desk in its project (MESH.md M3): it can say that it has begun, have its result sealed, or say why there is
// none. Nothing else of the project can be reached from here, and no other project.
import { WorkerEntrypoint } from "cloudflare:workers";
import type {
  SealedSimulation,
  SimulationDesk,
  SimulationEnd,
  SimulationFailure,
  SimulationPlan,
  SimulationStart,
} from "../../durable-objects/mesh-simulation/simulation-plan.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";

type DeskProps = { readonly organizationId: string; readonly projectId: string; readonly simId: string };

const NOT_ITS_OWN = { code: "forbidden", message: "a simulation speaks only for itself" } as const;

export class MeshDesk extends WorkerEntrypoint<Cloudflare.Env, DeskProps> implements SimulationDesk {
  async begin(start: SimulationStart): Promise<Result<null, SimulationFailure>> {
    if (!this.#isOwn(start.simId)) return fail(NOT_ITS_OWN);
    return await this.#project().beginSimulation(start);
  }

  async seal(
    result: MeshSimResult,
    about: Pick<SimulationPlan, "replayOf" | "actor">,
  ): Promise<Result<SealedSimulation, SimulationFailure>> {
    if (!this.#isOwn(result.simId)) return fail(NOT_ITS_OWN);
    return await this.#project().sealSimulation(result, about);
  }

  async end(end: SimulationEnd): Promise<Result<null, SimulationFailure>> {
    if (!this.#isOwn(end.simId)) return fail(NOT_ITS_OWN);
    await this.#project().endSimulation(end);
    return ok(null);
  }

  #project() {
    return this.env.PROJECTS.getByName(this.ctx.props.projectId);
  }

  #isOwn(simId: string): boolean {
    return simId === this.ctx.props.simId;
  }
}
