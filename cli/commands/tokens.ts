// `oursynth tokens`: list, create and revoke scoped tokens.
import type { Command } from "commander";
import type * as z from "zod";
import type { createdTokenSchema, tokenSchema } from "../../schemas/api/access.ts";
import { ALL_SCOPES } from "../../schemas/permissions.ts";
import {
  type CommandContext,
  type ContextOf,
  collect,
  examples,
  parseWholeNumber,
} from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect } from "../http/connection.ts";
import { readAllPages } from "../http/read-all-pages.ts";
import { CliError, usageError } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

type Token = z.infer<typeof tokenSchema>;
type CreatedToken = z.infer<typeof createdTokenSchema>;
type CreateOptions = { scope: string[]; expiresInDays?: number };

export function addTokens(program: Command, contextOf: ContextOf): void {
  const tokens = program
    .command("tokens")
    .description("list, create and revoke tokens")
    .addHelpText(
      "after",
      examples("oursynth tokens", "oursynth tokens create ci --scope capsules:write --project my-app"),
    );
  tokens
    .command("list", { isDefault: true })
    .description("your tokens, by their first characters")
    .addHelpText("after", examples("oursynth tokens list"))
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  tokens
    .command("create")
    .description("create a token; it is shown this once. With --project it reaches that project only")
    .argument("<NAME>")
    .requiredOption(
      "--scope <scope>",
      `what it may do; may be repeated: ${ALL_SCOPES.join(", ")}`,
      collectScopes,
    )
    .option("--expires-in-days <days>", "when it ends by itself", parseWholeNumber)
    .addHelpText(
      "after",
      examples(
        "oursynth tokens create ci --scope capsules:write --scope deploys:write --project my-app --expires-in-days 90",
      ),
    )
    .action((name: string, options: CreateOptions, command: Command) =>
      create(contextOf(command), name, options),
    );
  tokens
    .command("revoke")
    .description("end a token at once")
    .argument("<TOKEN_ID>")
    .addHelpText("after", examples("oursynth tokens revoke tok_…"))
    .action((tokenId: string, _options: unknown, command: Command) => revoke(contextOf(command), tokenId));
}

/** `--scope a,b` reads as `--scope a --scope b`. */
function collectScopes(value: string, previous: readonly string[] | undefined): string[] {
  return value.split(",").reduce<string[]>((all, scope) => collect(scope.trim(), all), [...(previous ?? [])]);
}

async function list({ reporter, connection, environment, cwd, signal }: CommandContext): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const items = await readAllPages<Token>(client, "/api/tokens");
  const rows = items.map(({ tokenId, name, start, scopes, projectId, expiresAt }) => [
    tokenId,
    printable(name ?? ""),
    `${start ?? ""}…`,
    projectId ?? "all projects",
    expiresAt === null ? "no end" : `until ${formatTime(expiresAt)}`,
    scopes.join(" "),
  ]);
  reporter.result({ items }, rows.length === 0 ? ["No tokens."] : formatTable(rows));
}

async function create(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  name: string,
  options: CreateOptions,
): Promise<void> {
  const unknown = options.scope.find((scope) => !ALL_SCOPES.some((known) => known === scope));
  if (unknown !== undefined)
    throw usageError(`There is no scope ${unknown}.`, `Give some of ${ALL_SCOPES.join(", ")}.`);
  const client = await connect(connection, environment, cwd, signal);
  const projectId = connection.project ?? environment.OURSYNTH_PROJECT;
  const created = await client.post<Partial<CreatedToken>>("/api/tokens", {
    name,
    scopes: options.scope,
    ...(projectId ? { projectId } : {}),
    ...(options.expiresInDays === undefined ? {} : { expiresInDays: options.expiresInDays }),
  });
  const { token, tokenId } = created;
  if (token === undefined) {
    throw new CliError(`The token ${tokenId} was made, but its secret was lost with the connection.`, {
      hint: `Remove it with \`oursynth tokens revoke ${tokenId}\` and make another.`,
    });
  }
  reporter.note("Keep it now: it is not shown again.");
  reporter.result(created, [token]);
}

async function revoke(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  tokenId: string,
): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  await client.requestJson(apiPath("tokens", tokenId), { method: "DELETE" });
  reporter.result({ tokenId, isRevoked: true }, [`${tokenId} is revoked.`]);
}
