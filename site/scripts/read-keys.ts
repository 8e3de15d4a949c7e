// Public keys that a person typed in: PEM, or base64 line by line.
import { toBase64 } from "../../core/capsule/bytes.ts";
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { keyIdOf, parsePublicKey } from "../../core/signing/key-format.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { roleSchema, type TrustKey, type TrustRecord } from "../../schemas/trust.ts";

const PEM = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;
const MAX_KEYS = 16;

/** A trust record in which each key may act in every role; null when nothing was typed. */
export async function readKeys(text: string): Promise<Result<TrustRecord | null, string>> {
  const inPem = text.match(PEM) ?? [];
  const inLines = text
    .replaceAll(PEM, "\n")
    .split(/\s+/)
    .filter((line) => line !== "");
  const given = [...inPem, ...inLines];
  if (given.length > MAX_KEYS) return fail(`At most ${MAX_KEYS} keys.`);
  const keys = new Map<string, TrustKey>();
  for (const one of given) {
    const parsed = parsePublicKey(one);
    if (!parsed.ok) return fail(`“${one.slice(0, 60)}” is not a public key: ${parsed.reason.message}.`);
    const keyId = await keyIdOf(parsed.value, webHashing);
    const publicKey = toBase64(parsed.value);
    keys.set(keyId, { keyId, publicKey, name: "typed in", roles: [...roleSchema.options] });
  }
  return ok(keys.size === 0 ? null : { revision: 0, keys: [...keys.values()], thresholds: {} });
}
