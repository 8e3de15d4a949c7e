// The options that packing takes, wherever a folder is packed: `capsule pack` and `push DIR`.
import type { Command } from "commander";
import { type CommandContext, collect } from "../command-context.ts";
import { formatCount } from "../output/format.ts";
import { type PackedCapsule, type PackOptions, packFolder } from "../pack/pack-folder.ts";

export type PackCommandOptions = {
  manifest?: string;
  key?: string;
  allow?: string[];
  reason?: string;
  followSymlinks?: boolean;
};

export function addPackOptions(command: Command): Command {
  return command
    .option(
      "--manifest <file>",
      "the authored manifest (default: capsule.json in the folder, if there is one)",
    )
    .option("--key <file>", "the private key that signs (else CAPSULE_SECRET)")
    .option("--allow <path>", "let this file or folder in although it looks secret; may be repeated", collect)
    .option("--reason <text>", "why; stands in the signed provenance")
    .option("--follow-symlinks", "copy what symbolic links point at, where it lies inside the folder");
}

/** Packs, and says on stderr what a person should know: values left out, a capsule that cannot be made again. */
export async function packWithWords(
  { reporter, environment, signal }: CommandContext,
  options: PackCommandOptions,
  packOptions: Pick<PackOptions, "folder" | "key" | "parents" | "lintTokens">,
): Promise<PackedCapsule> {
  const progress = reporter.progress("packing");
  const packed = await packFolder({
    ...packOptions,
    manifestFile: options.manifest,
    reason: options.reason,
    allow: options.allow,
    followSymlinks: options.followSymlinks,
    sourceDateEpoch: environment.SOURCE_DATE_EPOCH,
    signal,
    onProgress: progress.update,
  }).finally(progress.stop);
  sayRedacted(reporter, packed.redacted);
  if (packed.sbom.problem !== null) reporter.warn(`there is no bill of materials: ${packed.sbom.problem}.`);
  if (packed.createdAtSource === "clock") {
    reporter.warn(
      "this capsule is not reproducible: createdAt is the time of now. Set createdAt in capsule.json or SOURCE_DATE_EPOCH, or pack from a clean git work tree.",
    );
  }
  return packed;
}

function sayRedacted(reporter: CommandContext["reporter"], names: readonly string[]): void {
  if (names.length === 0) return;
  reporter.warn(
    `${formatCount(names.length, "value")} looked secret and did not enter the capsule (only the name did, in app.secrets): ${names.join(", ")}`,
  );
}
