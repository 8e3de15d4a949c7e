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
import type { Result } from "../../schemas/result.ts";

type DeskProps = { readonly organizationId: string; readonly projectId: string; readonly simId: string };

export class MeshDesk extends WorkerEntrypoint<Cloudflare.Env, DeskProps> implements SimulationDesk {
  async begin(start: SimulationStart): Promise<Result<null, SimulationFailure>> {
    this.#requireOwn(start.simId);
    return await this.#project().beginSimulation(start);
  }

  async seal(
    result: MeshSimResult,
    about: Pick<SimulationPlan, "replayOf" | "actor">,
  ): Promise<Result<SealedSimulation, SimulationFailure>> {
    this.#requireOwn(result.simId);
    return await this.#project().sealSimulation(result, about);
  }

  async end(end: SimulationEnd): Promise<void> {
    this.#requireOwn(end.simId);
    await this.#project().endSimulation(end);
  }

  #project() {
    return this.env.PROJECTS.getByName(this.ctx.props.projectId);
  }

  /** One simulation speaks for itself alone. */
  #requireOwn(simId: string): void {
    if (simId !== this.ctx.props.simId) throw new Error("a simulation speaks only for itself");
  }
}
