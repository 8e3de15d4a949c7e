// `oursynth keys`: signing keys, which of them a project trusts for what, and how their lives end (docs/keys.md).
import type { Command } from "commander";
import type * as z from "zod";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { addedKeySchema, keySchema, projectKeysSchema } from "../../schemas/api/access.ts";
import type { AwaitingSignatures } from "../../schemas/api/keys.ts";
import { type Role, roleSchema } from "../../schemas/trust.ts";
import { type CommandContext, type ContextOf, collect, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect } from "../http/connection.ts";
import { readAllPages } from "../http/read-all-pages.ts";
import { finishOrAsk, readEnvelopeFile } from "../keys/awaiting-signatures.ts";
import { nameOf, readPublicKeyFile } from "../keys/key-files.ts";
import { projectOf } from "../keys/project-of.ts";
import { CliError, usageError } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import { addKeyLife } from "./keys-life.ts";
import { addKeyOwners } from "./keys-owners.ts";

type Key = z.infer<typeof keySchema>;
type AddedKey = z.infer<typeof addedKeySchema>;
type ProjectKeys = z.infer<typeof projectKeysSchema>;
type TrustOptions = { name?: string; role?: string[]; envelope?: string; out?: string };

export function addKeys(program: Command, contextOf: ContextOf): void {
  const keys = program
    .command("keys")
    .description("signing keys: list, make, trust, rotate, revoke")
    .addHelpText(
      "after",
      examples(
        "oursynth keys --project my-app",
        "oursynth keys add key.pub.pem --project my-app --role builder",
        'oursynth keys rotate sha256:… --project my-app --reason "yearly"',
      ),
    );
  keys
    .command("list", { isDefault: true })
    .description(
      "your organization's keys, or with --project those that the project trusts; with --json the trust record that `capsule verify --trust` takes",
    )
    .addHelpText(
      "after",
      examples(
        "oursynth keys list --project my-app",
        "oursynth keys list --project my-app --json > trust.json",
      ),
    )
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  withTrust(keys.command("add"))
    .description("make a public key known, and with --project trusted there")
    .argument("<PUBFILE>")
    .addHelpText("after", examples("oursynth keys add key.pub.pem --project my-app --role builder"))
    .action((file: string, options: TrustOptions, command: Command) =>
      add(contextOf(command), file, options),
    );
  withTrust(keys.command("make"))
    .description("make a key in the platform's vault; its private half never leaves it")
    .argument("<NAME>")
    .addHelpText(
      "after",
      examples("oursynth keys make releases", "oursynth keys make releases --project my-app --role builder"),
    )
    .action((name: string, options: TrustOptions, command: Command) =>
      introduce(contextOf(command), { name, make: true }, options),
    );
  withTrust(keys.command("trust"))
    .description("trust a key of the organization in a project")
    .argument("<KEY_ID>")
    .addHelpText("after", examples("oursynth keys trust sha256:… --project my-app --role builder"))
    .action((keyId: string, options: TrustOptions, command: Command) =>
      trust(contextOf(command), keyId, options),
    );
  keys
    .command("untrust")
    .description(
      "no longer trust a key in a project, as if it never had been; of a key that signed well, rotate it",
    )
    .argument("<KEY_ID>")
    .addHelpText("after", examples("oursynth keys untrust sha256:… --project my-app"))
    .action((keyId: string, _options: unknown, command: Command) => {
      requireProject(contextOf(command), "untrust");
      return remove(contextOf(command), keyId);
    });
  keys
    .command("remove")
    .description("forget a key, or with --project no longer trust it there")
    .argument("<KEY_ID>")
    .addHelpText("after", examples("oursynth keys remove sha256:… --project my-app"))
    .action((keyId: string, _options: unknown, command: Command) => remove(contextOf(command), keyId));
  addKeyLife(keys, contextOf);
  addKeyOwners(keys, contextOf);
}

function withTrust(command: Command): Command {
  return command
    .option("--name <name>", "what people call it (default: the file's name)")
    .option(
      "--role <role>",
      `what it may sign as; may be repeated: ${roleSchema.options.join(", ")}`,
      collect,
    )
    .option("--out <file>", "where to write what the owners have to sign, if they have to")
    .option("--envelope <file>", "what the owners have signed");
}

