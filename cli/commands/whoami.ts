// `oursynth whoami`: who one is on the platform, and what one may do.
import type { Command } from "commander";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { connect, type Whoami } from "../http/connection.ts";
import { printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

export function addWhoami(program: Command, contextOf: ContextOf): void {
  program
    .command("whoami")
    .description("who you are there, and what you may do")
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
      ["role", me.role],
      ["signed in by", me.tokenId ?? me.login],
      ["project", me.projectId ?? "all"],
      ["may", me.scopes.join(" ")],
      ["platform", client.url.origin],
    ]),
  );
}
