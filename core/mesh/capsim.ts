// Evidence that travels: a sealed result with the capsule it is about, as one JSON file (MESH.md M16).
import { CAPSIM_TYPE, type CapsimKey } from "../../schemas/capsim.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import type { Envelope } from "../../schemas/statement.ts";
import { fromBase64, toHex } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import type { Hashing } from "../hashing.ts";
import { envelopeBytes, type ParsedEnvelope, parseEnvelope, readStatement } from "../signing/dsse.ts";
import { keyIdOf } from "../signing/key-format.ts";

export const CAPSIM_LIMITS = {
  /** A manifest of 9,000 files, and the result of thousands of seeds twice: as itself, and in base64 in its envelope. */
  bytes: 33_554_432,
  /** The manifest may be as deep as anywhere (CAPSULE.md C1), and lies two levels further down here. */
  jsonDepth: 34,
} as const;

export type CapsimParts = {
  /** The stored bytes of the sealed result's envelope. */
  readonly envelope: Uint8Array;
  readonly manifest: Manifest;
  /** The stored bytes of the capsule's own envelopes, its provenance first of all. */
  readonly capsuleEnvelopes: readonly Uint8Array[];
  /** 32 raw bytes each, in base64; those that signed nothing here are left out. */
  readonly publicKeys: readonly string[];
};

/**
 * The bytes of a `.capsim`: JCS, so the same parts give the same bytes. An envelope of the capsule whose signers are not
 * all among the keys is left out: whoever reads the file could not check every byte of it. Throws a TypeError when the
 * result's own envelope is not one, or lacks a key, and a RangeError past the limits: the caller's mistakes.
 */
export async function writeCapsim(parts: CapsimParts, hashing: Hashing): Promise<Uint8Array> {
  const known = await nameKeys(parts.publicKeys, hashing);
  const sealed = readEnvelope(parts.envelope);
  const statement = readStatement(sealed);
  if (!statement.ok) throw new TypeError(`the result is not sealed: ${statement.reason.message}`);
  if (!hasEveryKey(sealed, known)) throw new TypeError("a key that signed the result is missing");
  const carried = parts.capsuleEnvelopes.map(readEnvelope).filter((envelope) => hasEveryKey(envelope, known));
  const signers = new Set(
    [sealed, ...carried].flatMap(({ signatures }) => signatures.map((one) => one.keyId)),
  );
  const bytes = canonicalBytes({
    _type: CAPSIM_TYPE,
    result: statement.value.predicate,
    envelope: sealed.envelope,
    keys: [...known.values()].filter(({ keyId }) => signers.has(keyId)).sort(byKeyId),
    capsule: { manifest: parts.manifest, envelopes: await sortByHash(carried, hashing) },
  });
  if (bytes.length > CAPSIM_LIMITS.bytes) throw new RangeError(`larger than ${CAPSIM_LIMITS.bytes} bytes`);
  return bytes;
}

/** SHA-256 over the bytes of each, in hex. */
export async function hashEnvelopes(
  envelopes: readonly ParsedEnvelope[],
  hashing: Pick<Hashing, "sha256">,
): Promise<string[]> {
  return await Promise.all(
    envelopes.map(async ({ envelope }) => toHex(await hashing.sha256(envelopeBytes(envelope)))),
  );
}

/** In the order of those hashes, each once, as a container has them (CAPSULE.md K1). */
async function sortByHash(
  envelopes: readonly ParsedEnvelope[],
  hashing: Pick<Hashing, "sha256">,
): Promise<Envelope[]> {
  const hashes = await hashEnvelopes(envelopes, hashing);
  const byHash = new Map(envelopes.map(({ envelope }, index) => [hashes[index] ?? "", envelope]));
  return [...byHash].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, envelope]) => envelope);
}

function readEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const parsed = parseEnvelope(bytes);
  if (parsed.ok) return parsed.value;
  throw new TypeError(`not an envelope: ${parsed.reason.message}`);
}

async function nameKeys(
  publicKeys: readonly string[],
  hashing: Hashing,
): Promise<ReadonlyMap<string, CapsimKey>> {
  const named = new Map<string, CapsimKey>();
  for (const publicKey of publicKeys) {
    const raw = fromBase64(publicKey);
    if (raw === null) throw new TypeError("a public key is not padded standard base64");
    const keyId = await keyIdOf(raw, hashing);
    named.set(keyId, { keyId, publicKey });
  }
  return named;
}

function hasEveryKey({ signatures }: ParsedEnvelope, known: ReadonlyMap<string, CapsimKey>): boolean {
  return signatures.every(({ keyId }) => known.has(keyId));
}

function byKeyId(one: CapsimKey, other: CapsimKey): number {
  return one.keyId < other.keyId ? -1 : 1;
}
