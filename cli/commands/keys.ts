// `oursynth keys`: public signing keys, and which of them a project trusts for what (CAPSULE.md S5).
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type * as z from "zod";
import { parsePublicKey } from "../../core/signing/key-format.ts";
import type { addedKeySchema, keySchema, projectKeysSchema } from "../../schemas/api/access.ts";
import { roleSchema } from "../../schemas/trust.ts";
import { type CommandContext, type ContextOf, collect, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect } from "../http/connection.ts";
import { readAllPages } from "../http/read-all-pages.ts";
import { CliError, messageOf, usageError } from "../output/cli-error.ts";
import { printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";

type Key = z.infer<typeof keySchema>;
type AddedKey = z.infer<typeof addedKeySchema>;
type ProjectKeys = z.infer<typeof projectKeysSchema>;
type AddOptions = { name?: string; role?: string[] };

export function addKeys(program: Command, contextOf: ContextOf): void {
  const keys = program
    .command("keys")
    .description("list, add and remove public signing keys")
    .addHelpText(
      "after",
      examples(
        "oursynth keys --project my-app",
        "oursynth keys add key.pub.pem --project my-app --role builder",
      ),
    );
  keys
    .command("list", { isDefault: true })
    .description(
      "your organization's keys, or with --project those that the project trusts, with their roles",
    )
    .addHelpText("after", examples("oursynth keys list --project my-app"))
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  keys
    .command("add")
    .description("make a public key known, and with --project trusted there")
    .argument("<PUBFILE>")
    .option("--name <name>", "what people call it (default: the file's name)")
    .option(
      "--role <role>",
      `what it may sign as; may be repeated: ${roleSchema.options.join(", ")}`,
      collect,
    )
    .addHelpText("after", examples("oursynth keys add key.pub.pem --project my-app --role builder"))
    .action((file: string, options: AddOptions, command: Command) => add(contextOf(command), file, options));
  keys
    .command("remove")
    .description("forget a key, or with --project no longer trust it there")
    .argument("<KEY_ID>")
    .addHelpText("after", examples("oursynth keys remove sha256:… --project my-app"))
    .action((keyId: string, _options: unknown, command: Command) => remove(contextOf(command), keyId));
}

async function list({ reporter, connection, environment, cwd, signal }: CommandContext): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const projectId = projectOf({ connection, environment });
  if (projectId === undefined) {
    const items = await readAllPages<Key>(client, "/api/keys");
    const rows = items.map(({ keyId, name }) => [keyId, printable(name)]);
    reporter.result(
      { items },
      rows.length === 0 ? ["No keys: oursynth keys add PUBFILE"] : formatTable(rows),
    );
    return;
  }
  const { revision, items } = await client.get<ProjectKeys>(apiPath("projects", projectId, "keys"));
  const rows = items.map(({ keyId, name, roles, isPlatformKey }) => [
    keyId,
    printable(name),
    roles.join(" "),
    isPlatformKey ? "(of the platform)" : "",
  ]);
  reporter.result({ revision, items }, [...formatTable(rows), `trust revision ${revision}`]);
}

async function add(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  file: string,
  options: AddOptions,
): Promise<void> {
  const roles = options.role ?? [];
  const unknown = roles.find((role) => !roleSchema.options.some((known) => known === role));
  if (unknown !== undefined)
    throw usageError(`There is no role ${unknown}.`, `Give some of ${roleSchema.options.join(", ")}.`);
  const publicKey = await readPublicKey(resolve(cwd, file));
  const client = await connect(connection, environment, cwd, signal);
  const projectId = projectOf({ connection, environment });
  if (roles.length > 0 && projectId === undefined)
    throw usageError("A role is held in a project.", "Give --project as well.");
  const added = await client.post<AddedKey>("/api/keys", {
    name: options.name ?? basename(file),
    publicKey,
    ...(projectId === undefined ? {} : { projectId }),
    ...(roles.length === 0 ? {} : { roles }),
  });
  const where = projectId === undefined ? "" : ` in ${projectId} as ${added.roles.join(", ")}`;
  reporter.result(added, [`${added.keyId} is known${where}.`]);
}

/** A private key must never be sent, not even by mistake. */
async function readPublicKey(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const parsed = parsePublicKey(text);
  if (parsed.ok) return text;
  if (text.includes("PRIVATE KEY"))
    throw usageError(`${path} is a private key: it was not sent.`, "Give the public one, key.pub.pem.");
  throw usageError(
    `${path} is not a public key: ${parsed.reason.message}.`,
    "`oursynth capsule keygen` makes a pair.",
  );
}

async function remove(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  keyId: string,
): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const projectId = projectOf({ connection, environment });
  await client.requestJson(apiPath("keys", keyId), { method: "DELETE", query: { projectId } });
  reporter.result({ keyId, isRemoved: true, projectId: projectId ?? null }, [
    projectId === undefined ? `${keyId} is forgotten.` : `${keyId} is no longer trusted in ${projectId}.`,
  ]);
}

/** Here no project means the whole organization, so none is guessed. */
function projectOf({
  connection,
  environment,
}: Pick<CommandContext, "connection" | "environment">): string | undefined {
  return connection.project ?? (environment.OURSYNTH_PROJECT || undefined);
}
