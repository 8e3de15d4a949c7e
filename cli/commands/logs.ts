// `oursynth logs`: of a deploy run, or of the hosted app with the places of its exceptions.
import type { Command } from "commander";
import type { AppLogLine, RunLogLine } from "../../schemas/api/deploys.ts";
import { type CommandContext, type ContextOf, examples, parseWholeNumber } from "../command-context.ts";
import { apiPath, type PlatformClient } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { followDeploy, readRunLog } from "../http/follow-deploy.ts";
import { EXIT_FAILED } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";

type Options = { deploy?: string; env: string; follow?: boolean; since?: number; limit: number };
type AppLogPage = { readonly items: readonly AppLogLine[]; readonly nextSince: number };

const DEFAULT_LIMIT = 200;
/** The most that the platform gives at once, and how often it is asked for more. */
const PAGE_SIZE = 1_000;
const MAX_PAGES = 100;
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
    .option("--since <seq>", "all lines after this one instead of the newest", parseWholeNumber)
    .option("--limit <count>", "how many of the newest lines", parseWholeNumber, DEFAULT_LIMIT)
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
    const page = await readAll(options.since ?? 0, (since) => readRunLog(client, deployId, since, 0));
    reporter.result(page, [...page.items.map(runLine), `${page.status}, ${page.phase}`]);
    return;
  }
  await endOnInterrupt(signal, async () => {
    const run = await followDeploy(client, deployId, {
      since: options.since ?? 0,
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
  const read = await readAll(options.since ?? 0, (since) =>
    client.get<AppLogPage>(path, { since, limit: PAGE_SIZE }),
  );
  const newest = options.limit === 0 ? [] : read.items.slice(-options.limit);
  const first = { ...read, items: options.since === undefined ? newest : read.items };
  if (options.follow !== true) {
    reporter.result(first, first.items.length === 0 ? ["No lines yet."] : first.items.map(appLine));
    return;
  }
  for (let page: AppLogPage = first; ; ) {
    for (const line of page.items) reporter.stream(line, appLine(line));
    page = await client.get<AppLogPage>(
      path,
      { since: page.nextSince, limit: PAGE_SIZE, waitMs: WAIT_MS },
      TIMEOUT_MS,
    );
  }
}

/** Reads pages to their end; the rest of the answer is that of the last one. */
async function readAll<Page extends { readonly items: readonly unknown[]; readonly nextSince: number }>(
  since: number,
  readPage: (since: number) => Promise<Page>,
): Promise<Page> {
  let page = await readPage(since);
  const items: Page["items"][number][] = [...page.items];
  for (let count = 1; page.items.length > 0 && count < MAX_PAGES; count++) {
    page = await readPage(page.nextSince);
    items.push(...page.items);
  }
  return { ...page, items };
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
