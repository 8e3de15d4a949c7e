// `oursynth mesh-sim`: rehearses a capsule on a mesh of nodes, on the platform or with `--local` without one. Exit 0 pass,
// 1 fail, 2 not decidable, as Maelstrom has it.
import { resolve } from "node:path";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../core/capsule/bytes.ts";
import { isDigest } from "../../core/capsule/digest.ts";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import { keyIdOf } from "../../core/signing/key-format.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { roleSchema, type TrustRecord } from "../../schemas/trust.ts";
import {
  type CommandContext,
  type ContextOf,
  collect,
  examples,
  parseWholeNumber,
} from "../command-context.ts";
import { connect, findProject } from "../http/connection.ts";
import { type ParameterOptions, readGivenParameters } from "../mesh/given-parameters.ts";
import { NodeTable } from "../mesh/node-table.ts";
import { resultLines } from "../mesh/result-lines.ts";
import { simulateLocally } from "../mesh/simulate-locally.ts";
import { fetchEvidence, simulateOnPlatform } from "../mesh/simulate-on-platform.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE, usageError } from "../output/cli-error.ts";
import { writeWholeFile } from "../output/whole-file.ts";
import { findSigningKey } from "../pack/signing-key.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";
import { readTrustedKeys } from "../verify/trusted-keys.ts";
import { pushWithProgress } from "./push.ts";

type Options = ParameterOptions & {
  readonly capsule: string;
  readonly gate?: string;
  readonly local?: boolean;
  readonly key?: string;
  readonly pub?: string[];
  readonly out?: string;
};

export function addMeshSim(program: Command, contextOf: ContextOf): void {
  program
    .command("mesh-sim")
    .description("rehearse a capsule on a mesh of nodes: exit 0 pass, 1 fail, 2 not decidable")
    .requiredOption("--capsule <digest|file>", "the capsule; a .caps is pushed first, unless --local")
    .option("--nodes <count>", "2 to 10", parseWholeNumber)
    .option("--latency <ms>", "from-to, such as 50-150")
    .option("--loss <percent>", "packets lost", parsePercent)
    .option("--chaos", "a crash and a restart, drawn from the seed")
    .option("--seed <n>", "the same seed gives the same trace", parseWholeNumber)
    .option("--seeds <list>", "several, such as 1,2,3")
    .option("--config <file>", "all parameters as JSON (docs/mesh.md); - reads standard input")
    .option("--gate <env>", "what the gate of this environment asks for, as evidence")
    .option("--local", "with no platform at all: observed and simulated on this machine")
    .option(
      "--key <file>",
      "with --local: the runner's private key, which signs the result (else CAPSULE_SECRET)",
    )
    .option(
      "--pub <key>",
      "with --local: a public key to trust as the capsule's builder; may be repeated",
      collect,
    )
    .option("--out <file>", "write the evidence, a .capsim")
    .addHelpText(
      "after",
      examples(
        "oursynth mesh-sim --capsule sha256:… --project my-app --nodes 5 --latency 50-150 --loss 2 --chaos",
        "oursynth mesh-sim --capsule sha256:… --project my-app --gate prod",
        "oursynth mesh-sim --capsule my-app-1.0.0.caps --local --key key.pem --out result.capsim",
      ),
    )
    .action((options: Options, command: Command) => meshSim(contextOf(command), options));
}

async function meshSim(context: CommandContext, options: Options): Promise<void> {
  assertOptions(options);
  try {
    const { result, evidence } = await (options.local === true
      ? rehearseLocally(context, options)
      : rehearseOnPlatform(context, options));
    if (options.out !== undefined && evidence !== null) {
      await writeWholeFile(resolve(context.cwd, options.out), inOnePiece(evidence), context.signal);
      context.reporter.note(
        `The evidence is in ${options.out}: oursynth verify-sim --file ${options.out} --key PUB --rerun`,
      );
    }
    context.reporter.result(result, resultLines(result, context.reporter));
    context.setExitCode(result.outcome === "pass" ? 0 : EXIT_FAILED);
  } catch (error) {
    throw undecided(error);
  }
}

/** Whatever kept the rehearsal from an end, nothing is decided by it: exit 2, not 1. */
function undecided(error: unknown): unknown {
  if (!(error instanceof CliError) || error.exitCode === EXIT_USAGE) return error;
  const { message, code, fields, hint } = error;
  return new CliError(message, {
    code,
    fields,
    exitCode: EXIT_USAGE,
    cause: error,
    ...(hint === null ? {} : { hint }),
  });
}

