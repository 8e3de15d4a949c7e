// The secrets of a project's environment `simulation`, and of no other (MESH.md M3), for the nodes of its simulations.
import { WorkerEntrypoint } from "cloudflare:workers";
import { type OpenedSecrets, openProjectSecrets } from "../../adapters/vault/project-secrets.ts";
import { SIMULATION_ENVIRONMENT } from "../../durable-objects/mesh-node/mesh-node-object.ts";

type SecretsProps = { readonly organizationId: string; readonly projectId: string };

export class SimulationSecrets extends WorkerEntrypoint<Cloudflare.Env, SecretsProps> {
  async open(names: readonly string[]): Promise<OpenedSecrets> {
    const { organizationId, projectId } = this.ctx.props;
    const place = { organizationId, projectId, environment: SIMULATION_ENVIRONMENT };
    return await openProjectSecrets(this.env, place, names);
  }
}
