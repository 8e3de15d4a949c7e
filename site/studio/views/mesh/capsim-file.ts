// The evidence file of a simulation, fetched once: it is exported, checked here, and carries what a rerun needs.
import type { Capsim } from "../../../../schemas/capsim.ts";
import { apiPath, sendApi } from "../../data/api-client.ts";

export type CapsimFile = { readonly bytes: Uint8Array; readonly content: Capsim };

/** Its shape is the platform's word here; checking it is verifyCapsim's work. */
export async function fetchCapsim(simId: string, signal: AbortSignal): Promise<CapsimFile> {
  const response = await sendApi(apiPath`/api/mesh-sim/${simId}/capsim`, { signal });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, content: JSON.parse(new TextDecoder().decode(bytes)) };
}
