// The state folder of one local platform: its databases, vault key, token and demo key. Two copies run side by side
// with two folders and two ports.
import { access, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
/** As wrangler.toml names it. */
export const DATABASE = "oursynth";
const DEFAULT_PORT = 8787;
const PRIVATE_FILE = 0o600;
/** Variables of the platform that may be set where it is started. */
const PASSED_ON = [
  "OURSYNTH_HOSTS",
  "OURSYNTH_APPS_DOMAIN",
  "OURSYNTH_QUOTAS",
  "OURSYNTH_PASSKEYS",
  "OURSYNTH_GITHUB_CLIENT_ID",
  "OURSYNTH_GITHUB_CLIENT_SECRET",
  "OURSYNTH_GOOGLE_CLIENT_ID",
  "OURSYNTH_GOOGLE_CLIENT_SECRET",
] as const;

export type StateFolder = {
  readonly path: string;
  readonly port: number;
  readonly url: string;
  readonly tokenFile: string;
  readonly ownerLinkFile: string;
  readonly demoKeyFile: string;
  readonly demoPublicKeyFile: string;
  readonly variablesFile: string;
};

/** From `OURSYNTH_STATE` (a folder, default `.oursynth`) and `PORT` (default 8787). */
export function locateState(environment: NodeJS.ProcessEnv): StateFolder {
  const path = resolve(ROOT, environment.OURSYNTH_STATE ?? ".oursynth");
  const port = Number(environment.PORT ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT is ${environment.PORT}; it must be a number from 1 to 65535.`);
  }
  return {
    path,
    port,
    url: `http://localhost:${port}`,
    tokenFile: join(path, "token"),
    ownerLinkFile: join(path, "owner-link"),
    demoKeyFile: join(path, "demo-key.pem"),
    demoPublicKeyFile: join(path, "demo-key.pub.pem"),
    variablesFile: join(path, "variables.env"),
  };
}

/** Writes the variables file that wrangler reads. */
export async function prepareState(
  state: StateFolder,
  environment: NodeJS.ProcessEnv,
  vaultKeys: { readonly current: string; readonly others: readonly string[] },
): Promise<void> {
  // OURSYNTH_LOCAL: mails go to the page /outbox, which no platform in production has.
  const lines = [`OURSYNTH_VAULT_KEY=${vaultKeys.current}`, "OURSYNTH_LOCAL=1"];
  if (vaultKeys.others.length > 0) lines.push(`OURSYNTH_VAULT_KEYS_OTHER=${vaultKeys.others.join(",")}`);
  for (const name of PASSED_ON) {
    if (environment[name] !== undefined) lines.push(`${name}=${environment[name]}`);
  }
  await writeFile(state.variablesFile, `${lines.join("\n")}\n`, { mode: PRIVATE_FILE });
}

export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: PRIVATE_FILE });
}
