// `oursynth projects`: list and create.
import type { Command } from "commander";
import type { ProjectDetail, ProjectSummary } from "../../schemas/api/projects.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { connect } from "../http/connection.ts";
import { readAllPages } from "../http/read-all-pages.ts";
import { formatTime, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

export function addProjects(program: Command, contextOf: ContextOf): void {
  const projects = program
    .command("projects")
    .description("list and create projects")
    .addHelpText("after", examples("oursynth projects", 'oursynth projects create my-app --name "My app"'));
  projects
    .command("list", { isDefault: true })
    .description("the projects that you can see")
    .addHelpText("after", examples("oursynth projects list --json"))
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  projects
    .command("create")
    .description(
      "create a project; its label becomes part of its apps' host names and is never given away again",
    )
    .argument("<LABEL>")
    .option("--name <name>", "what people call it (default: the label)")
    .addHelpText("after", examples('oursynth projects create my-app --name "My app"'))
    .action((label: string, options: { name?: string }, command: Command) =>
      create(contextOf(command), label, options.name),
    );
}

async function list({ reporter, connection, environment, cwd, signal }: CommandContext): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const items = await readAllPages<ProjectSummary>(client, "/api/projects");
  const rows = items.map(({ label, name, projectId, createdAt }) => [
    label,
    printable(name),
    projectId,
    formatTime(createdAt),
  ]);
  reporter.result(
    { items },
    rows.length === 0 ? ["No projects yet: oursynth projects create LABEL"] : formatTable(rows),
  );
}

async function create(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  label: string,
  name: string | undefined,
): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const project = await client.post<ProjectDetail>("/api/projects", {
    label,
    ...(name === undefined ? {} : { name }),
  });
  reporter.result(project, [`${project.label} (${project.projectId}) is there.`]);
}
