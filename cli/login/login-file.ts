// The logins that `oursynth login` made, one for each platform, in a private file of the person's own.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import { CliError, systemCodeOf } from "../output/cli-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const FILE_NAME = "logins.json";

/** By the platform's origin. */
const loginsSchema = z.record(z.string(), z.strictObject({ credential: z.string() }));
type Logins = z.infer<typeof loginsSchema>;

/** `OURSYNTH_CONFIG` is the folder; else the system's own for settings (XDG Base Directory, APPDATA on Windows). */
export function loginFile(environment: Environment): string {
  const given = present(environment.OURSYNTH_CONFIG);
  if (given !== null) return join(given, FILE_NAME);
  const home = present(environment.HOME) ?? homedir();
  const base =
    process.platform === "win32"
      ? (present(environment.APPDATA) ?? join(home, "AppData", "Roaming"))
      : (present(environment.XDG_CONFIG_HOME) ?? join(home, ".config"));
  return join(base, "oursynth", FILE_NAME);
}

/** What signs in to this platform, or null. */
export async function readLogin(url: URL, environment: Environment): Promise<string | null> {
  return (await readLogins(loginFile(environment)))[url.origin]?.credential ?? null;
}

export async function keepLogin(url: URL, credential: string, environment: Environment): Promise<void> {
  const path = loginFile(environment);
  await writeLogins(path, { ...(await readLogins(path)), [url.origin]: { credential } });
}

export async function forgetLogin(url: URL, environment: Environment): Promise<void> {
  const path = loginFile(environment);
  const { [url.origin]: _forgotten, ...others } = await readLogins(path);
  await writeLogins(path, others);
}

async function readLogins(path: string): Promise<Logins> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return {};
    throw error;
  }
  try {
    return loginsSchema.parse(JSON.parse(text));
  } catch (error) {
    const hint = "Remove the file, then run `oursynth login` again.";
    throw new CliError(`${path} is not what oursynth login writes.`, { hint, cause: error });
  }
}

/** Whole or not at all, and readable by nobody else at any moment. */
async function writeLogins(path: string, logins: Logins): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  const fresh = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(fresh, `${JSON.stringify(logins, null, 2)}\n`, { mode: PRIVATE_FILE });
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}

function present(value: string | undefined): string | null {
  return value === undefined || value.trim() === "" ? null : value;
}
