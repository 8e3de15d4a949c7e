// `oursynth capsule verify FILE`: the twelve steps of CAPSULE.md §5.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { isDigest } from "../../core/capsule/digest.ts";
import { type VerifyOptions, verifyContainer } from "../../core/capsule/verify-capsule.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { messageOf, usageError } from "../output/cli-error.ts";
import { readFileChunks } from "../push/read-capsule-file.ts";
import { endWithVerdict } from "../verify/end-with-verdict.ts";
import { addTrustOptions, readGivenTrust, type TrustOptions } from "../verify/given-trust.ts";
import { readReceipts } from "../verify/receipts-file.ts";
import { reportLines } from "../verify/report-lines.ts";
import { isDetachedName, verifyDetached } from "../verify/verify-detached.ts";

type Options = TrustOptions & { expect?: string; files?: string; receipts?: string };

export function addCapsuleVerify(parent: Command, contextOf: ContextOf): void {
  const command = parent
    .command("verify")
    .description("check every byte and signature of a capsule: exit 0 pass, 1 fail, 2 not decidable")
    .argument("<FILE>");
  addTrustOptions(command)
    .option(
      "--receipts <file>",
      "statements from beside the capsule, as GET /api/capsules/DIGEST/statements gives them",
    )
    .option("--expect <digest>", "the digest that it must have")
    .option(
      "--files <dir>",
      "where the files of a .capsule.json lie (else in the .caps of the same capsule beside it)",
    )
    .addHelpText(
      "after",
      examples(
        "oursynth capsule verify my-app-1.0.0.caps --key key.pub.pem",
        "oursynth capsule verify my-app-1.0.0.caps --trust trust.json --receipts statements.json",
        "oursynth capsule verify my-app.capsule.json --files ./my-app --key key.pub.pem",
      ),
    )
    .action((file: string, options: Options, command: Command) => verify(contextOf(command), file, options));
}

async function verify(context: CommandContext, file: string, options: Options): Promise<void> {
  const { reporter, cwd } = context;
  assertExpectation(options.expect);
  const trust = await readGivenTrust(context, options);
  const receipts = options.receipts === undefined ? null : await readReceipts(resolve(cwd, options.receipts));
  const path = resolve(cwd, file);
  await assertReadable(path);
  const report = await verifyFile(
    path,
    options.files === undefined ? undefined : resolve(cwd, options.files),
    {
      trust,
      hashing: nodeHashing,
      ...(receipts === null ? {} : { findReceipts: () => Promise.resolve(receipts) }),
      ...(options.expect === undefined ? {} : { expectedDigest: options.expect }),
    },
  );
  reporter.result(report, reportLines(report, reporter));
  endWithVerdict(context, report.verdict, trust);
}

async function verifyFile(
  path: string,
  filesFolder: string | undefined,
  options: VerifyOptions,
): Promise<VerificationReport> {
  if (isDetachedName(path)) return verifyDetached(path, filesFolder, options);
  if (filesFolder === undefined) return verifyContainer(readFileChunks(path), options);
  throw usageError("--files is for a .capsule.json.", "A .caps holds its files itself.");
}

function assertExpectation(expected: string | undefined): void {
  if (expected !== undefined && !isDigest(expected))
    throw usageError(`${expected} is not a capsule digest.`, "It is sha256: and 64 lowercase hex digits.");
}

/** A capsule that is not there neither passes nor fails. */
async function assertReadable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    throw usageError(`${path} cannot be read: ${messageOf(error)}`, "Name the .caps or .capsule.json file.");
  }
  throw usageError(`${path} is not a file.`, "Name the .caps or .capsule.json file.");
}
