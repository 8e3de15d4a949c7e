// `oursynth doctor`: looks at everything that the rest needs, and says how to mend it.

import { existsSync } from "node:fs";
import type { Command } from "commander";
import { keyPairFromSeed, signEd25519, verifyEd25519 } from "../../core/signing/ed25519.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { PlatformClient, ProblemError } from "../http/client.ts";
import { findToken, platformUrl, stateFolders, type Whoami } from "../http/connection.ts";
import { EXIT_FAILED, messageOf } from "../output/cli-error.ts";
import { formatTime, printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { CLI_VERSION } from "../version.ts";

type Check = {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  readonly message: string;
  /** What to do, where something is to be done. */
  readonly fix?: string;
};

type Health = {
  readonly ok: boolean;
  readonly ts: number;
  readonly version: string;
  readonly checks?: Readonly<Record<string, unknown>>;
};

const NEEDED_MAJOR = 24;
const TIMEOUT_MS = 5_000;
const SKEW_WARN_MS = 5_000;
const MARKS = { ok: "✓", warn: "!", fail: "✗" } as const;
const COLOURS = { ok: "green", warn: "yellow", fail: "red" } as const;

/** The environment of the platform (API.md "Command line"), with what holds when nothing is set. */
const PLATFORM_VARIABLES: readonly (readonly [name: string, fallback: string])[] = [
  ["PORT", "8787"],
  ["OURSYNTH_STATE", ".oursynth in the checkout"],
  ["OURSYNTH_HOSTS", "localhost and 127.0.0.1"],
  ["OURSYNTH_APPS_DOMAIN", "apps.localhost"],
  ["OURSYNTH_MAIL_FROM", "no mail, but the outbox of a local platform"],
  ["OURSYNTH_PASSKEYS", "no passkeys"],
  ["OURSYNTH_GITHUB_CLIENT_ID", "no sign-in by GitHub"],
  ["OURSYNTH_GOOGLE_CLIENT_ID", "no sign-in by Google"],
  ["OURSYNTH_QUOTAS", "the defaults in docs/security.md"],
];

export function addDoctor(program: Command, contextOf: ContextOf): void {
  program
    .command("doctor")
    .description("look at Node, the platform, the token, the clock and the settings, and say what to mend")
    .addHelpText(
      "after",
      examples("oursynth doctor", "oursynth doctor --url https://platform.example --json"),
    )
    .action((_options: unknown, command: Command) => doctor(contextOf(command)));
}

async function doctor(context: CommandContext): Promise<void> {
  const { reporter, environment, cwd } = context;
  const checks: Check[] = [
    checkNode(),
    await checkEd25519(),
    checkState(stateFolders(environment, cwd)),
    ...(await checkPlatform(context)),
    ...PLATFORM_VARIABLES.map(([name, fallback]) => checkVariable(name, environment[name], fallback)),
  ];
  const isWell = checks.every(({ status }) => status !== "fail");
  reporter.result(
    { ok: isWell, version: CLI_VERSION, checks },
    checks.flatMap((check) => checkLines(check, reporter)),
  );
  if (!isWell) context.setExitCode(EXIT_FAILED);
}

function checkNode(): Check {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) >= NEEDED_MAJOR)
    return { name: "Node", status: "ok", message: `${version} (oursynth ${CLI_VERSION})` };
  return { name: "Node", status: "fail", message: version, fix: `Use Node ${NEEDED_MAJOR} or later.` };
}

/** Signs and verifies once, the way that packing does. */
async function checkEd25519(): Promise<Check> {
  const name = "Ed25519";
  try {
    const pair = await keyPairFromSeed(crypto.getRandomValues(new Uint8Array(32)));
    const message = new TextEncoder().encode("oursynth doctor");
    if (await verifyEd25519(await signEd25519(message, pair), message, pair.publicKey)) {
      await crypto.subtle.importKey("raw", new Uint8Array(pair.publicKey), "Ed25519", false, ["verify"]);
      return { name, status: "ok", message: "WebCrypto signs and verifies" };
    }
    return { name, status: "fail", message: "a fresh signature does not verify", fix: "Reinstall Node." };
  } catch (error) {
    const fix = `Use Node ${NEEDED_MAJOR} or later from nodejs.org; signing falls back to JavaScript.`;
    return { name, status: "warn", message: `WebCrypto lacks it: ${messageOf(error)}`, fix };
  }
}

