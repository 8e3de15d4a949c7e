// `oursynth deploy DIGEST|FILE --env E`: starts a deploy run, and waits for it with --wait.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type * as z from "zod";
import { isDigest } from "../../core/capsule/digest.ts";
import { DEFAULT_BRANCH } from "../../schemas/api/common.ts";
import type { DeployDetail, deployStartedSchema, dryRunSchema } from "../../schemas/api/deploys.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { askForProd } from "../http/ask-for-prod.ts";
import type { PlatformClient } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { followDeploy } from "../http/follow-deploy.ts";
import { CliError, EXIT_FAILED, usageError } from "../output/cli-error.ts";
import { printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";
import { pushWithProgress } from "./push.ts";

type Options = { env: string; wait?: boolean; dryRun?: boolean };
type DryRun = z.infer<typeof dryRunSchema>;
type Started = z.infer<typeof deployStartedSchema>;

export function addDeploy(program: Command, contextOf: ContextOf): void {
  program
    .command("deploy")
    .description("deploy a capsule to an environment; a .caps is pushed first")
    .argument("<DIGEST|FILE>")
    .requiredOption("--env <env>", "dev, staging or prod")
    .option("--wait", "follow the run to its end; exit 1 when it fails")
    .option("--dry-run", "go through the checks and change nothing (a .caps is stored, no branch moves)")
    .addHelpText(
      "after",
      examples(
        "oursynth deploy sha256:… --project my-app --env staging --wait",
        "oursynth deploy my-app-1.0.0.caps --project my-app --env dev --dry-run",
      ),
    )
    .action((capsule: string, options: Options, command: Command) =>
      deploy(contextOf(command), capsule, options),
    );
}

async function deploy(context: CommandContext, capsule: string, options: Options): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const isDryRun = options.dryRun === true;
  if (capsule.startsWith("sha256:") && !isDigest(capsule)) {
    throw usageError(
      `${capsule} is not a whole digest: sha256: and 64 hex digits.`,
      "`oursynth push` prints it; `oursynth timeline --json` shows those of earlier capsules.",
    );
  }
  const capsuleDigest = isDigest(capsule)
    ? capsule
    : await pushFile(context, client, projectId, resolve(cwd, capsule), isDryRun ? null : DEFAULT_BRANCH);
  const request = { projectId, capsuleDigest, env: options.env };
  if (isDryRun) return dryRun(context, client, request);
  const { deployId } = await askForProd(reporter, () => client.post<Started>("/api/deploys", request));
  if (options.wait !== true) {
    reporter.result({ deployId, capsuleDigest, env: options.env }, [
      `${deployId} has started`,
      `Follow it with: oursynth logs --deploy ${deployId} --follow`,
    ]);
    return;
  }
  reporter.note(`${deployId} has started.`);
  const run = await waitForDeploy(context, client, deployId);
  reporter.result(run, [run.url]);
}

async function pushFile(
  context: CommandContext,
  client: PlatformClient,
  projectId: string,
  path: string,
  branch: string | null,
): Promise<string> {
  if ((await stat(path).catch(() => null))?.isDirectory() === true) {
    throw usageError(
      `${path} is a folder.`,
      `Push it first, and deploy the digest that this prints: oursynth push ${path} --project ${projectId}`,
    );
  }
  const capsule = await readCapsuleFile(path);
  await pushWithProgress(context, client, projectId, capsule, { branch });
  return capsule.capsuleDigest;
}

async function dryRun(context: CommandContext, client: PlatformClient, request: object): Promise<void> {
  const outcome = await client.post<DryRun>("/api/deploys", { ...request, dryRun: true });
  const marks = { pass: "✓", fail: "✗", skip: "–" } as const;
  context.reporter.result(outcome, [
    ...formatTable(
      outcome.phases.map(({ phase, status, message }) => [marks[status], phase, printable(message)]),
    ),
    outcome.wouldDeploy ? "It would deploy." : "It would not deploy.",
  ]);
  if (!outcome.wouldDeploy) context.setExitCode(EXIT_FAILED);
}

async function waitForDeploy(
  { reporter, signal }: CommandContext,
  client: PlatformClient,
  deployId: string,
): Promise<DeployDetail> {
  let run: DeployDetail;
  try {
    run = await followDeploy(client, deployId, {
      onPhase: (phase) => reporter.note(reporter.styleWords("bold", phase)),
      onLine: ({ level, message }) =>
        reporter.note(`  ${level === "info" ? "" : `${level}: `}${printable(message)}`),
    });
  } catch (error) {
    if (signal.aborted)
      reporter.note(`${deployId} goes on without being watched: oursynth logs --deploy ${deployId} --follow`);
    throw error;
  }
  if (run.status === "done") return run;
  throw new CliError(
    run.failure?.message ?? (run.status === "cancelled" ? "The deploy was cancelled." : "The deploy failed."),
    {
      code: run.failure?.code ?? run.status,
      hint: `The whole log: oursynth logs --deploy ${deployId}`,
    },
  );
}
