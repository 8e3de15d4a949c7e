// A synchronous SHA-256, for what must happen inside one storage transaction.
import { createHash } from "node:crypto";

/** SHA-256 of the bytes, as 32 raw bytes. */
export function sha256Sync(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
