// A gate's policy as a sentence.
import type { GatePolicy } from "../../../../schemas/gate.ts";

/** What a rehearsal must stand to count. */
export function sayPolicy({
  nodes,
  latencyMs,
  packetLoss,
  chaosMode,
  seeds,
  maxAgeDays,
}: GatePolicy): string {
  const [least, most] = latencyMs;
  const chaos = chaosMode ? "with chaos" : "without chaos";
  const age = maxAgeDays === 1 ? "a day" : `${maxAgeDays} days`;
  return `It asks for ${seeds} passing runs on ${nodes} nodes, ${least}–${most} ms apart, with ${packetLoss} % loss, ${chaos}, not older than ${age}.`;
}
