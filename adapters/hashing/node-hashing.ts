// Hashing by Node's own code: OpenSSL's SHA-256 and zlib's CRC-32.
import { createHash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Hashing } from "../../core/hashing.ts";

/** For Node 22.2 and later, where zlib.crc32 exists. */
export const nodeHashing: Hashing = {
  sha256: async (bytes) => createHash("sha256").update(bytes).digest(),
  // The one-shot function that gives text takes less than half the time of an object that gives a Buffer.
  sha256HexSync: (bytes) => hash("sha256", bytes, "hex"),
  createSha256() {
    const streaming = createHash("sha256");
    return {
      update(chunk) {
        streaming.update(chunk);
      },
      finish: async () => streaming.digest(),
    };
  },
  crc32: (bytes, seed) => crc32(bytes, seed),
};
