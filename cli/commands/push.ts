// `oursynth push FILE|DIR`: a capsule travels to the platform and moves a branch (ARCHITECTURE.md "Ship from CI").
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { DEFAULT_BRANCH } from "../../schemas/api/common.ts";
import type { ProjectDetail } from "../../schemas/api/projects.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath, type PlatformClient } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError, messageOf } from "../output/cli-error.ts";
import { formatCount, formatSize } from "../output/format.ts";
import { assertPublicReason } from "../pack/pack-folder.ts";
import { findPushKey } from "../pack/signing-key.ts";
import type { OpenCapsule } from "../push/open-capsule.ts";
import { type PushedCapsule, pushCapsule } from "../push/push-capsule.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";
import { addPackOptions, type PackCommandOptions, packWithWords } from "./pack-options.ts";

type Options = PackCommandOptions & { branch: string };

export function addPush(program: Command, contextOf: ContextOf): void {
  addPackOptions(
    program
      .command("push")
      .description("pack a folder, or take a finished .caps, and send what the platform lacks")
      .argument("<FILE|DIR>"),
  )
    .option("--branch <branch>", "the branch that moves to it", DEFAULT_BRANCH)
    .addHelpText(
      "after",
      examples(
        "oursynth push ./my-app --project my-app --key key.pem",
        "oursynth push my-app-1.0.0.caps --project my-app --branch main",
      ),
    )
    .action((path: string, options: Options, command: Command) => push(contextOf(command), path, options));
}

async function push(context: CommandContext, path: string, options: Options): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  assertPublicReason(options.reason);
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const place = resolve(cwd, path);
  const isFolder = await isFolderAt(place);
  const project = await client.get<ProjectDetail>(apiPath("projects", projectId));
  const head = project.branches.find(({ name }) => name === options.branch) ?? null;
  const capsule = isFolder
    ? await packForPush(context, place, options, head?.capsuleDigest ?? null)
    : await readCapsuleFile(place);
  const isUnchanged =
    head?.snapshot.contentDigest === capsule.contentDigest &&
    head.snapshot.settingsDigest === capsule.settingsDigest;
  const pushed = await pushWithProgress(context, client, projectId, capsule, {
    branch: options.branch,
    message: options.reason,
  });
  reporter.result(
    {
      ...pushed.accepted,
      branch: options.branch,
      isUnchanged,
      sentBlobCount: pushed.blobCount,
      sentBytes: pushed.blobBytes,
    },
    [
      `${pushed.accepted.id} is on ${project.label}, branch ${options.branch} (event ${pushed.accepted.eventSeq})`,
      `${pushed.accepted.capsuleDigest}`,
      ...(isUnchanged
        ? ["Files and settings are as they were: nothing changed but the capsule's own facts."]
        : []),
    ],
  );
}

async function isFolderAt(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (error) {
    throw new CliError(`${place} cannot be read: ${messageOf(error)}`, {
      hint: "Name a folder or a .caps file.",
      cause: error,
    });
  }
}

async function packForPush(
  context: CommandContext,
  folder: string,
  options: Options,
  parent: string | null,
): Promise<OpenCapsule> {
  const { reporter, environment, cwd } = context;
  const signing = await findPushKey(options.key, environment, cwd);
  if (signing === null) {
    reporter.warn(
      "not signed: there is no key. A project accepts only capsules that a key it trusts has signed.",
    );
  } else {
    reporter.note(`Signing with ${signing.from}.`);
  }
  const parents = parent === null ? [] : [parent];
  const packed = await packWithWords(context, options, { folder, key: signing?.key, parents });
  if (packed.manifest.files.length > 0) return packed;
  throw new CliError(`${folder} holds no file to push.`, {
    hint: "Name the folder that holds the app; .capsuleignore and CAPSULE.md C9 say what is left out.",
  });
}

/** Sends a capsule and says how much of it travelled. */
export async function pushWithProgress(
  { reporter }: CommandContext,
  client: PlatformClient,
  projectId: string,
  capsule: OpenCapsule,
  target: { readonly branch: string | null; readonly message?: string | undefined },
): Promise<PushedCapsule> {
  const progress = reporter.progress("sending");
  try {
    const pushed = await pushCapsule({
      client,
      projectId,
      capsule,
      ...target,
      onProgress: progress.update,
    });
    reporter.note(
      `${formatCount(pushed.blobCount, "blob")} of ${capsule.blobs.size} travelled, ${formatSize(pushed.blobBytes)}.`,
    );
    return pushed;
  } finally {
    progress.stop();
  }
}
