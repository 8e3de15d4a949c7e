// `oursynth policy show|set`: what the gate of an environment asks for (MESH.md M18).
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { type GatePolicy, gatePolicySchema } from "../../schemas/gate.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { askForProd } from "../http/ask-for-prod.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError, EXIT_USAGE, messageOf, usageError } from "../output/cli-error.ts";
import { formatTable } from "../output/table.ts";

type Policy = { readonly env: string; readonly policy: GatePolicy; readonly policyRevision: number };

export function addPolicy(program: Command, contextOf: ContextOf): void {
  const policy = program
    .command("policy")
    .description("what the gate before an environment asks for")
    .addHelpText("after", examples("oursynth policy show --project my-app --env prod"));
  policy
    .command("show")
    .description("the policy of an environment")
    .requiredOption("--env <env>", "dev, staging or prod")
    .addHelpText("after", examples("oursynth policy show --project my-app --env prod --json"))
    .action((options: { env: string }, command: Command) => show(contextOf(command), options.env));
  policy
    .command("set")
    .description("change it; for a guarded environment a person confirms that")
    .requiredOption("--env <env>", "dev, staging or prod")
    .requiredOption("--file <file>", "the whole policy as JSON: what is left out is the default")
    .addHelpText("after", examples("oursynth policy set --project my-app --env prod --file policy.json"))
    .action((options: { env: string; file: string }, command: Command) => set(contextOf(command), options));
}

async function show(context: CommandContext, env: string): Promise<void> {
  const { client, path } = await open(context, env);
  report(context, await client.get<Policy>(path));
}

async function set(
  context: CommandContext,
  { env, file }: { readonly env: string; readonly file: string },
): Promise<void> {
  const policy = await readPolicy(resolve(context.cwd, file));
  const { client, path } = await open(context, env);
  const changed = await askForProd(context.reporter, () =>
    client.requestJson<Policy>(path, { method: "PUT", json: policy }),
  );
  report(context, changed);
}

async function open({ connection, environment, cwd, signal }: CommandContext, env: string) {
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  return { client, path: apiPath("projects", projectId, "environments", env, "policy") };
}

function report({ reporter }: CommandContext, found: Policy): void {
  const rows = Object.entries(found.policy).map(([name, value]) => [
    name,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  reporter.result(found, [
    `${found.env}, policy revision ${found.policyRevision}`,
    ...formatTable(rows, "  "),
  ]);
}

async function readPolicy(path: string): Promise<GatePolicy> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw usageError(`${path} cannot be read: ${messageOf(error)}`, "It is a policy as JSON.");
  }
  const parsed = gatePolicySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path: place, message }) => ({ path: place.join("."), message }));
  throw new CliError(`${path} is not a policy.`, { code: "validation", exitCode: EXIT_USAGE, fields });
}
