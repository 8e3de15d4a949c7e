// `oursynth whoami`: whose token this is, and what it may do.
import type { Command } from "commander";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { connect, type Whoami } from "../http/connection.ts";
import { printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

export function addWhoami(program: Command, contextOf: ContextOf): void {
  program
    .command("whoami")
    .description("whose token is in use, and what it may do")
    .addHelpText("after", examples("oursynth whoami", "oursynth whoami --json"))
    .action((_options: unknown, command: Command) => whoami(contextOf(command)));
}

async function whoami({ reporter, connection, environment, cwd, signal }: CommandContext): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const me = await client.get<Whoami>("/api/whoami");
  reporter.result(
    me,
    formatTable([
      ["user", `${printable(me.user.name)} (${me.user.id})`],
      ["organization", `${printable(me.organization.name)} (${me.organization.id})`],
      ["token", me.tokenId],
      ["project", me.projectId ?? "all"],
      ["scopes", me.scopes.join(" ")],
      ["platform", client.url.origin],
    ]),
  );
}
