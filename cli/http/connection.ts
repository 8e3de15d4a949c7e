// Which platform, with which token, about which project: from options, else the environment, else what `oursynth login`
// or `npm start` left.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type * as z from "zod";
import type { whoamiSchema } from "../../schemas/api/access.ts";
import { readLogin } from "../login/login-file.ts";
import { CliError, systemCodeOf, usageError } from "../output/cli-error.ts";
import { CHECKOUT } from "../version.ts";
import { PlatformClient } from "./client.ts";
import { DEFAULT_URL, isLoopback, parsePlatformUrl } from "./platform-url.ts";

export type Whoami = z.infer<typeof whoamiSchema>;

export type ConnectionOptions = {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly project?: string | undefined;
};

export type TokenSource = "option" | "environment" | "login" | "state" | "none";

export type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_FILE = "token";
const URL_FILE = "url";

/** The URL that was asked for, else the one that `npm start` left, else the default. */
export async function platformUrl(
  options: ConnectionOptions,
  environment: Environment,
  cwd: string,
): Promise<URL> {
  const given = options.url ?? presentIn(environment, "OURSYNTH_URL");
  if (given !== undefined) return parsePlatformUrl(given);
  return parsePlatformUrl((await readState(URL_FILE, environment, cwd))?.text ?? DEFAULT_URL);
}

/** The folders in which `npm start` may have kept its state, the likeliest first. */
export function stateFolders(environment: Environment, cwd: string): readonly string[] {
  const given = presentIn(environment, "OURSYNTH_STATE");
  // The platform reads it from its checkout on.
  if (given !== undefined) return [...new Set([resolve(cwd, given), resolve(CHECKOUT, given)])];
  return [...new Set([join(cwd, ".oursynth"), join(CHECKOUT, ".oursynth")])];
}

/** A file that `npm start` left, or null. */
export async function readState(
  name: string,
  environment: Environment,
  cwd: string,
): Promise<{ readonly path: string; readonly text: string } | null> {
  for (const folder of stateFolders(environment, cwd)) {
    const path = join(folder, name);
    try {
      return { path, text: (await readFile(path, "utf8")).trim() };
    } catch (error) {
      if (!["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) throw error;
    }
  }
  return null;
}

/** The token, and where it came from. A login goes only where it was made, the local state's to this machine only. */
export async function findToken(
  url: URL,
  options: ConnectionOptions,
  environment: Environment,
  cwd: string,
): Promise<{ readonly token: string | null; readonly source: TokenSource }> {
  if (options.token !== undefined) return { token: options.token.trim(), source: "option" };
  const given = presentIn(environment, "OURSYNTH_TOKEN");
  if (given !== undefined) return { token: given.trim(), source: "environment" };
  const login = await readLogin(url, environment);
  if (login !== null) return { token: login, source: "login" };
  const kept = isLoopback(url) ? await readState(TOKEN_FILE, environment, cwd) : null;
  return kept === null ? { token: null, source: "none" } : { token: kept.text, source: "state" };
}

/** A client that has a token. */
export async function connect(
  options: ConnectionOptions,
  environment: Environment,
  cwd: string,
  signal: AbortSignal,
): Promise<PlatformClient> {
  const url = await platformUrl(options, environment, cwd);
  const { token } = await findToken(url, options, environment, cwd);
  if (token !== null) return new PlatformClient({ url, token, signal });
  throw new CliError(`There is no token for ${url.origin}.`, {
    code: "unauthenticated",
    hint: isLoopback(url)
      ? "Start the platform with `npm start` (it leaves a token in its state folder), or run `oursynth login`."
      : "Run `oursynth login`, or give --token or OURSYNTH_TOKEN.",
  });
}

/** The project that was named, else the one that the token is bound to. */
export async function findProject(
  client: PlatformClient,
  options: ConnectionOptions,
  environment: Environment,
): Promise<string> {
  const given = options.project ?? presentIn(environment, "OURSYNTH_PROJECT");
  if (given !== undefined) return given;
  const { projectId } = await client.get<Whoami>("/api/whoami");
  if (projectId !== null) return projectId;
  throw usageError(
    "Which project?",
    "Give --project LABEL or OURSYNTH_PROJECT; `oursynth projects` lists them.",
  );
}

function presentIn(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}
