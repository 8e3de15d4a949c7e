// `oursynth verify-sim --file FILE.capsim`, also `oai-verify-sim`: checks evidence without any network (MESH.md M17).
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { CAPSIM_LIMITS } from "../../core/mesh/capsim.ts";
import { createRerun } from "../../core/mesh/rerun-capsim.ts";
import { verifyCapsim } from "../../core/mesh/verify-capsim.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { messageOf, usageError } from "../output/cli-error.ts";
import { capsimLines } from "../verify/capsim-lines.ts";
import { endWithVerdict } from "../verify/end-with-verdict.ts";
import { addTrustOptions, readGivenTrust, type TrustOptions } from "../verify/given-trust.ts";

type Options = TrustOptions & { file: string; rerun?: boolean };

export function addVerifySim(program: Command, contextOf: ContextOf): void {
  const command = program
    .command("verify-sim")
    .description("check a .capsim without any network: exit 0 pass, 1 fail, 2 not decidable")
    .requiredOption("--file <file>", "the evidence file");
  addTrustOptions(command)
    .option("--rerun", "run the simulator again and compare every trace")
    .addHelpText(
      "after",
      examples(
        "oursynth verify-sim --file result.capsim --key simulator.pub.pem --key builder.pub.pem --rerun",
        "oai-verify-sim --file result.capsim --trust trust.json --json",
      ),
    )
    .action((options: Options, command: Command) => verifySim(contextOf(command), options));
}

async function verifySim(context: CommandContext, options: Options): Promise<void> {
  const { reporter, cwd } = context;
  const trust = await readGivenTrust(context, options);
  const bytes = await readEvidence(resolve(cwd, options.file));
  const progress = reporter.progress("seeds");
  const rerun = createRerun({ onProgress: ({ done, total }) => progress.update(done, total) });
  const report = await verifyCapsim(bytes, {
    trust,
    hashing: nodeHashing,
    ...(options.rerun === true ? { rerun } : {}),
  });
  progress.stop();
  reporter.result(report, capsimLines(report, reporter));
  endWithVerdict(context, report.verdict, trust);
}

/** One byte more than is allowed settles it: the rest of a file that is too large is not read. */
async function readEvidence(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const bytes = new Uint8Array(Math.min(size, CAPSIM_LIMITS.bytes + 1));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    throw usageError(`${path} cannot be read: ${messageOf(error)}`, "Name a .capsim file.");
  }
}
