// Receipts from beside a capsule, in a file (CAPSULE.md S9).
import { readFile } from "node:fs/promises";
import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import { decodeEnvelope, readStatement } from "../../core/signing/dsse.ts";
import { type Envelope, envelopeSchema, PREDICATE_RECEIPT } from "../../schemas/statement.ts";
import { messageOf, usageError } from "../output/cli-error.ts";

const MAX_BYTES = 64 * 1_048_576;

/**
 * The stored bytes of each receipt in the file; other statements about the capsule are left out.
 * @param path what GET /api/capsules/DIGEST/statements gave, or a list of envelopes
 */
export async function readReceipts(path: string): Promise<readonly Uint8Array[]> {
  const value = await readJson(path);
  const list = Array.isArray(value) ? value : (value as { items?: unknown } | null)?.items;
  if (!Array.isArray(list)) throw notStatements(path);
  const envelopes = list.map((item: unknown) => {
    const parsed = envelopeSchema.safeParse((item as { envelope?: unknown } | null)?.envelope ?? item);
    if (!parsed.success) throw notStatements(path);
    return parsed.data;
  });
  return envelopes.filter(isReceipt).map((envelope) => canonicalBytes(envelope));
}

/** What it is worth shows when it is verified. */
function isReceipt(envelope: Envelope): boolean {
  const decoded = decodeEnvelope(envelope);
  const statement = decoded.ok ? readStatement(decoded.value) : decoded;
  return !statement.ok || statement.value.predicateType === PREDICATE_RECEIPT;
}

async function readJson(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, "utf8");
    return text.length > MAX_BYTES ? null : JSON.parse(text);
  } catch (error) {
    throw usageError(
      `${path} cannot be read: ${messageOf(error)}`,
      "It is the JSON of a capsule's statements.",
    );
  }
}

function notStatements(path: string): Error {
  return usageError(
    `${path} holds no statements.`,
    "GET /api/capsules/DIGEST/statements gives them; `oursynth pull DIGEST --receipts` puts them into the .caps.",
  );
}
