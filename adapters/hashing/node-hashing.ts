// Hashing by Node's own code: OpenSSL's SHA-256 and zlib's CRC-32.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Hashing } from "../../core/hashing.ts";

/** For Node 22.2 and later, where zlib.crc32 exists. */
export const nodeHashing: Hashing = {
  sha256: async (bytes) => createHash("sha256").update(bytes).digest(),
  sha256Sync: (bytes) => createHash("sha256").update(bytes).digest(),
  createSha256() {
    const hash = createHash("sha256");
    return {
      update(chunk) {
        hash.update(chunk);
      },
      finish: async () => hash.digest(),
    };
  },
  crc32: (bytes, seed) => crc32(bytes, seed),
};
