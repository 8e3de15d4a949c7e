// `oursynth provenance`: the chain of trust of a project, from capsules to what is live.
import type { Command } from "commander";
import { provenanceDot } from "../../core/provenance/provenance-dot.ts";
import type { ProvenanceGraph } from "../../schemas/provenance.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { EXIT_FAILED } from "../output/cli-error.ts";
import { formatCount, printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";

export function addProvenance(program: Command, contextOf: ContextOf): void {
  program
    .command("provenance")
    .description("the chain of trust from capsules to what is live; exit 1 where an edge does not hold")
    .option("--dot", "in Graphviz's language")
    .addHelpText(
      "after",
      examples(
        "oursynth provenance --project my-app",
        "oursynth provenance --project my-app --dot | dot -Tsvg > chain.svg",
      ),
    )
    .action((options: { dot?: boolean }, command: Command) =>
      provenance(contextOf(command), options.dot === true),
    );
}

async function provenance(context: CommandContext, isDot: boolean): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const graph = await client.get<ProvenanceGraph>(apiPath("projects", projectId, "provenance"));
  reporter.result(graph, isDot ? [provenanceDot(graph).trimEnd()] : describe(graph, reporter));
  if (!graph.holds) context.setExitCode(EXIT_FAILED);
}

/** From each node what it leads to, with the digest that was checked. */
function describe({ nodes, edges, holds, isPartial }: ProvenanceGraph, reporter: Reporter): string[] {
  const labels = new Map(nodes.map(({ id, kind, label }) => [id, `${kind} ${printable(label)}`]));
  const lines = nodes.flatMap(({ id }) => {
    const own = edges.filter(({ from }) => from === id);
    if (own.length === 0) return [];
    return [
      reporter.style("bold", labels.get(id) ?? id),
      ...own.map(({ to, means, digest, holds: isFine, problem }) => {
        const mark = isFine ? reporter.style("green", "✓") : reporter.style("red", "✗");
        const why = problem === null ? "" : `: ${problem}`;
        return `  ${mark} ${means} ${labels.get(to) ?? to}  ${digest}${why}`;
      }),
    ];
  });
  const left = isPartial ? " The oldest were left out." : "";
  const verdict = holds
    ? reporter.style("green", "Every edge holds.")
    : reporter.style("red", "Not every edge holds.");
  return [...lines, `${formatCount(edges.length, "edge")}. ${verdict}${left}`];
}
