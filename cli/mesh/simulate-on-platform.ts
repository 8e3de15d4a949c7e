// A simulation on the platform: start, watch, read the sealed result, fetch its evidence file.
import type * as z from "zod";
import {
  type simulationProgressSchema,
  simulationResultSchema,
  type simulationStartedSchema,
} from "../../schemas/api/simulations.ts";
import type { MeshEvent } from "../../schemas/mesh-event.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { apiPath, type PlatformClient } from "../http/client.ts";
import { CliError, EXIT_USAGE } from "../output/cli-error.ts";
import { watchSimulation } from "./watch-simulation.ts";

export type PlatformRequest = {
  readonly projectId: string;
  readonly capsuleHash: string;
  /** An exploration's parameters, or the environment whose gate gives them. */
  readonly asks: { readonly params: Readonly<Record<string, unknown>> } | { readonly env: string };
  readonly onStart: (simId: string, nodeIds: readonly string[]) => void;
  readonly onEvent: (event: MeshEvent) => void;
};

const POLL_MS = 250;
/** Past the platform's own limit of half an hour. */
const MAX_POLLS = 8_000;

export async function simulateOnPlatform(
  client: PlatformClient,
  request: PlatformRequest,
): Promise<MeshSimResult> {
  const { projectId, capsuleHash, asks } = request;
  const kind = "env" in asks ? "gate" : "explore";
  const started = await client.post<z.infer<typeof simulationStartedSchema>>("/api/mesh-sim/start", {
    projectId,
    capsuleHash,
    kind,
    ...asks,
  });
  request.onStart(started.simId, started.nodeIds);
  await watchSimulation(client, started.simId, request.onEvent);
  return await readResult(client, started.simId);
}

/** The bytes of the sealed result's `.capsim`. */
export async function fetchEvidence(client: PlatformClient, simId: string): Promise<Uint8Array> {
  const response = await client.request(apiPath("mesh-sim", simId, "capsim"), { isRepeatable: true });
  return new Uint8Array(await response.arrayBuffer());
}

/** Without a result nothing is decided: exit 2, with the reason. */
async function readResult(client: PlatformClient, simId: string): Promise<MeshSimResult> {
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const answer = await client.get<unknown>(apiPath("mesh-sim", "result", simId));
    const sealed = simulationResultSchema.safeParse(answer);
    if (sealed.success) return meshSimResultSchema.strip().parse(sealed.data);
    const { status, failure } = answer as z.infer<typeof simulationProgressSchema>;
    if (status !== "queued" && status !== "running") {
      throw new CliError(failure?.message ?? `The simulation ended without a result: ${status}.`, {
        code: failure?.code ?? status,
        exitCode: EXIT_USAGE,
        hint: "Nothing is decided. Start it again, or look at the project's timeline.",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new CliError(`The simulation ${simId} did not end.`, { code: "timeout", exitCode: EXIT_USAGE });
}
