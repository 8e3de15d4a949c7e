// What was live where at a moment, read off the events before it.
import { ENVIRONMENTS, type Environment } from "../../../../schemas/environment.ts";
import type { TimelineModel } from "./timeline-model.ts";

export type LiveThen =
  | {
      readonly kind: "live";
      readonly seq: number;
      readonly capsuleDigest: string;
      readonly revision: number;
    }
  | { readonly kind: "nothing" }
  /** Its last activation lies before what is here. */
  | { readonly kind: "unknown" };

/** By environment; `unknown` only while the beginning of the history is not here. */
export function deployedAt(model: TimelineModel, seq: number): ReadonlyMap<Environment, LiveThen> {
  const found = new Map<Environment, LiveThen>();
  for (let at = Math.min(seq, model.lastSeq); at >= model.firstSeq; at--) {
    if (found.size === ENVIRONMENTS.length) break;
    const event = model.at(at);
    if (event?.type !== "environment.activated" || event.data === null) continue;
    const { env, capsuleDigest, revision } = event.data;
    const environment = ENVIRONMENTS.find((name) => name === env);
    if (environment === undefined || found.has(environment)) continue;
    found.set(environment, {
      kind: "live",
      seq: at,
      capsuleDigest: String(capsuleDigest),
      revision: Number(revision),
    });
  }
  const rest: LiveThen = model.firstSeq > 1 ? { kind: "unknown" } : { kind: "nothing" };
  return new Map(ENVIRONMENTS.map((environment) => [environment, found.get(environment) ?? rest]));
}
