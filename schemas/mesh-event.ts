// What watchers of a simulation are sent (MESH.md M2, API.md): one unnamed message for each step.
import * as z from "zod";

/** `packet` is a packet of the watched run; `simulate`, `seal` and the ends are of the whole simulation. */
export const MESH_EVENT_PHASES = [
  "boot",
  "receive",
  "verify",
  "start",
  "healthy",
  "halted",
  "down",
  "packet",
  "simulate",
  "sealed",
  "failed",
] as const;

export const meshEventSchema = z.strictObject({
  /** Null: of the whole simulation. */
  nodeId: z.string().nullable(),
  phase: z.enum(MESH_EVENT_PHASES),
  /** `ok`, `error`, `running`; of a packet what befell it. */
  status: z.string(),
  /**
   * `ts` is when it was written (ms since the epoch); `virtualMs` when it happened on the simulation's own clock, absent
   * for what real nodes did.
   */
  details: z.looseObject({ ts: z.int(), virtualMs: z.number().optional() }),
});

export type MeshEvent = z.infer<typeof meshEventSchema>;

/** With its number in the simulation's stream, from 1. */
export type NumberedMeshEvent = { readonly id: number; readonly event: MeshEvent };
