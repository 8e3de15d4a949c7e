// The state folder of one local platform: its databases, vault key, token and demo key. Two copies run side by side
// with two folders and two ports.
import { randomBytes } from "node:crypto";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
const DEFAULT_PORT = 8787;
const PRIVATE_FILE = 0o600;

export type StateFolder = {
  readonly path: string;
  readonly port: number;
  readonly url: string;
  readonly tokenFile: string;
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
    demoKeyFile: join(path, "demo-key.pem"),
    demoPublicKeyFile: join(path, "demo-key.pub.pem"),
    variablesFile: join(path, "variables.env"),
  };
}

/**
 * Makes the folder with its vault key at the first start and writes the variables file that wrangler reads.
 * A vault key that is there but cannot be one stops the start: everything sealed hangs on it.
 */
export async function prepareState(state: StateFolder, environment: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(state.path, { recursive: true });
  const vaultKey =
    environment.OURSYNTH_VAULT_KEY ?? (await readOrMakeVaultKey(join(state.path, "vault-key")));
  if (Buffer.from(vaultKey, "base64").length !== 32) {
    throw new Error(
      `The vault key in ${state.path} is not base64 of 32 bytes; restore it, or begin with a new folder.`,
    );
  }
  // OURSYNTH_LOCAL: mails go to the page /outbox, which no platform in production has.
  const lines = [`OURSYNTH_VAULT_KEY=${vaultKey}`, "OURSYNTH_LOCAL=1"];
  for (const name of ["OURSYNTH_HOSTS", "OURSYNTH_APPS_DOMAIN"]) {
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

async function readOrMakeVaultKey(path: string): Promise<string> {
  if (await exists(path)) return (await readFile(path, "utf8")).trim();
  const key = randomBytes(32).toString("base64");
  await writePrivate(path, `${key}\n`);
  return key;
}
