// Key files that a person names.
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parsePublicKey } from "../../core/signing/key-format.ts";
import { CliError, messageOf, usageError } from "../output/cli-error.ts";

export function nameOf(file: string): string {
  return basename(file);
}

/** The text of a public key's file. A private key must never be sent, not even by mistake. */
export async function readPublicKeyFile(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
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
