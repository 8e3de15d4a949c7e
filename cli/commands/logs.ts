// `oursynth logs`: of a deploy run, or of the hosted app with the places of its exceptions.
import type { Command } from "commander";
import type { AppLogLine, RunLogLine } from "../../schemas/api/deploys.ts";
import { type CommandContext, type ContextOf, examples, parseWholeNumber } from "../command-context.ts";
import { apiPath, type PlatformClient } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { followDeploy, readRunLog } from "../http/follow-deploy.ts";
import { EXIT_FAILED } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";

type Options = { deploy?: string; env: string; follow?: boolean; since: number; limit: number };
type AppLogPage = { readonly items: readonly AppLogLine[]; readonly nextSince: number };

const DEFAULT_LIMIT = 200;
const WAIT_MS = 15_000;
const TIMEOUT_MS = WAIT_MS + 30_000;
/** `at handler (src/index.ts:12:5)` or `at src/index.ts:12:5`. */
const STACK_PLACE = /\(?([^\s()]+:\d+(?::\d+)?)\)?\s*$/;

export function addLogs(program: Command, contextOf: ContextOf): void {
  program
    .command("logs")
    .description("what a hosted app logs and throws, or the log of one deploy run")
    .option("--env <env>", "of the app in this environment", "dev")
    .option("--deploy <id>", "of this deploy run instead")
    .option("--follow", "go on until Ctrl-C, or until the run ends; with --json one JSON value a line")
    .option("--since <seq>", "only lines after this one", parseWholeNumber, 0)
    .option("--limit <count>", "at most so many lines at once", parseWholeNumber, DEFAULT_LIMIT)
    .addHelpText(
      "after",
      examples(
        "oursynth logs --project my-app --env staging --follow",
        "oursynth logs --deploy dep_… --follow",
      ),
    )
    .action((options: Options, command: Command) => logs(contextOf(command), options));
}

async function logs(context: CommandContext, options: Options): Promise<void> {
  const { connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  if (options.deploy !== undefined) return deployLogs(context, client, options.deploy, options);
  const projectId = await findProject(client, connection, environment);
  await endOnInterrupt(signal, () => appLogs(context, client, projectId, options));
}

async function deployLogs(
  context: CommandContext,
  client: PlatformClient,
  deployId: string,
  options: Options,
): Promise<void> {
  const { reporter, signal } = context;
  if (options.follow !== true) {
    const page = await readRunLog(client, deployId, options.since, 0);
    reporter.result(page, [...page.items.map(runLine), `${page.status}, ${page.phase}`]);
    return;
  }
  await endOnInterrupt(signal, async () => {
    const run = await followDeploy(client, deployId, {
      since: options.since,
      onLine: (line) => reporter.stream(line, runLine(line)),
    });
    reporter.note(
      run.status === "done" ? `done: ${run.url}` : `${run.status}: ${run.failure?.message ?? run.phase}`,
    );
    if (run.status !== "done") context.setExitCode(EXIT_FAILED);
  });
}

async function appLogs(
  { reporter }: CommandContext,
  client: PlatformClient,
  projectId: string,
  options: Options,
): Promise<void> {
  const path = apiPath("projects", projectId, "environments", options.env, "logs");
  const first = await client.get<AppLogPage>(path, { since: options.since, limit: options.limit });
  if (options.follow !== true) {
    reporter.result(first, first.items.length === 0 ? ["No lines yet."] : first.items.map(appLine));
    return;
  }
  for (let page = first; ; ) {
    for (const line of page.items) reporter.stream(line, appLine(line));
    page = await client.get<AppLogPage>(
      path,
      { since: page.nextSince, limit: options.limit, waitMs: WAIT_MS },
      TIMEOUT_MS,
    );
  }
}

/** Who follows ends it with Ctrl-C: that is no failure. */
export async function endOnInterrupt(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function runLine({ ts, level, message }: RunLogLine): string {
  return `${formatTime(ts)} ${level.padEnd(5)} ${printable(message)}`;
}

function appLine(line: AppLogLine): string {
  const stack = typeof line.stack === "string" && line.stack !== "" ? line.stack : null;
  const place = stack === null ? null : placeOf(stack);
  const facts = [place, line.path, line.requestId].filter((fact) => typeof fact === "string" && fact !== "");
  const head = `${formatTime(line.ts)} ${line.level.padEnd(5)} ${line.message}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
  const frames = stack === null ? [] : stack.split("\n").filter((frame) => /^\s*at /.test(frame));
  return [head, ...frames.map((frame) => `    ${frame.trim()}`)].map(printable).join("\n");
}

/** The file:line of the first frame that has one. */
function placeOf(stack: string): string | null {
  for (const frame of stack.split("\n")) {
    const place = /^\s*at /.test(frame) ? STACK_PLACE.exec(frame)?.[1] : undefined;
    if (place !== undefined) return place;
  }
  return null;
}
