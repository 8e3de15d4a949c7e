// `oursynth tokens`: list, create and revoke scoped tokens.
import type { Command } from "commander";
import type * as z from "zod";
import type { createdTokenSchema, tokenSchema } from "../../schemas/api/access.ts";
import { SUGGESTED_TOKEN_DAYS } from "../../schemas/organization-limits.ts";
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
import { CliError, usageError } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

type Token = z.infer<typeof tokenSchema>;
type CreatedToken = z.infer<typeof createdTokenSchema>;
type ListOptions = { all?: boolean };
type CreateOptions = { scope: string[]; expiresInDays: number; end: boolean };

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
    .description("your tokens, by their first characters, with when they were last used")
    .option("--all", "everybody's in the organization, for owners and admins")
    .addHelpText("after", examples("oursynth tokens list", "oursynth tokens list --all"))
    .action((options: ListOptions, command: Command) => list(contextOf(command), options));
  tokens
    .command("create")
    .description("create a token; it is shown this once. With --project it reaches that project only")
    .argument("<NAME>")
    .requiredOption(
      "--scope <scope>",
      `what it may do; may be repeated: ${ALL_SCOPES.join(", ")}`,
      collectScopes,
    )
    .option("--expires-in-days <days>", "when it ends by itself", parseWholeNumber, SUGGESTED_TOKEN_DAYS)
    .option("--no-end", "it never ends by itself")
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
    .description("end a token at once: one of yours, or anybody's as an owner or admin")
    .argument("<TOKEN_ID>")
    .addHelpText("after", examples("oursynth tokens revoke tok_…"))
    .action((tokenId: string, _options: unknown, command: Command) => revoke(contextOf(command), tokenId));
}

/** `--scope a,b` reads as `--scope a --scope b`. */
function collectScopes(value: string, previous: readonly string[] | undefined): string[] {
  return value.split(",").reduce<string[]>((all, scope) => collect(scope.trim(), all), [...(previous ?? [])]);
}

async function list(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  { all = false }: ListOptions,
): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const { items } = await client.get<{ items: Token[] }>("/api/tokens", all ? { of: "all" } : {});
  const rows = items.map(({ tokenId, name, start, scopes, projectId, expiresAt, lastUsedAt, owner }) => [
    tokenId,
    printable(name ?? ""),
    ...(all ? [printable(owner.name)] : []),
    `${start ?? ""}…`,
    projectId ?? "all projects",
    lastUsedAt === null ? "never used" : `used ${formatTime(lastUsedAt)}`,
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
    ...(options.end ? { expiresInDays: options.expiresInDays } : {}),
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
