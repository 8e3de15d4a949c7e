// The tree of commands, as API.md "Command line" names them.
import { Command, type Option } from "commander";
import type { CommandContext } from "./command-context.ts";
import { examples } from "./command-context.ts";
import { addCapsuleDiff } from "./commands/capsule-diff.ts";
import { addCapsuleInspect } from "./commands/capsule-inspect.ts";
import { addCapsuleKeygen } from "./commands/capsule-keygen.ts";
import { addCapsuleMerge } from "./commands/capsule-merge.ts";
import { addCapsulePack } from "./commands/capsule-pack.ts";
import { addCapsuleUnpack } from "./commands/capsule-unpack.ts";
import { addCapsuleVerify } from "./commands/capsule-verify.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDeploy } from "./commands/deploy.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addKeys } from "./commands/keys.ts";
import { addLogin } from "./commands/login.ts";
import { addLogs } from "./commands/logs.ts";
import { addMembers } from "./commands/members.ts";
import { addMeshSim } from "./commands/mesh-sim.ts";
import { addPolicy } from "./commands/policy.ts";
import { addProjects } from "./commands/projects.ts";
import { addPromote } from "./commands/promote.ts";
import { addProvenance } from "./commands/provenance.ts";
import { addPull } from "./commands/pull.ts";
import { addPush } from "./commands/push.ts";
import { addRollback } from "./commands/rollback.ts";
import { addSecrets } from "./commands/secrets.ts";
import { addTimeline } from "./commands/timeline.ts";
import { addTokens } from "./commands/tokens.ts";
import { addVerifySim } from "./commands/verify-sim.ts";
import { addWhoami } from "./commands/whoami.ts";
import { DEFAULT_URL } from "./http/platform-url.ts";
import { Reporter } from "./output/reporter.ts";

export type ProgramOptions = Pick<CommandContext, "environment" | "cwd" | "signal" | "setExitCode">;

/** They ask no platform. */
const LOCAL_COMMANDS: readonly string[] = ["completion", "verify-sim"];

type GlobalOptions = { json?: boolean; url?: string; token?: string; project?: string };

/** A fresh program. It throws CommanderError where commander would end the process. */
export function createProgram(options: ProgramOptions): Command {
  const program = new Command("oursynth")
    .description("Packs, proves, ships and watches OurSynth apps.")
    .option("--json", "print one JSON value on stdout and nothing else there")
    .option("--url <url>", `the platform (else OURSYNTH_URL, else ${DEFAULT_URL})`)
    .option(
      "--token <token>",
      "who asks (else OURSYNTH_TOKEN, else oursynth login, else what `npm start` left)",
    )
    .option("--project <project>", "label or id (else OURSYNTH_PROJECT, else the token's own)")
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: globalOptionsOf })
    .showHelpAfterError("Add --help to see what it takes.")
    .exitOverride()
    .addHelpText(
      "after",
      examples(
        "oursynth capsule pack ./my-app --key key.pem",
        "oursynth push ./my-app --project my-app",
        "oursynth deploy sha256:… --project my-app --env staging --wait",
        "oursynth --version",
      ),
    );
  const contextOf = (command: Command): CommandContext => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    return {
      ...options,
      reporter: new Reporter(globals.json ?? false),
      connection: { url: globals.url, token: globals.token, project: globals.project },
    };
  };
  const capsule = program
    .command("capsule")
    .description("make, check, open, compare and merge capsules; needs no platform")
    .addHelpText("after", examples("oursynth capsule verify my-app-1.0.0.caps --key key.pub.pem"));
  for (const add of [addCapsuleKeygen, addCapsulePack, addCapsuleVerify, addCapsuleUnpack, addCapsuleInspect])
    add(capsule, contextOf);
  for (const add of [addCapsuleDiff, addCapsuleMerge]) add(capsule, contextOf);
  for (const add of [addPush, addPull, addDeploy, addRollback, addPromote, addLogs]) add(program, contextOf);
  for (const add of [addTimeline, addProjects, addSecrets, addTokens, addMembers, addKeys])
    add(program, contextOf);
  for (const add of [addMeshSim, addVerifySim, addProvenance, addPolicy, addLogin, addWhoami, addDoctor])
    add(program, contextOf);
  addCompletion(program);
  return program;
}

/** Options of the root that mean something to the command: packing asks no platform; a diff may, for digests. */
function globalOptionsOf(command: Command): Option[] {
  const root = rootOf(command);
  if (command === root) return [];
  const isOfCapsule = pathOf(command).includes("capsule") && command.name() !== "diff";
  const isLocal = LOCAL_COMMANDS.includes(command.name()) || isOfCapsule;
  return root.options.filter(({ long }) => !isLocal || long === "--json");
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}
