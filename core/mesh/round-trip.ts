// How long a peer takes to answer, measured as TCP does (RFC 6298), in integers.
import { PROTOCOL } from "./mesh-limits.ts";
import type { PeerView } from "./mesh-node.ts";

/** Takes one measured round trip. Only answers to the last ask are measured (Karn's rule). */
export function measureRoundTrip(view: PeerView, micros: number): void {
  if (view.roundTrip === 0) {
    view.roundTrip = micros;
    view.roundTripVariation = Math.floor(micros / 2);
    return;
  }
  const difference = Math.abs(view.roundTrip - micros);
  view.roundTripVariation = Math.floor((3 * view.roundTripVariation + difference) / 4);
  view.roundTrip = Math.floor((7 * view.roundTrip + micros) / 8);
}

/** How long to wait for a first answer. */
export function firstTimeout(view: PeerView): number {
  if (view.roundTrip === 0) return PROTOCOL.askTimeoutFirst;
  const timeout = view.roundTrip + 4 * view.roundTripVariation;
  return Math.min(Math.max(timeout, PROTOCOL.askTimeoutMin), PROTOCOL.askTimeoutMax);
}
