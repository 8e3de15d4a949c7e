// `oursynth capsule merge BASE OURS THEIRS`: two capsules that come from one become one (CAPSULE.md F2).
import { resolve } from "node:path";
import type { Command } from "commander";
import type { MergeFailure } from "../../core/capsule/merge-capsules.ts";
import type { MergeConflict } from "../../schemas/capsule-merge.ts";
import { type CommandContext, type ContextOf, collect, examples } from "../command-context.ts";
import { mergeCapsuleFiles } from "../merge/merge-capsule-files.ts";
import { readDecisions } from "../merge/read-decisions.ts";
import { CliError, EXIT_FAILED } from "../output/cli-error.ts";
import { showValue } from "../output/difference-lines.ts";
import { formatCount, printable } from "../output/format.ts";
import { findSigningKey } from "../pack/signing-key.ts";
import { writeCapsule } from "../pack/write-capsule.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";

type Options = {
  version: string;
  out: string;
  key?: string;
  ours?: string[];
  theirs?: string[];
  take?: string[];
  reason?: string;
};

export function addCapsuleMerge(parent: Command, contextOf: ContextOf): void {
  parent
    .command("merge")
    .description(
      "merge two capsules that come from one; while conflicts are left nothing is written (exit 1)",
    )
    .argument("<FILE-BASE>", "the .caps that both come from")
    .argument("<FILE-OURS>")
    .argument("<FILE-THEIRS>")
    .requiredOption("--version <version>", "of the result")
    .requiredOption("--out <file>", "where to write it")
    .option("--key <file>", "the private key that signs (else CAPSULE_SECRET)")
    .option("--ours <path>", "decide this conflict for OURS, as it stands there; may be repeated", collect)
    .option("--theirs <path>", "decide this conflict for THEIRS; may be repeated", collect)
    .option(
      "--take <path=file>",
      "decide this conflict by a text (for a field: JSON); may be repeated",
      collect,
    )
    .option("--reason <text>", "why; stands in the signed provenance")
    .addHelpText(
      "after",
      examples(
        "oursynth capsule merge base.caps ours.caps theirs.caps --version 2.0.0 --out merged.caps --key key.pem",
        "oursynth capsule merge base.caps ours.caps theirs.caps --version 2.0.0 --out merged.caps --ours src/index.ts --theirs /app/env/MODE --take README.md=./merged.md",
      ),
    )
    .action((base: string, ours: string, theirs: string, options: Options, command: Command) =>
      merge(contextOf(command), { base, ours, theirs }, options),
    );
}

async function merge(
  context: CommandContext,
  files: { readonly base: string; readonly ours: string; readonly theirs: string },
  options: Options,
): Promise<void> {
  const { reporter, cwd, environment, signal } = context;
  const signing = await findSigningKey(options.key, environment);
  const merged = await mergeCapsuleFiles({
    base: await readCapsuleFile(resolve(cwd, files.base)),
    ours: await readCapsuleFile(resolve(cwd, files.ours)),
    theirs: await readCapsuleFile(resolve(cwd, files.theirs)),
    version: options.version,
    decisions: await readDecisions(options, cwd),
    key: signing?.key ?? null,
    reason: options.reason,
  });
  if (!merged.ok) throw refusedMerge(merged.reason);
  if (merged.value.status === "conflicts") {
    const { conflicts } = merged.value;
    reporter.result({ conflicts }, conflicts.flatMap(describeConflict));
    reporter.note(
      `${formatCount(conflicts.length, "conflict")}: nothing was written. Decide each with --ours PATH, --theirs PATH or --take PATH=FILE.`,
    );
    context.setExitCode(EXIT_FAILED);
    return;
  }
  const { capsule, capsuleDigest } = merged.value;
  const out = resolve(cwd, options.out);
  const { sizeBytes } = await writeCapsule(capsule, out, signal);
  if (capsule.envelopes.length === 0) {
    reporter.note("Not signed: there is no envelope inside. Give --key FILE or CAPSULE_SECRET to sign.");
  }
  const { id, parents, files: mergedFiles } = capsule.manifest;
  reporter.result(
    {
      file: out,
      id,
      capsuleDigest,
      parents,
      fileCount: mergedFiles.length,
      containerSizeBytes: sizeBytes,
      conflicts: [],
    },
    [`${id}: ${formatCount(mergedFiles.length, "file")} in ${out}`, capsuleDigest],
  );
}

function describeConflict(conflict: MergeConflict): string[] {
  const { kind, path, message } = conflict;
  const first = `${kind.padEnd(13)}  ${printable(path)}: ${message}`;
  if ("text" in conflict) {
    const markers = conflict.text === null ? [] : printable(conflict.text).split("\n").slice(0, -1);
    return [first, ...regionsIn(markers).map((line) => `    ${line}`)];
  }
  const sides = (["base", "ours", "theirs"] as const).map(
    (side) => `    ${side}: ${printable(showValue(conflict[side]?.value))}`,
  );
  return [first, ...sides];
}

/** Only the lines between the markers: the rest is no matter of dispute. */
function regionsIn(lines: readonly string[]): string[] {
  const regions: string[] = [];
  let isInside = false;
  for (const line of lines) {
    if (line === "<<<<<<< ours") isInside = true;
    if (isInside) regions.push(line);
    if (line === ">>>>>>> theirs") isInside = false;
  }
  return regions;
}

function refusedMerge(reason: MergeFailure): CliError {
  switch (reason.code) {
    case "invalid-manifest":
      return new CliError("The merged capsule would not be valid: nothing was written.", {
        code: "capsule-invalid",
        fields: reason.issues.map(({ path, message }) => ({ path, message })),
      });
    case "unused-decisions":
      return new CliError("Some decisions are about no conflict, or in no form that decides it.", {
        code: "validation",
        fields: reason.paths.map((path) => ({ path, message: "nothing to decide so" })),
        hint: "Merge without decisions to see the conflicts.",
      });
  }
}
