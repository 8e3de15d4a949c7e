// The command that runs given parameters again (MESH.md M12).
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { meshParametersSchema } from "../../schemas/mesh-parameters.ts";
import { canonicalJson } from "../capsule/canonical-json.ts";

const NO_SEED = { seeds: [0] };
/** What the command line has an option for; everything else goes in as JSON. */
const OPTIONS: readonly (keyof MeshParameters)[] = ["nodes", "latencyMs", "packetLoss", "chaosMode"];

/** A line for a POSIX shell. Parameters beyond the options come as JSON on standard input. */
export function replayCommand(capsuleDigest: string, parameters: MeshParameters): string {
  const { nodes, latencyMs, packetLoss, chaosMode, seeds } = parameters;
  const start = `oursynth mesh-sim --capsule ${capsuleDigest} --local`;
  const [seed] = seeds;
  if (seeds.length === 1 && hasOnlyOptions(parameters)) {
    const chaos = chaosMode ? " --chaos" : "";
    return `${start} --nodes ${nodes} --latency ${latencyMs.join("-")} --loss ${packetLoss}${chaos} --seed ${seed}`;
  }
  return `printf '%s' '${shellQuoted(canonicalJson(parameters))}' | ${start} --config -`;
}

function hasOnlyOptions(parameters: MeshParameters): boolean {
  const defaults = meshParametersSchema.parse(NO_SEED);
  return (Object.keys(defaults) as (keyof MeshParameters)[]).every(
    (name) =>
      name === "seeds" ||
      OPTIONS.includes(name) ||
      canonicalJson(parameters[name]) === canonicalJson(defaults[name]),
  );
}

/** Inside single quotes only the single quote means something. */
function shellQuoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