type Rehearsed = { readonly result: MeshSimResult; readonly evidence: Uint8Array | null };

async function rehearseLocally(context: CommandContext, options: Options): Promise<Rehearsed> {
  const { reporter, environment, cwd } = context;
  if (isDigest(options.capsule)) throw usageError("--local needs the .caps itself, not its digest.");
  const signing = await findSigningKey(
    options.key === undefined ? undefined : resolve(cwd, options.key),
    environment,
  );
  if (options.out !== undefined && signing === null)
    throw usageError(
      "--out needs a key: nobody would vouch for the evidence.",
      "Give --key FILE or CAPSULE_SECRET.",
    );
  const table = new NodeTable(reporter);
  const progress = reporter.progress("seeds");
  const simulated = await simulateLocally({
    path: resolve(cwd, options.capsule),
    params: await readGivenParameters(options, cwd),
    key: signing?.key ?? null,
    trust: await trustedBuilders(options, environment, signing?.key ?? null),
    environment,
    tell: (node, phase) => table.set(node, phase),
    onSeed: (done, total) => progress.update(done, total),
  });
  progress.stop();
  table.end();
  return simulated;
}

/** The keys that were given, and the runner's own: what it signed itself it believes. */
async function trustedBuilders(
  { pub }: Options,
  environment: CommandContext["environment"],
  own: PrivateKey | null,
): Promise<TrustRecord | null> {
  const given = await readTrustedKeys(pub ?? [], environment);
  if (own === null) return given;
  const keyId = await keyIdOf(own.publicKey, nodeHashing);
  const others = (given?.keys ?? []).filter((key) => key.keyId !== keyId);
  const publicKey = toBase64(own.publicKey);
  return {
    revision: 0,
    thresholds: {},
    keys: [...others, { keyId, publicKey, name: "own key", roles: [...roleSchema.options] }],
  };
}

async function rehearseOnPlatform(context: CommandContext, options: Options): Promise<Rehearsed> {
  const { reporter, connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const table = new NodeTable(reporter);
  const result = await simulateOnPlatform(client, {
    projectId,
    capsuleHash: await findCapsule(context, client, projectId, options.capsule),
    asks:
      options.gate === undefined
        ? { params: await readGivenParameters(options, cwd) }
        : { env: options.gate },
    onStart: (simId, nodeIds) => {
      reporter.note(`${simId} has started.`);
      for (const node of nodeIds) table.set(node, "boot");
    },
    onEvent: ({ nodeId, phase }) => {
      if (nodeId !== null && phase !== "packet") table.set(nodeId, phase);
    },
  });
  table.end();
  return { result, evidence: options.out === undefined ? null : await fetchEvidence(client, result.simId) };
}

async function findCapsule(
  context: CommandContext,
  client: Awaited<ReturnType<typeof connect>>,
  projectId: string,
  given: string,
): Promise<string> {
  if (isDigest(given)) return given;
  if (given.startsWith("sha256:"))
    throw usageError(`${given} is not a whole digest: sha256: and 64 hex digits.`);
  const capsule = await readCapsuleFile(resolve(context.cwd, given));
  await pushWithProgress(context, client, projectId, capsule, { branch: null });
  return capsule.capsuleDigest;
}

function assertOptions({ gate, local, key, pub, ...parameters }: Options): void {
  const { nodes, latency, loss, chaos, seed, seeds, config } = parameters;
  const hasOwn = [nodes, latency, loss, chaos, seed, seeds, config].some((value) => value !== undefined);
  if (gate !== undefined && hasOwn)
    throw usageError("The gate gives the parameters and the seeds.", "Leave them out beside --gate.");
  if (gate !== undefined && local === true)
    throw usageError("A gate's seeds come from the platform.", "Leave out --local or --gate.");
  if (local !== true && (key !== undefined || pub !== undefined))
    throw usageError("The platform signs with its own key.", "--key and --pub are for --local.");
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

function parsePercent(text: string): number {
  const value = Number(text.replace(/%$/, ""));
  if (/^\d+(?:\.\d{1,2})?%?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError("It must be a percentage with at most two decimals.");
}
