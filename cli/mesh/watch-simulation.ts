// Follows a simulation's events over server-sent events, and resumes where the stream broke off (API.md).
import type { MeshEvent } from "../../schemas/mesh-event.ts";
import { type PlatformClient, ProblemError } from "../http/client.ts";

const EVENTS_PATH = "/api/mesh-sim/events";
const STREAM_TIMEOUT_MS = 1_800_000;
const RETRY_MS = 500;
const MAX_BROKEN = 20;

/** Calls `onEvent` once for each, in order, until all is told. */
export async function watchSimulation(
  client: PlatformClient,
  simId: string,
  onEvent: (event: MeshEvent) => void,
): Promise<void> {
  let lastId = 0;
  for (let broken = 0; broken < MAX_BROKEN; broken += 1) {
    try {
      const response = await client.request(EVENTS_PATH, {
        query: { simId },
        headers: { accept: "text/event-stream", "last-event-id": String(lastId) },
        timeoutMs: STREAM_TIMEOUT_MS,
        isRepeatable: true,
      });
      if (response.status === 204 || response.body === null) return;
      for await (const { id, event } of readEvents(response.body)) {
        if (id <= lastId) continue;
        lastId = id;
        broken = 0;
        onEvent(event);
      }
    } catch (error) {
      // What the platform refuses it will refuse again; a lost connection comes back.
      if (error instanceof ProblemError || client.isAborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Unnamed messages with an `id` and JSON in `data`; comments keep the line open. */
async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ readonly id: number; readonly event: MeshEvent }, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const id = /^id: ?(\d+)$/m.exec(block)?.[1];
      const data = /^data: ?(.*)$/m.exec(block)?.[1];
      if (id !== undefined && data !== undefined) yield { id: Number(id), event: JSON.parse(data) };
    }
  }
}
