// Simulations as a client goes through them: start, wait for the end, watch.
import type * as z from "zod";
import {
  simulationProgressSchema,
  simulationResultSchema,
  simulationStartedSchema,
} from "../../../schemas/api/simulations.ts";
import { type MeshEvent, meshEventSchema } from "../../../schemas/mesh-event.ts";
import type { ApiClient } from "./api-client.ts";
import type { TestProject } from "./test-project.ts";

export type SealedResult = z.infer<typeof simulationResultSchema>;
export type Watched = { readonly id: number; readonly event: MeshEvent; readonly receivedAt: number };

const POLL_MS = 50;
/** Long past every limit of the tests. */
const MAX_POLLS = 1_200;

/** Starts an exploration, or with `env` a run for its gate. */
export async function startSimulation(
  project: TestProject,
  capsuleHash: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ simId: string; nodeIds: string[] }> {
  const { projectId } = project;
  const answer = await project.api.post("/api/mesh-sim/start", { projectId, capsuleHash, ...more });
  return answer.expect(202, simulationStartedSchema);
}

/** The sealed result; throws when it ends without one. */
export async function waitForResult(api: ApiClient, simId: string): Promise<SealedResult> {
  const ended = await waitForEnd(api, simId);
  const parsed = simulationResultSchema.safeParse(ended);
  if (parsed.success) return parsed.data;
  throw new Error(`no result: ${JSON.stringify(ended).slice(0, 2_000)} ${parsed.error.message}`);
}

/** What is answered once it has ended, sealed or not. */
export async function waitForEnd(api: ApiClient, simId: string): Promise<unknown> {
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const answer = await api.get(`/api/mesh-sim/result/${simId}`);
    if (answer.status === 200) return answer.json();
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the simulation ${simId} did not end`);
}

export async function readProgress(api: ApiClient, simId: string) {
  return simulationProgressSchema.parse((await api.get(`/api/mesh-sim/result/${simId}`)).json());
}

/** Everything that watchers are told, until the stream ends or `isEnough`. */
export async function watchSimulation(
  api: ApiClient,
  simId: string,
  options: {
    readonly lastEventId?: number;
    readonly pace?: number;
    readonly isEnough?: (seen: readonly Watched[]) => boolean;
  } = {},
): Promise<Watched[]> {
  const { lastEventId, pace, isEnough } = options;
  const abort = new AbortController();
  const query = pace === undefined ? "" : `&pace=${pace}`;
  const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  const response = await api.open("GET", `/api/mesh-sim/events?simId=${simId}${query}`, {
    headers,
    signal: abort.signal,
  });
  if (response.status === 204) return [];
  if (response.status !== 200 || response.body === null)
    throw new Error(`the stream answered ${response.status}`);
  const seen: Watched[] = [];
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (block.startsWith(":")) continue;
      const [id = "", data = "", ...others] = block.split("\n");
      if (others.length > 0) throw new Error(`a message has a name: ${block}`);
      seen.push({
        id: Number(id.slice("id: ".length)),
        event: meshEventSchema.parse(JSON.parse(data.slice("data: ".length))),
        receivedAt: Date.now(),
      });
    }
    if (isEnough?.(seen) === true) break;
  }
  abort.abort();
  return seen;
}
