// Verifies a `.caps` as it streams by, and notes what it claims to be and who signed it. Nothing is sent anywhere.
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { parseEnvelope, readStatement } from "../../core/signing/dsse.ts";
import type { TrustKey, TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";

/** Public keys that a verifier can check signatures with, though it does not trust them in any role. */
export type KnownKey = Pick<TrustKey, "keyId" | "publicKey" | "name">;

export type CapsTrust = {
  /** Whom the verifier trusts; null when it was given no key. */
  readonly trust: TrustRecord | null;
  readonly known: readonly KnownKey[];
};

/** What the manifest says of itself: to be believed as far as the report goes. */
export type CapsClaims = {
  readonly capsuleId: string;
  readonly name: string;
  readonly version: string;
  readonly createdAt: number;
  readonly fileCount: number;
  readonly contentBytes: number;
};

/** One envelope that the container carries; the type is null when the statement cannot be read. */
export type CarriedStatement = {
  readonly predicateType: string | null;
  readonly keyIds: readonly string[];
};

export type CapsCheck = {
  readonly report: VerificationReport;
  /** Null when the manifest could not be read. */
  readonly claims: CapsClaims | null;
  readonly statements: readonly CarriedStatement[];
};

/**
 * Reads a container to its end in constant memory (core/capsule/verify-capsule.ts).
 * @param onProgress is told how many bytes have been read
 */
export async function verifyCaps(
  chunks: AsyncIterable<Uint8Array>,
  { trust, known }: CapsTrust,
  onProgress: (readBytes: number) => void,
): Promise<CapsCheck> {
  let claims: CapsClaims | null = null;
  const statements: CarriedStatement[] = [];
  const report = await verifyContainer(countBytes(chunks, onProgress), {
    trust: trust === null ? null : withKnownKeys(trust, known),
    hashing: webHashing,
    onManifest({ id, name, version, createdAt, files }) {
      const contentBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
      claims = { capsuleId: id, name, version, createdAt, fileCount: files.length, contentBytes };
    },
    onEnvelope(bytes) {
      const parsed = parseEnvelope(bytes);
      if (!parsed.ok) return;
      const statement = readStatement(parsed.value);
      statements.push({
        predicateType: statement.ok ? statement.value.predicateType : null,
        keyIds: parsed.value.signatures.map(({ keyId }) => keyId),
      });
    },
  });
  return { report, claims, statements };
}

/** Keys without a role: what they signed is checked, and counts for nothing. */
function withKnownKeys(trust: TrustRecord, known: readonly KnownKey[]): TrustRecord {
  const trusted = new Set(trust.keys.map(({ keyId }) => keyId));
  const others = new Map(known.filter(({ keyId }) => !trusted.has(keyId)).map((key) => [key.keyId, key]));
  const added = [...others.values()].map(({ keyId, publicKey, name }) => ({
    keyId,
    publicKey,
    name,
    roles: [],
  }));
  return { ...trust, keys: [...trust.keys, ...added] };
}

async function* countBytes(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: (readBytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let readBytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    readBytes += chunk.length;
    onProgress(readBytes);
  }
}
