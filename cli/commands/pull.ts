// `oursynth pull DIGEST`: a capsule comes from the platform, and is checked before it gets its name.
import { resolve } from "node:path";
import type { Command } from "commander";
import { isDigest } from "../../core/capsule/digest.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError, usageError } from "../output/cli-error.ts";
import { formatCount, formatSize } from "../output/format.ts";
import { writeCheckedFile } from "../output/whole-file.ts";
import { type OpenCapsule, totalSizeBytes } from "../push/open-capsule.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";

type Options = { out: string };

const TIMEOUT_MS = 3_600_000;

export function addPull(program: Command, contextOf: ContextOf): void {
  program
    .command("pull")
    .description("download a capsule as a .caps and check that it is the one that was asked for")
    .argument("<DIGEST>")
    .requiredOption("--out <file>", "where to write it")
    .addHelpText("after", examples("oursynth pull sha256:… --project my-app --out my-app.caps"))
    .action((digest: string, options: Options, command: Command) =>
      pull(contextOf(command), digest, options),
    );
}

async function pull(context: CommandContext, digest: string, options: Options): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  if (!isDigest(digest))
    throw usageError(`${digest} is not a capsule digest.`, "It is sha256: and 64 lowercase hex digits.");
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const response = await client.request(apiPath("capsules", digest, "download"), {
    query: { projectId },
    timeoutMs: TIMEOUT_MS,
    isRepeatable: true,
  });
  if (response.body === null) throw new CliError("The platform sent no bytes.", { hint: "Try again." });
  const out = resolve(cwd, options.out);
  const { manifest } = await writeCheckedFile(
    out,
    response.body,
    (path) => readExpected(path, digest),
    signal,
  );
  const sizeBytes = totalSizeBytes(manifest);
  reporter.result(
    { out, capsuleDigest: digest, id: manifest.id, fileCount: manifest.files.length, sizeBytes },
    [`${manifest.id}: ${formatCount(manifest.files.length, "file")}, ${formatSize(sizeBytes)} in ${out}`],
  );
}

async function readExpected(path: string, digest: string): Promise<OpenCapsule> {
  const capsule = await readCapsuleFile(path);
  if (capsule.capsuleDigest === digest) return capsule;
  throw new CliError(`The platform sent ${capsule.capsuleDigest}: nothing was written.`, {
    code: "digest-mismatch",
  });
}