async function list({ reporter, connection, environment, cwd, signal }: CommandContext): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const projectId = projectOf({ connection, environment });
  if (projectId === undefined) {
    const items = await readAllPages<Key>(client, "/api/keys");
    const rows = items.map(({ keyId, name, isInVault, state }) => [
      fingerprintOf(keyId),
      keyId,
      printable(name),
      describeLife(isInVault, state),
    ]);
    reporter.result(
      { items },
      rows.length === 0 ? ["No keys: oursynth keys add PUBFILE"] : formatTable(rows),
    );
    return;
  }
  const { revision, thresholds, items } = await client.get<ProjectKeys>(
    apiPath("projects", projectId, "keys"),
  );
  const rows = items.map((key) => [
    fingerprintOf(key.keyId),
    key.keyId,
    printable(key.name),
    key.roles.join(" "),
    describeLife(key.isInVault, key.state),
    key.isPlatformKey ? "(of the platform)" : key.isLogKey ? "(its log)" : "",
  ]);
  const needed = Object.entries(thresholds ?? {}).map(([role, count]) => `${count} must sign as ${role}`);
  reporter.result({ revision, thresholds, items }, [
    ...formatTable(rows),
    ...needed,
    `trust revision ${revision}`,
  ]);
}

function describeLife(
  isInVault: boolean,
  state: Key["state"] | ProjectKeys["items"][number]["state"],
): string {
  if (state === undefined) return isInVault ? "in the vault" : "";
  const since =
    state.compromisedSince === undefined ? "" : `, leaked since ${formatTime(state.compromisedSince)}`;
  return `${state.kind} ${formatTime(state.at)}${since}`;
}

async function add(context: CommandContext, file: string, options: TrustOptions): Promise<void> {
  checkRoles(context, options);
  const publicKey = await readPublicKeyFile(file, context.cwd);
  await introduce(context, { name: nameOf(file), publicKey }, options);
}

async function trust(context: CommandContext, keyId: string, options: TrustOptions): Promise<void> {
  requireProject(context, "trust");
  const { connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const known = (await readAllPages<Key>(client, "/api/keys")).find((key) => key.keyId === keyId);
  if (known === undefined) {
    throw new CliError(`Your organization has no key ${keyId}.`, {
      hint: "`oursynth keys list` shows its keys, `oursynth keys add PUBFILE` adds one.",
    });
  }
  await introduce(context, { name: known.name, publicKey: known.publicKey }, options);
}

/** Makes a key known, and trusted in the project if one is named. */
async function introduce(
  context: CommandContext,
  key: { readonly name: string; readonly publicKey?: string; readonly make?: true },
  options: TrustOptions,
): Promise<void> {
  const roles = checkRoles(context, options);
  const { reporter, connection, environment, cwd, signal } = context;
  const projectId = projectOf(context);
  const envelope = await readEnvelopeFile(options.envelope, cwd);
  const client = await connect(connection, environment, cwd, signal);
  const answer = await client.post<AddedKey | AwaitingSignatures>("/api/keys", {
    ...key,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(projectId === undefined ? {} : { projectId }),
    ...(roles.length === 0 ? {} : { roles }),
    ...envelope,
  });
  await finishOrAsk(context, answer, options.out, (added) => {
    const where = projectId === undefined ? "" : ` in ${projectId} as ${added.roles.join(", ")}`;
    reporter.result(added, [`${added.keyId} (${fingerprintOf(added.keyId)}) is known${where}.`]);
  });
}

function checkRoles(context: CommandContext, options: TrustOptions): Role[] {
  const roles = options.role ?? [];
  const unknown = roles.find((role) => !roleSchema.options.some((known) => known === role));
  if (unknown !== undefined)
    throw usageError(`There is no role ${unknown}.`, `Give some of ${roleSchema.options.join(", ")}.`);
  if (roles.length > 0 && projectOf(context) === undefined)
    throw usageError("A role is held in a project.", "Give --project as well.");
  return roles as Role[];
}

function requireProject(context: CommandContext, verb: string): void {
  if (projectOf(context) === undefined)
    throw usageError(`A key is ${verb}ed in a project.`, "Give --project as well.");
}

async function remove(context: CommandContext, keyId: string): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const client = await connect(connection, environment, cwd, signal);
  const projectId = projectOf(context);
  await client.requestJson(apiPath("keys", keyId), { method: "DELETE", query: { projectId } });
  reporter.result({ keyId, isRemoved: true, projectId: projectId ?? null }, [
    projectId === undefined ? `${keyId} is forgotten.` : `${keyId} is no longer trusted in ${projectId}.`,
  ]);
}
