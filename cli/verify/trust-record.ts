// A project's trust record in a file: keys with their roles and states, and thresholds (CAPSULE.md S5, S9).
import { readFile } from "node:fs/promises";
import { type TrustRecord, trustKeySchema, trustRecordSchema } from "../../schemas/trust.ts";
import { messageOf, usageError } from "../output/cli-error.ts";

const MAX_BYTES = 1_048_576;

/** @param path what `oursynth keys list --project P --json` printed, or a trust record as it is signed */
export async function readTrustRecord(path: string): Promise<TrustRecord> {
  const parsed = trustRecordSchema.safeParse(readRecord(await readJson(path)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(
    `${path} is not a trust record: ${issue?.path.join(".")} ${issue?.message}.`,
    "`oursynth keys list --project P --json` prints one.",
  );
}

/** The API says more of each key than a record holds. */
function readRecord(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { revision, thresholds = {}, items, keys = items } = value as Record<string, unknown>;
  if (!Array.isArray(keys)) return value;
  const fields = Object.keys(trustKeySchema.shape);
  const lines = keys.map((key: unknown) =>
    typeof key === "object" && key !== null
      ? Object.fromEntries(Object.entries(key).filter(([field]) => fields.includes(field)))
      : key,
  );
  return { revision, thresholds, keys: lines };
}

async function readJson(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, "utf8");
    return text.length > MAX_BYTES ? null : JSON.parse(text);
  } catch (error) {
    throw usageError(`${path} cannot be read: ${messageOf(error)}`, "It is the JSON of a trust record.");
  }
}
