// `oursynth rollback --env E`: the pointer goes back to an artifact that was live before; nothing is built.
import type { Command } from "commander";
import { isDigest } from "../../core/capsule/digest.ts";
import type { ActivationFacts } from "../../schemas/api/deploys.ts";
import type { EnvironmentState } from "../../schemas/api/projects.ts";
import { ENVIRONMENTS } from "../../schemas/environment.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { askForProd } from "../http/ask-for-prod.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError, usageError } from "../output/cli-error.ts";

type Options = { env: string; to?: string };

type Activation = {
  readonly revision: number;
  readonly capsuleDigest: string;
  readonly artifactDigest: string;
  readonly activatedAt: number;
};
type EnvironmentWithHistory = EnvironmentState & { readonly history: readonly Activation[] };

export function addRollback(program: Command, contextOf: ContextOf): void {
  program
    .command("rollback")
    .description("bring back what was live before")
    .requiredOption("--env <env>", "dev, staging or prod")
    .option("--to <digest>", "this capsule (default: what ran before the live one; again: one further back)")
    .addHelpText(
      "after",
      examples(
        "oursynth rollback --project my-app --env staging",
        "oursynth rollback --project my-app --env staging --to sha256:…",
      ),
    )
    .action((options: Options, command: Command) => rollback(contextOf(command), options));
}

async function rollback(context: CommandContext, options: Options): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  if (options.to !== undefined && !isDigest(options.to))
    throw usageError(`${options.to} is not a capsule digest.`, "It is sha256: and 64 lowercase hex digits.");
  const env = options.env === "stage" ? "staging" : options.env;
  if (!ENVIRONMENTS.some((name) => name === env))
    throw usageError(`There is no environment ${env}.`, `Give one of ${ENVIRONMENTS.join(", ")}.`);
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const { items } = await client.get<{ items: readonly EnvironmentWithHistory[] }>(
    apiPath("projects", projectId, "environments"),
  );
  const state = items.find(({ name }) => name === env);
  if (state === undefined || state.live === null)
    throw new CliError(`Nothing is live in ${env}.`, {
      hint: "There is nothing to roll back; deploy first.",
    });
  const capsuleDigest = options.to ?? chooseTarget(state);
  const activated = await askForProd(reporter, () =>
    client.post<ActivationFacts>(apiPath("projects", projectId, "environments", env, "activate"), {
      capsuleDigest,
      expectedRevision: state.revision,
    }),
  );
  reporter.result(activated, [
    `${env} is back at ${activated.capsuleDigest} (revision ${activated.revision})`,
    activated.url,
  ]);
}

function chooseTarget({ name, live, history }: EnvironmentWithHistory): string {
  const oldestFirst = [...history].sort((a, b) => a.revision - b.revision);
  const target = stepsTo(oldestFirst).at(-2);
  if (target !== undefined) return target.capsuleDigest;
  const other = oldestFirst.findLast(({ artifactDigest }) => artifactDigest !== live?.artifactDigest);
  if (other === undefined)
    throw new CliError(`Nothing else was ever live in ${name}.`, {
      hint: "Name a capsule with --to, or deploy one.",
    });
  throw new CliError(`There is nothing further back in ${name} than what is live.`, {
    hint: `To go to what ran last beside it: --to ${other.capsuleDigest}`,
  });
}

/** How the environment came to where it is. An artifact that runs again undoes all that ran since it did. */
function stepsTo(oldestFirst: readonly Activation[]): readonly Activation[] {
  let steps: readonly Activation[] = [];
  for (const activation of oldestFirst) {
    const earlier = steps.findIndex(({ artifactDigest }) => artifactDigest === activation.artifactDigest);
    steps = [...(earlier < 0 ? steps : steps.slice(0, earlier)), activation];
  }
  return steps;
}
