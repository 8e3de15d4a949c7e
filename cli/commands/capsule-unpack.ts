// `oursynth capsule unpack FILE`: verified first; nothing is written when that fails.
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { type CommandContext, type ContextOf, collect, examples } from "../command-context.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "../output/cli-error.ts";
import { formatCount } from "../output/format.ts";
import { reportLines } from "../verify/report-lines.ts";
import { readTrustedKeys } from "../verify/trusted-keys.ts";
import { unpackCapsule } from "../verify/unpack-capsule.ts";

type Options = { out?: string; key?: string[]; pub?: string[]; filesOnly?: boolean };

export function addCapsuleUnpack(parent: Command, contextOf: ContextOf): void {
  parent
    .command("unpack")
    .description(
      "verify a capsule and write its files and manifest to a folder, which packs to the same again",
    )
    .argument("<FILE>")
    .option("--out <dir>", "a new or empty folder (default: named like the file, here)")
    .option(
      "--pub <base64>",
      "a public key to trust, as text or file; may be repeated (else CAPSULE_PUBLIC)",
      collect,
    )
    .option("--key <pub>", "the same as --pub", collect)
    .option("--files-only", "leave out capsule.json and the carried documents")
    .addHelpText(
      "after",
      examples("oursynth capsule unpack my-app-1.0.0.caps --out ./my-app --key key.pub.pem"),
    )
    .action((file: string, options: Options, command: Command) => unpack(contextOf(command), file, options));
}

async function unpack(context: CommandContext, file: string, options: Options): Promise<void> {
  const { reporter, cwd, environment, signal } = context;
  const trust = await readTrustedKeys([...(options.key ?? []), ...(options.pub ?? [])], environment);
  if (trust === null)
    reporter.warn(
      "no key was given: everything but the signatures is checked. Give --pub or --key to check them.",
    );
  const stem = basename(file).replace(/\.caps$/i, "");
  const target = resolve(cwd, options.out ?? (stem === basename(file) ? `${stem}-unpacked` : stem));
  const { report, manifest } = await unpackCapsule({
    file: resolve(cwd, file),
    target,
    trust,
    withManifest: options.filesOnly !== true,
    signal,
  });
  if (report.verdict !== "pass" || manifest === null) {
    for (const line of reportLines(report, reporter)) reporter.note(line);
    throw new CliError(`${file} did not verify: nothing was written.`, {
      code: "capsule-invalid",
      exitCode: report.verdict === "undecidable" ? EXIT_USAGE : EXIT_FAILED,
      fields: report.steps.flatMap(({ status, id, message, code }) =>
        status === "fail" ? [{ path: id, message: message ?? code ?? "failed" }] : [],
      ),
    });
  }
  reporter.result(
    {
      out: target,
      capsuleDigest: report.capsuleDigest,
      id: manifest.id,
      fileCount: manifest.files.length,
      isSignatureChecked: trust !== null,
      report,
    },
    [`${manifest.id}: ${formatCount(manifest.files.length, "file")} in ${target}`, `${report.capsuleDigest}`],
  );
}
