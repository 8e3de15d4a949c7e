// `oursynth promote --from staging --to prod`: what is live in one environment goes live in another, the same capsule and
// nothing newer. For a guarded one a person confirms it.
import type { Command } from "commander";
import type { ActivationFacts } from "../../schemas/api/deploys.ts";
import type { EnvironmentState } from "../../schemas/api/projects.ts";
import { ENVIRONMENTS } from "../../schemas/environment.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { askForProd } from "../http/ask-for-prod.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError, usageError } from "../output/cli-error.ts";

type Options = { readonly from: string; readonly to: string };

export function addPromote(program: Command, contextOf: ContextOf): void {
  program
    .command("promote")
    .description("bring what is live in one environment to another")
    .requiredOption("--from <env>", "dev, staging or prod")
    .requiredOption("--to <env>", "dev, staging or prod")
    .addHelpText("after", examples("oursynth promote --project my-app --from staging --to prod"))
    .action((options: Options, command: Command) => promote(contextOf(command), options));
}

async function promote(context: CommandContext, options: Options): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const from = environmentNamed(options.from);
  const to = environmentNamed(options.to);
  if (from === to) throw usageError("--from and --to name the same environment.");
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const { items } = await client.get<{ items: readonly EnvironmentState[] }>(
    apiPath("projects", projectId, "environments"),
  );
  const source = items.find(({ name }) => name === from)?.live ?? null;
  if (source === null)
    throw new CliError(`Nothing is live in ${from}.`, {
      hint: `Deploy there first: oursynth deploy … --env ${from}`,
    });
  const expectedRevision = items.find(({ name }) => name === to)?.revision ?? 0;
  const { capsuleDigest } = source;
  const activated = await askForProd(reporter, () =>
    client.post<ActivationFacts>(apiPath("projects", projectId, "environments", to, "activate"), {
      capsuleDigest,
      expectedRevision,
    }),
  );
  reporter.result(activated, [
    `${to} now runs ${activated.capsuleDigest}, as ${from} does (revision ${activated.revision})`,
    activated.url,
  ]);
}

function environmentNamed(given: string): string {
  const name = given === "stage" ? "staging" : given;
  if (ENVIRONMENTS.some((known) => known === name)) return name;
  throw usageError(`There is no environment ${given}.`, `Give one of ${ENVIRONMENTS.join(", ")}.`);
}