function checkState(folders: readonly string[]): Check {
  const name = "State folder";
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return { name, status: "ok", message: found };
  return {
    name,
    status: "warn",
    message: `none at ${folders.join(" or ")}`,
    fix: "`npm start` makes it. For a platform elsewhere you need none: give --url and --token.",
  };
}

async function checkPlatform({ connection, environment, cwd, signal }: CommandContext): Promise<Check[]> {
  const url = await platformUrl(connection, environment, cwd);
  const { token, source } = await findToken(url, connection, environment, cwd);
  const client = new PlatformClient({ url, token, signal });
  let health: Health;
  const askedAt = Date.now();
  try {
    health = await readHealth(client);
  } catch (error) {
    const fix = "Start it with `npm start`, or name another with --url or OURSYNTH_URL.";
    return [{ name: "Platform", status: "fail", message: messageOf(error), fix }];
  }
  const answeredAt = Date.now();
  return [
    describeHealth(url, health),
    describeClock(health.ts, askedAt, answeredAt),
    await checkToken(client, source),
  ];
}

/** A platform that is not well answers 503 with the same document. */
async function readHealth(client: PlatformClient): Promise<Health> {
  try {
    return await client.requestJson<Health>("/health", { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof ProblemError) || typeof error.problem.ts !== "number") throw error;
    return error.problem as Health;
  }
}

function describeHealth(url: URL, health: Health): Check {
  const name = "Platform";
  const checks = Object.entries(health.checks ?? {}).map(
    ([part, state]) => `${part} ${JSON.stringify(state)}`,
  );
  const message = printable([url.origin, `version ${health.version}`, ...checks].join(", "));
  if (health.ok) return { name, status: "ok", message };
  return { name, status: "fail", message, fix: "Look at what `npm start` printed." };
}

/** The platform's answer lies between asking and hearing: only what is beyond that is skew. */
function describeClock(ts: number, askedAt: number, answeredAt: number): Check {
  const name = "Clock";
  const skewMs = ts < askedAt ? ts - askedAt : Math.max(0, ts - answeredAt);
  if (Math.abs(skewMs) < SKEW_WARN_MS) return { name, status: "ok", message: "agrees with the platform's" };
  const direction = skewMs > 0 ? "behind" : "ahead of";
  const message = `${Math.round(Math.abs(skewMs) / 1_000)} s ${direction} the platform's (${formatTime(ts)})`;
  return { name, status: "warn", message, fix: "Set this machine's clock by the network." };
}

async function checkToken(client: PlatformClient, source: string): Promise<Check> {
  const name = "Token";
  const fix =
    "Run `oursynth login`, or give --token or OURSYNTH_TOKEN; a local platform leaves one when it starts.";
  if (client.token === null) return { name, status: "fail", message: "there is none", fix };
  try {
    const me = await client.get<Whoami>("/api/whoami", {}, TIMEOUT_MS);
    return {
      name,
      status: "ok",
      message: printable(`of ${me.user.name}, from the ${source}: ${me.scopes.join(" ")}`),
    };
  } catch (error) {
    return { name, status: "fail", message: `from the ${source}: ${messageOf(error)}`, fix };
  }
}

function checkVariable(name: string, value: string | undefined, fallback: string): Check {
  if (value === undefined || value === "") return { name, status: "ok", message: `not set: ${fallback}` };
  if (name === "PORT" && !/^\d{1,5}$/.test(value))
    return { name, status: "warn", message: value, fix: "It must be a port number." };
  return { name, status: "ok", message: printable(value) };
}

function checkLines({ name, status, message, fix }: Check, reporter: Reporter): string[] {
  const line = `${reporter.style(COLOURS[status], MARKS[status])} ${name.padEnd(20)}  ${message}`;
  return fix === undefined ? [line] : [line, `${" ".repeat(24)}${fix}`];
}
