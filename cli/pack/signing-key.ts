// The key that signs what is packed: named, in the environment, or the demonstration key of a local platform.
import { readFile } from "node:fs/promises";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import { parsePrivateKey } from "../../core/signing/key-format.ts";
import { type Environment, readState } from "../http/connection.ts";
import { CliError, messageOf } from "../output/cli-error.ts";

export type SigningKey = { readonly key: PrivateKey; readonly from: string };

const DEMO_KEY_FILE = "demo-key.pem";

/** Reads --key, else CAPSULE_SECRET (CAPSULE.md S7); null when there is neither. */
export async function findSigningKey(
  keyFile: string | undefined,
  environment: Environment,
): Promise<SigningKey | null> {
  if (keyFile !== undefined) {
    return { key: await parseKey(await readKeyFile(keyFile), keyFile), from: keyFile };
  }
  const secret = environment.CAPSULE_SECRET;
  if (secret === undefined || secret.trim() === "") return null;
  return { key: await parseKey(secret, "CAPSULE_SECRET"), from: "CAPSULE_SECRET" };
}

/** The same, and at last the key that `npm start` made for trying things out. */
export async function findPushKey(
  keyFile: string | undefined,
  environment: Environment,
  cwd: string,
): Promise<SigningKey | null> {
  const given = await findSigningKey(keyFile, environment);
  if (given !== null) return given;
  const demo = await readState(DEMO_KEY_FILE, environment, cwd);
  return demo === null ? null : { key: await parseKey(demo.text, demo.path), from: demo.path };
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CliError(`The key ${path} cannot be read: ${messageOf(error)}`, {
      hint: "`oursynth capsule keygen` makes a key pair.",
      cause: error,
    });
  }
}

/** The text itself is never shown: it may be a key all the same. */
async function parseKey(text: string, from: string): Promise<PrivateKey> {
  const parsed = await parsePrivateKey(text);
  if (parsed.ok) return parsed.value;
  throw new CliError(`${from} is not a private key: ${parsed.reason.message}.`, {
    hint: "It must be an Ed25519 key as PKCS#8 PEM, or base64 of its 32-byte seed; `oursynth capsule keygen` makes one.",
  });
}
