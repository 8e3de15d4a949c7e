// One node of one simulation (MESH.md M1), named `${simId}/${node}`: it takes the capsule in, verifies it, starts its
// services in an isolate without outbound network and asks their health path. It keeps nothing, and holds nothing that
// reaches an environment (M3): a store that can be read, the loader, and the log of the project's simulations.
import { DurableObject } from "cloudflare:workers";
import type { BlobReader } from "../../adapters/blobs/blob-store.ts";
import { checkHealthRepeatedly, type HealthEnv } from "../../adapters/loader/health-check.ts";
import { receiveCapsule } from "../../adapters/mesh/receive-capsule.ts";
import type { OpenedSecrets } from "../../adapters/vault/project-secrets.ts";
import type { NodeAssignment, NodeHealth, NodeReceipt } from "./node-assignment.ts";

/** The environment that secrets and logs of simulations belong to. */
export const SIMULATION_ENVIRONMENT = "simulation";

/** Enough for percentiles over ten nodes. */
const HEALTH_ASKS = 5;
const MAX_REASON_CHARACTERS = 400;

/** What a node may touch. */
type NodeEnv = { readonly BLOBS: BlobReader; readonly LOADER: WorkerLoader };

/** The loopback entrypoint that opens secrets of the environment `simulation`, and of no other. */
type LoopbackExports = {
  readonly SimulationSecrets?: (options: {
    props: { readonly organizationId: string; readonly projectId: string };
  }) => { open(names: readonly string[]): Promise<OpenedSecrets> };
};

export class MeshNodeObject extends DurableObject<Cloudflare.Env> {
  readonly #openLog: (projectId: string) => ReturnType<Cloudflare.Env["APP_LOGS"]["getByName"]>;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, keepLittle(env) as unknown as Cloudflare.Env);
    const logs = env.APP_LOGS;
    this.#openLog = (projectId) => logs.getByName(`${projectId}/${SIMULATION_ENVIRONMENT}`);
  }

  /** Takes the capsule in and verifies it, reading every byte. */
  async receive(assignment: NodeAssignment): Promise<NodeReceipt> {
    const startedAt = Date.now();
    const received = await receiveCapsule(this.env.BLOBS, assignment);
    return { ...received, elapsedMs: Date.now() - startedAt };
  }

  /** Starts the services anew for this life of the node and asks for their health. */
  async start(assignment: NodeAssignment, incarnation: number): Promise<NodeHealth> {
    const { simId, node, organizationId, projectId, artifactDigest, configurationDigest, secretsRevision } =
      assignment;
    const answers = await checkHealthRepeatedly(
      this.#healthEnv(assignment),
      this.ctx.exports,
      {
        organizationId,
        projectId,
        environment: SIMULATION_ENVIRONMENT,
        artifactDigest,
        configurationDigest,
        secretsRevision,
        life: { simulation: simId, node, incarnation },
      },
      HEALTH_ASKS,
    );
    const failures = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]));
    const [first] = failures;
    return {
      healthy: first === undefined,
      reason: first === undefined ? null : `${first.code}: ${first.message}`.slice(0, MAX_REASON_CHARACTERS),
      latenciesMs: answers.flatMap((answer) => (answer.ok ? [answer.value.elapsedMs] : [])),
      errorCount: failures.length,
    };
  }

  #healthEnv({ organizationId, projectId }: NodeAssignment): HealthEnv {
    const { SimulationSecrets }: LoopbackExports = this.ctx.exports;
    return {
      BLOBS: this.env.BLOBS,
      LOADER: this.env.LOADER,
      APP_LOGS: { getByName: () => this.#openLog(projectId) },
      openSecrets: async (names) => {
        if (SimulationSecrets === undefined) throw new Error("the Worker does not export SimulationSecrets");
        return await SimulationSecrets({ props: { organizationId, projectId } }).open(names);
      },
    };
  }
}

function keepLittle({ BLOBS, LOADER }: Cloudflare.Env): NodeEnv {
  const get: BlobReader["get"] = BLOBS.get.bind(BLOBS);
  return { BLOBS: { get }, LOADER };
}
