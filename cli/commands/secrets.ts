// `oursynth secrets`: what an app needs and nobody may read. A value comes from a file, a pipe or a prompt, never from
// the command line, where other programs and the shell's history see it.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { MAX_SECRET_BYTES, type Secret } from "../../schemas/api/secrets.ts";
import { SECRET_ENVIRONMENTS } from "../../schemas/environment.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError, messageOf, usageError } from "../output/cli-error.ts";
import { formatTime } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import { readHidden } from "../secrets/read-hidden.ts";
import { readPiped } from "../secrets/read-piped.ts";

type EnvOptions = { env: string };
type SetOptions = EnvOptions & { fromFile?: string };
type RemoveOptions = EnvOptions & { force?: boolean };

const WHY_NO_ARGUMENT = `
The value is never an argument: every program on this machine can read a command's arguments, and the shell keeps them
in its history. It is read from --from-file (every byte of it), else from a pipe (one line break at its end is left out),
else from a prompt that shows nothing.
`;

export function addSecrets(program: Command, contextOf: ContextOf): void {
  const secrets = program
    .command("secrets")
    .description("list, set and remove a project's secrets; values go in and never come out")
    .addHelpText(
      "after",
      examples(
        "oursynth secrets --project my-app",
        "oursynth secrets set STRIPE_KEY --env staging --project my-app",
      ),
    );
  secrets
    .command("list", { isDefault: true })
    .description("their names, of one environment or of all")
    .addOption(environmentOption())
    .addHelpText("after", examples("oursynth secrets list --env dev --project my-app"))
    .action((options: Partial<EnvOptions>, command: Command) => list(contextOf(command), options.env));
  secrets
    .command("set")
    .description("set one; what is live there has it within 5 s, without a deploy")
    .argument("<NAME>")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--from-file <file>", "read the value from a file")
    // Refused below: the parser's own refusal would quote what may be a secret.
    .allowExcessArguments()
    .addHelpText("after", WHY_NO_ARGUMENT)
    .addHelpText(
      "after",
      examples(
        "oursynth secrets set STRIPE_KEY --env dev --project my-app",
        "pass show stripe | oursynth secrets set STRIPE_KEY --env dev --project my-app",
        "oursynth secrets set TLS_KEY --env dev --from-file key.txt --project my-app",
      ),
    )
    .action((name: string, options: SetOptions, command: Command) => {
      if (command.args.length > 1) throw valueAsArgument(name);
      return set(contextOf(command), name, options);
    });
  secrets
    .command("remove")
    .description("remove one; refused while what is live there declares it")
    .argument("<NAME>")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--force", "also while what is live declares it: that app then starts without it")
    .addHelpText("after", examples("oursynth secrets remove STRIPE_KEY --env dev --project my-app"))
    .action((name: string, options: RemoveOptions, command: Command) =>
      remove(contextOf(command), name, options),
    );
}

function valueAsArgument(name: string): CliError {
  return usageError(
    `The value of ${name} is not taken as an argument; nothing was sent.`,
    "If it was the real one, it stands in the shell's history now: replace it. --help says how a value is given.",
  );
}

function environmentOption(): Option {
  return new Option("--env <environment>", "where it holds").choices([...SECRET_ENVIRONMENTS, "stage"]);
}

async function list(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  env: string | undefined,
): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const project = await findProject(client, connection, environment);
  const { items } = await client.get<{ items: readonly Secret[] }>(apiPath("projects", project, "secrets"), {
    env,
  });
  const rows = items.map((item) => [
    item.env,
    item.name,
    `revision ${item.revision}`,
    `set ${formatTime(item.updatedAt)}`,
    `by ${item.updatedBy.id}`,
  ]);
  reporter.result({ items }, rows.length === 0 ? ["No secrets."] : formatTable(rows));
}

async function set(context: CommandContext, name: string, options: SetOptions): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const value = await readValue(context, name, options.fromFile);
  const client = await connect(connection, environment, cwd, signal);
  const project = await findProject(client, connection, environment);
  const { env } = options;
  const secret = await client.post<Secret>(apiPath("projects", project, "secrets"), { env, name, value });
  reporter.result(secret, [`${secret.name} is set in ${secret.env}, revision ${secret.revision}.`]);
}

async function remove(
  { reporter, connection, environment, cwd, signal }: CommandContext,
  name: string,
  { env, force }: RemoveOptions,
): Promise<void> {
  const client = await connect(connection, environment, cwd, signal);
  const project = await findProject(client, connection, environment);
  await client.requestJson(apiPath("projects", project, "secrets"), {
    method: "DELETE",
    query: { env, name, ...(force === true ? { force: "true" } : {}) },
  });
  reporter.result({ name, env, isRemoved: true }, [`${name} is removed from ${env}.`]);
}

/** The value, whole and as text; every refusal names the place, never what stands there. */
async function readValue(
  { cwd, signal }: CommandContext,
  name: string,
  fromFile: string | undefined,
): Promise<string> {
  const bytes = await readBytes(name, fromFile === undefined ? null : resolve(cwd, fromFile), signal);
  if (bytes.length > MAX_SECRET_BYTES) {
    throw usageError(`The value of ${name} has more than ${MAX_SECRET_BYTES} bytes (32 KiB).`);
  }
  if (bytes.length === 0) {
    throw usageError(`The value of ${name} is empty.`, "`oursynth secrets remove` removes a secret.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError(`The value of ${name} is not UTF-8 text.`, "Encode it first, for instance with base64.");
  }
}

async function readBytes(name: string, path: string | null, signal: AbortSignal): Promise<Uint8Array> {
  if (path === null) {
    if (process.stdin.isTTY) return new TextEncoder().encode(await readHidden(`Value of ${name}: `, signal));
    return withoutLineBreak(await readPiped(process.stdin, MAX_SECRET_BYTES + 2));
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** What `echo` and most programs add. */
function withoutLineBreak(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== 10) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 13 ? -2 : -1);
}
