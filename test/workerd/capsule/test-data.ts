// What this project's configuration hands in: files that workerd could not read itself.
import { env } from "cloudflare:workers";
import * as z from "zod";
import { fromBase64 } from "../../../core/capsule/bytes.ts";

const folderSchema = z.record(z.string(), z.string());

/** Text, and folders of base64 by file name. */
export const testData = z
  .object({
    TEST_LISTING: z.string(),
    TEST_CASES: folderSchema,
    TEST_JCS: z.object({ input: folderSchema, output: folderSchema }),
  })
  .parse({ ...env });

export function fileIn(folder: Readonly<Record<string, string>>, name: string): Uint8Array {
  const bytes = fromBase64(folder[name] ?? "=");
  if (bytes === null) throw new Error(`there is no ${name}`);
  return bytes;
}
