// `oursynth timeline`: what happened in a project, and with --follow what happens.
import type { Command } from "commander";
import { describeEvent } from "../../core/timeline/describe-event.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import { type CommandContext, type ContextOf, examples, parseWholeNumber } from "../command-context.ts";
import type { PlatformClient } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { readTimelinePage, type TimelinePage } from "../live/timeline-page.ts";
import { TimelineWatcher, type WatcherState } from "../live/timeline-watcher.ts";
import { CliError } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";

type Options = { follow?: boolean; since?: number };

const NEWEST_COUNT = 30;
const MAX_PAGES = 500;
/** Fits the longest type that is written today. */
const TYPE_WIDTH = 24;

export function addTimeline(program: Command, contextOf: ContextOf): void {
  program
    .command("timeline")
    .description(`the newest ${NEWEST_COUNT} events of a project, oldest first`)
    .option("--since <seq>", "all events after this one instead", parseWholeNumber)
    .option("--follow", "go on live until Ctrl-C; with --json one JSON value a line")
    .addHelpText(
      "after",
      examples(
        "oursynth timeline --project my-app",
        "oursynth timeline --project my-app --since 0 --follow --json",
      ),
    )
    .action((options: Options, command: Command) => timeline(contextOf(command), options));
}

async function timeline(context: CommandContext, options: Options): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const { lastSeq, epoch } = await readTimelinePage(client, projectId, 0, 1);
  const since = options.since ?? Math.max(0, lastSeq - NEWEST_COUNT);
  if (options.follow === true) return follow(context, client, projectId, since, epoch);
  const items = await readEvents(client, projectId, since);
  reporter.result({ items, lastSeq, epoch }, items.length === 0 ? ["No events."] : items.map(eventLine));
}

async function readEvents(
  client: PlatformClient,
  projectId: string,
  since: number,
): Promise<TimelineEvent[]> {
  const items: TimelineEvent[] = [];
  for (let count = 0; count < MAX_PAGES; count++) {
    const page: TimelinePage = await readTimelinePage(client, projectId, items.at(-1)?.seq ?? since);
    items.push(...page.items);
    if (page.items.length === 0 || (items.at(-1)?.seq ?? 0) >= page.lastSeq) break;
  }
  return items;
}

async function follow(
  { reporter, signal }: CommandContext,
  client: PlatformClient,
  projectId: string,
  since: number,
  epoch: string,
): Promise<void> {
  const watcher = new TimelineWatcher({
    url: client.url,
    token: client.token,
    projectId,
    since,
    epoch,
    onEvent: (event) => reporter.stream(event, eventLine(event)),
    onState: (state) => sayState(reporter, state),
  });
  signal.addEventListener("abort", () => watcher.stop(), { once: true });
  watcher.start();
  if (signal.aborted) watcher.stop();
  const { code, message } = await watcher.ended;
  if (code === "stopped") return;
  throw new CliError(`The timeline is no longer shown: ${message}.`, {
    code,
    hint: "`oursynth whoami` shows what your token may do.",
  });
}

/** A connection that comes back by itself is worth a word only when it was gone. */
function sayState(reporter: Reporter, state: WatcherState): void {
  if (state.kind === "waiting")
    reporter.note(`${state.reason}; trying again in ${(state.retryInMs / 1_000).toFixed(1)} s`);
  else if (state.kind === "reset") reporter.note("The log was made anew; events begin at 1 again.");
  else if (state.kind === "catching-up") reporter.note(`Reading what was missed after event ${state.since}.`);
}

function eventLine(event: TimelineEvent): string {
  const { seq, ts, source, type, runId } = event;
  const run = runId === null ? "" : `  (${runId})`;
  return printable(
    `${String(seq).padStart(5)}  ${formatTime(ts)}  ${source.padEnd(8)} ${type.padEnd(TYPE_WIDTH)}  ${describeEvent(event)}${run}`,
  );
}
