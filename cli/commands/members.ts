// `oursynth members`: who is in an organization, and in which role.
import type { Command } from "commander";
import { grantableRoles } from "../../core/organizations/member-changes.ts";
import type { InvitationAnswer, MemberAnswer } from "../../schemas/api/organizations.ts";
import { MEMBER_ROLES, type MemberRole, parseMemberRole } from "../../schemas/permissions.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath, type PlatformClient } from "../http/client.ts";
import { connect, type Whoami } from "../http/connection.ts";
import { readAllPages } from "../http/read-all-pages.ts";
import { CliError, usageError } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

type Options = { organization?: string };
type InviteOptions = Options & { role: string };

const ORGANIZATION = "--organization <organization>";
const ORGANIZATION_HELP = "id or slug (default: the one that you act for)";

export function addMembers(program: Command, contextOf: ContextOf): void {
  const members = program
    .command("members")
    .description("list, invite and remove members, and change their roles")
    .addHelpText(
      "after",
      examples("oursynth members", "oursynth members invite ada@example.org --role creator"),
    );
  members
    .command("list", { isDefault: true })
    .description("members with their roles, and open invitations")
    .option(ORGANIZATION, ORGANIZATION_HELP)
    .addHelpText("after", examples("oursynth members list --json"))
    .action((options: Options, command: Command) => list(contextOf(command), options));
  members
    .command("invite")
    .description("send an invitation; it is good for 7 days and one use")
    .argument("<EMAIL>")
    .requiredOption("--role <role>", `one of ${MEMBER_ROLES.join(", ")}; none above your own`)
    .option(ORGANIZATION, ORGANIZATION_HELP)
    .addHelpText("after", examples("oursynth members invite ada@example.org --role creator"))
    .action((email: string, options: InviteOptions, command: Command) =>
      invite(contextOf(command), email, options),
    );
  members
    .command("role")
    .description("give a member another role; it holds at once, for tokens and open timelines too")
    .argument("<MEMBER>", "e-mail address or id")
    .argument("<ROLE>", `one of ${MEMBER_ROLES.join(", ")}`)
    .option(ORGANIZATION, ORGANIZATION_HELP)
    .addHelpText("after", examples("oursynth members role ada@example.org viewer"))
    .action((member: string, role: string, options: Options, command: Command) =>
      changeRole(contextOf(command), member, role, options),
    );
  members
    .command("remove")
    .description("remove a member and their tokens here; with yourself it is leaving")
    .argument("<MEMBER>", "e-mail address or id")
    .option(ORGANIZATION, ORGANIZATION_HELP)
    .addHelpText("after", examples("oursynth members remove ada@example.org"))
    .action((member: string, options: Options, command: Command) =>
      remove(contextOf(command), member, options),
    );
}

async function list(context: CommandContext, options: Options): Promise<void> {
  const { client, organization } = await reach(context, options);
  const [members, invitations] = await Promise.all([
    readAllPages<MemberAnswer>(client, apiPath("organizations", organization, "members")),
    readAllPages<InvitationAnswer>(client, apiPath("organizations", organization, "invitations")),
  ]);
  const rows = [
    ...members.map(({ userId, name, email, role, joinedAt, isYou }) => [
      printable(email),
      printable(name) + (isYou ? " (you)" : ""),
      role,
      `since ${formatTime(joinedAt)}`,
      userId,
    ]),
    ...invitations.map(({ email, invitedBy, role, expiresAt, invitationId }) => [
      printable(email),
      `invited by ${printable(invitedBy.name)}`,
      role,
      `until ${formatTime(expiresAt)}`,
      invitationId,
    ]),
  ];
  context.reporter.result({ items: members, invitations }, formatTable(rows));
}

async function invite(context: CommandContext, email: string, options: InviteOptions): Promise<void> {
  const role = parseRole(options.role);
  const { client, organization } = await reach(context, options, role);
  const made = await client.post<InvitationAnswer>(apiPath("organizations", organization, "invitations"), {
    email,
    role,
  });
  const until = formatTime(made.expiresAt);
  context.reporter.result(made, [`${printable(made.email)} is invited as ${made.role}, until ${until}.`]);
}

async function changeRole(
  context: CommandContext,
  member: string,
  text: string,
  options: Options,
): Promise<void> {
  const role = parseRole(text);
  const { client, organization } = await reach(context, options, role);
  const userId = await findUserId(client, organization, member);
  const path = apiPath("organizations", organization, "members", userId);
  const changed = await client.requestJson<MemberAnswer>(path, { method: "PATCH", json: { role } });
  context.reporter.result(changed, [`${printable(changed.email)} is ${changed.role} now.`]);
}

async function remove(context: CommandContext, member: string, options: Options): Promise<void> {
  const { client, organization } = await reach(context, options);
  const userId = await findUserId(client, organization, member);
  await client.requestJson(apiPath("organizations", organization, "members", userId), { method: "DELETE" });
  context.reporter.result({ userId, isRemoved: true }, [`${printable(member)} is a member no more.`]);
}

/** The organization that was named, else the one that the caller acts for, whose role then says what may be given. */
async function reach(
  { connection, environment, cwd, signal }: CommandContext,
  { organization }: Options,
  given?: MemberRole,
): Promise<{ client: PlatformClient; organization: string }> {
  const client = await connect(connection, environment, cwd, signal);
  if (organization !== undefined) return { client, organization };
  const me = await client.get<Whoami>("/api/whoami");
  const grantable = grantableRoles(me.role);
  if (given !== undefined && !grantable.includes(given)) {
    throw new CliError(
      `You are ${me.role} of ${printable(me.organization.name)} and cannot give the role ${given}.`,
      {
        code: "forbidden",
        hint: `Who could: ${MEMBER_ROLES.filter((role) => grantableRoles(role).includes(given)).join(", ")}.`,
      },
    );
  }
  return { client, organization: me.organization.id };
}

async function findUserId(client: PlatformClient, organization: string, member: string): Promise<string> {
  if (!member.includes("@")) return member;
  const path = apiPath("organizations", organization, "members");
  const members = await readAllPages<MemberAnswer>(client, path);
  const found = members.find(({ email }) => email.toLowerCase() === member.toLowerCase());
  if (found !== undefined) return found.userId;
  throw new CliError(`Nobody with the address ${printable(member)} is a member here.`, {
    code: "not-found",
    hint: "`oursynth members` lists them.",
  });
}

function parseRole(text: string): MemberRole {
  const role = parseMemberRole(text);
  if (role !== null) return role;
  throw usageError(`There is no role ${text}.`, `Give one of ${MEMBER_ROLES.join(", ")}.`);
}
