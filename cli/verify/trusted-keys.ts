// The public keys that a person trusts, from files, from base64, from the environment (CAPSULE.md S3, S5, S7).
import { readFile } from "node:fs/promises";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../core/capsule/bytes.ts";
import { keyIdOf, parsePublicKey } from "../../core/signing/key-format.ts";
import { roleSchema, type TrustKey, type TrustRecord } from "../../schemas/trust.ts";
import type { Environment } from "../http/connection.ts";
import { systemCodeOf, usageError } from "../output/cli-error.ts";

/**
 * A trust record in which each key may act in every role; null when no key was given.
 * @param given file names or keys as text
 */
export async function readTrustedKeys(
  given: readonly string[],
  environment: Environment,
): Promise<TrustRecord | null> {
  const named = given.map((text) => ({ text, from: text }));
  const fromEnvironment = environment.CAPSULE_PUBLIC?.trim();
  if (fromEnvironment) named.push({ text: fromEnvironment, from: "CAPSULE_PUBLIC" });
  const keys = new Map<string, TrustKey>();
  for (const { text, from } of named) {
    const publicKey = parseKey(await readIfFile(text), from);
    const keyId = await keyIdOf(publicKey, nodeHashing);
    keys.set(keyId, {
      keyId,
      publicKey: toBase64(publicKey),
      name: from.slice(0, 200),
      roles: [...roleSchema.options],
    });
  }
  return keys.size === 0 ? null : { revision: 0, keys: [...keys.values()], thresholds: {} };
}

async function readIfFile(text: string): Promise<string> {
  try {
    return await readFile(text, "utf8");
  } catch (error) {
    // No file of that name: then it is the key itself.
    if (["ENOENT", "ENAMETOOLONG", "ENOTDIR", "EINVAL"].includes(systemCodeOf(error) ?? "")) return text;
    throw error;
  }
}

function parseKey(text: string, from: string): Uint8Array {
  const parsed = parsePublicKey(text);
  if (parsed.ok) return parsed.value;
  if (text.includes("PRIVATE KEY")) {
    throw usageError(
      `${from} is a private key.`,
      "Give the public one (key.pub.pem): nothing else is needed here.",
    );
  }
  const shown = from.length > 200 ? `${from.slice(0, 200)}…` : from;
  throw usageError(
    `${shown} is neither a file nor a public key: ${parsed.reason.message}.`,
    "Give an Ed25519 key as SPKI PEM, or base64 of its 32 bytes.",
  );
}
