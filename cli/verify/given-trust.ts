// Whom a verification without a network is to trust, as the command line was told: `--key`, `--pub` or `--trust`.
import { resolve } from "node:path";
import type { Command } from "commander";
import type { TrustRecord } from "../../schemas/trust.ts";
import { type CommandContext, collect } from "../command-context.ts";
import { usageError } from "../output/cli-error.ts";
import { readTrustRecord } from "./trust-record.ts";
import { readTrustedKeys } from "./trusted-keys.ts";

export type TrustOptions = { key?: string[]; pub?: string[]; trust?: string };

export function addTrustOptions(command: Command): Command {
  return command
    .option(
      "--key <pub>",
      "a public key to trust, as file or text; may be repeated (else CAPSULE_PUBLIC)",
      collect,
    )
    .option("--pub <base64>", "the same as --key", collect)
    .option(
      "--trust <file>",
      "a project's trust record, as `oursynth keys list --project P --json` prints it",
    );
}

/** Null when nobody was named. */
export async function readGivenTrust(
  { cwd, environment }: CommandContext,
  { key = [], pub = [], trust }: TrustOptions,
): Promise<TrustRecord | null> {
  const given = [...key, ...pub];
  if (trust === undefined) return await readTrustedKeys(given, environment);
  if (given.length > 0) throw usageError("--trust says whom to trust.", "Give either --trust or --key.");
  return await readTrustRecord(resolve(cwd, trust));
}
