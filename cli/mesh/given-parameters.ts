// A simulation's parameters from the command line: a JSON file, with the options laid over it (MESH.md §2).
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, usageError } from "../output/cli-error.ts";

export type ParameterOptions = {
  readonly nodes?: number;
  readonly latency?: string;
  readonly loss?: number;
  readonly chaos?: boolean;
  readonly seed?: number;
  readonly seeds?: string;
  readonly config?: string;
};

const MAX_CONFIG_BYTES = 1_048_576;

/** As people write them; `completeParameters` or the platform checks every bound. */
export async function readGivenParameters(
  options: ParameterOptions,
  cwd: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { nodes, latency, loss, chaos, seed, seeds, config } = options;
  if (seed !== undefined && seeds !== undefined) throw usageError("Give either --seed or --seeds.");
  const base = config === undefined ? {} : await readConfig(config, cwd);
  const given: Record<string, unknown> = { ...base };
  if (seed !== undefined || seeds !== undefined) {
    delete given.seed;
    delete given.seeds;
  }
  return {
    ...given,
    ...(nodes === undefined ? {} : { nodes }),
    ...(latency === undefined ? {} : { latencyMs: parseLatency(latency) }),
    ...(loss === undefined ? {} : { packetLoss: loss }),
    ...(chaos === undefined ? {} : { chaosMode: chaos }),
    ...(seed === undefined ? {} : { seeds: [seed] }),
    ...(seeds === undefined ? {} : { seeds: parseSeeds(seeds) }),
  };
}

async function readConfig(config: string, cwd: string): Promise<Readonly<Record<string, unknown>>> {
  const from = config === "-" ? "standard input" : config;
  let text: string;
  try {
    text = config === "-" ? await readStandardInput() : await readFile(resolve(cwd, config), "utf8");
  } catch (error) {
    throw usageError(`${from} cannot be read: ${messageOf(error)}`);
  }
  if (text.length > MAX_CONFIG_BYTES) throw usageError(`${from} is larger than ${MAX_CONFIG_BYTES} bytes.`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw usageError(`${from} is not JSON: ${messageOf(error)}`);
  }
  throw usageError(`${from} is not a JSON object.`, "Its fields are those of docs/mesh.md.");
}

async function readStandardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_CONFIG_BYTES) break;
  }
  return text;
}

function parseLatency(text: string): readonly number[] {
  const [, least, most = least] = /^(\d+)(?:-(\d+))?(?:ms)?$/.exec(text) ?? [];
  if (least === undefined) throw usageError(`${text} is no latency.`, "Give milliseconds: --latency 50-150.");
  return [Number(least), Number(most)];
}

function parseSeeds(text: string): readonly number[] {
  if (!/^\d+(?:,\d+)*$/.test(text)) throw usageError(`${text} are no seeds.`, "Give --seeds 1,2,3.");
  return text.split(",").map(Number);
}
