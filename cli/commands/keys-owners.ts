// `oursynth keys owners`: whose signatures widening trust needs, and how many (docs/keys.md, "Owners' keys").
import type { Command } from "commander";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { AwaitingSignatures, OwnerKeysAnswer } from "../../schemas/api/keys.ts";
import { type CommandContext, type ContextOf, examples, parseWholeNumber } from "../command-context.ts";
import { connect } from "../http/connection.ts";
import { finishOrAsk, readEnvelopeFile } from "../keys/awaiting-signatures.ts";
import { readPublicKeyFile } from "../keys/key-files.ts";
import { usageError } from "../output/cli-error.ts";
import { formatTable } from "../output/table.ts";

type Options = { threshold?: number; envelope?: string; out?: string };

const PATH = "/api/owner-keys";

export function addKeyOwners(keys: Command, contextOf: ContextOf): void {
  keys
    .command("owners")
    .description("show the owners' keys, or with --threshold set them")
    .argument("[PUBFILE...]")
    .option("--threshold <count>", "how many must sign; 0 asks for none", parseWholeNumber)
    .option("--out <file>", "where to write what the owners have to sign")
    .option("--envelope <file>", "what the owners have signed")
    .addHelpText(
      "after",
      examples(
        "oursynth keys owners",
        "oursynth keys owners --threshold 2 a.pub.pem b.pub.pem c.pub.pem --out owners.json",
        "oursynth keys owners --threshold 2 a.pub.pem b.pub.pem c.pub.pem --envelope owners.json",
      ),
    )
    .action((files: string[], options: Options, command: Command) =>
      options.threshold === undefined
        ? show(contextOf(command), files)
        : set(contextOf(command), files, options.threshold, options),
    );
}

async function show(context: CommandContext, files: readonly string[]): Promise<void> {
  if (files.length > 0) throw usageError("How many of them must sign?", "Give --threshold as well.");
  const { reporter, connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const owners = await client.get<OwnerKeysAnswer>(PATH);
  reporter.result(owners, describe(owners));
}

async function set(
  context: CommandContext,
  files: readonly string[],
  threshold: number,
  options: Options,
): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const publicKeys = await Promise.all(files.map((file) => readPublicKeyFile(file, cwd)));
  const envelope = await readEnvelopeFile(options.envelope, cwd);
  const client = await connect(connection, environment, cwd, signal);
  const { revision: expectedRevision } = await client.get<OwnerKeysAnswer>(PATH);
  const answer = await client.requestJson<OwnerKeysAnswer | AwaitingSignatures>(PATH, {
    method: "PUT",
    json: { threshold, publicKeys, expectedRevision, ...envelope },
  });
  await finishOrAsk(context, answer, options.out, (owners) => reporter.result(owners, describe(owners)));
}

function describe({ revision, threshold, keys }: OwnerKeysAnswer): string[] {
  if (threshold === 0) return [`Trust can be widened without owners' keys (revision ${revision}).`];
  const rows = keys.map(({ keyId, isRetired }) => [fingerprintOf(keyId), keyId, isRetired ? "retired" : ""]);
  return [...formatTable(rows), `${threshold} of them must sign; revision ${revision}`];
}
