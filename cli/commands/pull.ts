// `oursynth pull DIGEST`: a capsule comes from the platform, and is checked before it gets its name.
import { resolve } from "node:path";
import type { Command } from "commander";
import { isDigest } from "../../core/capsule/digest.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { usageError } from "../output/cli-error.ts";
import { formatCount, formatSize } from "../output/format.ts";
import { downloadCapsule } from "../push/download-capsule.ts";
import { totalSizeBytes } from "../push/open-capsule.ts";

type Options = { out: string; receipts?: true };

export function addPull(program: Command, contextOf: ContextOf): void {
  program
    .command("pull")
    .description("download a capsule as a .caps and check that it is the one that was asked for")
    .argument("<DIGEST>")
    .requiredOption("--out <file>", "where to write it")
    .option(
      "--receipts",
      "also carry the log's receipts, so that a retired key's signature can be decided offline",
    )
    .addHelpText(
      "after",
      examples(
        "oursynth pull sha256:… --project my-app --out my-app.caps",
        "oursynth pull sha256:… --project my-app --receipts --out my-app.caps",
      ),
    )
    .action((digest: string, options: Options, command: Command) =>
      pull(contextOf(command), digest, options),
    );
}

async function pull(context: CommandContext, digest: string, options: Options): Promise<void> {
  if (!isDigest(digest))
    throw usageError(`${digest} is not a capsule digest.`, "It is sha256: and 64 lowercase hex digits.");
  const out = resolve(context.cwd, options.out);
  const { manifest } = await downloadCapsule(
    context,
    digest,
    out,
    options.receipts === true ? "receipts" : "provenance",
  );
  const sizeBytes = totalSizeBytes(manifest);
  context.reporter.result(
    { out, capsuleDigest: digest, id: manifest.id, fileCount: manifest.files.length, sizeBytes },
    [`${manifest.id}: ${formatCount(manifest.files.length, "file")}, ${formatSize(sizeBytes)} in ${out}`],
  );
}
