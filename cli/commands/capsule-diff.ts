// `oursynth capsule diff A B`: what became of A in B (CAPSULE.md F1).
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { diffCapsules } from "../../core/capsule/diff-capsules.ts";
import { isDigest } from "../../core/capsule/digest.ts";
import type { CapsuleDiffAnswer } from "../../schemas/api/capsules.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { differenceLines, summarizeDifference } from "../output/difference-lines.ts";
import { downloadCapsule } from "../push/download-capsule.ts";
import type { OpenCapsule } from "../push/open-capsule.ts";
import { readBlob } from "../push/read-blob.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";

export function addCapsuleDiff(parent: Command, contextOf: ContextOf): void {
  parent
    .command("diff")
    .description("show what became of one capsule in another, as a patch that `git apply` reads")
    .argument("<FILE-A>", "a .caps, or the digest of a capsule on the platform")
    .argument("<FILE-B>", "the same")
    .addHelpText(
      "after",
      examples(
        "oursynth capsule diff my-app-1.0.0.caps my-app-1.1.0.caps",
        "oursynth capsule diff old.caps new.caps > change.patch",
        "oursynth capsule diff sha256:… sha256:… --project my-app --json",
      ),
    )
    .action((a: string, b: string, _options: unknown, command: Command) => diff(contextOf(command), a, b));
}

async function diff(context: CommandContext, a: string, b: string): Promise<void> {
  const { reporter } = context;
  const answer = isDigest(a) && isDigest(b) ? await askPlatform(context, a, b) : await compare(context, a, b);
  reporter.result(answer, differenceLines(answer, reporter));
  reporter.note(summarizeDifference(answer));
}

async function askPlatform(context: CommandContext, a: string, b: string): Promise<CapsuleDiffAnswer> {
  const { connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  return await client.get<CapsuleDiffAnswer>(apiPath("capsules", a, "diff", b), { projectId });
}

/** Here, from files; a capsule that is named by its digest is brought here first. */
async function compare(context: CommandContext, a: string, b: string): Promise<CapsuleDiffAnswer> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-diff-"));
  try {
    const [from, to] = [await open(context, a, folder), await open(context, b, folder)];
    const blobs = new Map([...from.blobs, ...to.blobs]);
    const diff = await diffCapsules(from.manifest, to.manifest, (sha256) => {
      const blob = blobs.get(sha256);
      return blob === undefined ? null : readBlob(blob);
    });
    return { from: from.capsuleDigest, to: to.capsuleDigest, ...diff };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(context: CommandContext, operand: string, folder: string): Promise<OpenCapsule> {
  if (!isDigest(operand)) return await readCapsuleFile(resolve(context.cwd, operand));
  return await downloadCapsule(context, operand, join(folder, `${operand.replace(":", "-")}.caps`));
}
