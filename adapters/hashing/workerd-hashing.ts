// Hashing inside workerd: its node:crypto and node:zlib are native and synchronous (flag nodejs_compat).
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { overArrayBuffer } from "../../core/capsule/bytes.ts";
import type { Hashing, StreamingHash } from "../../core/hashing.ts";

export const workerdHashing: Hashing = {
  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", overArrayBuffer(bytes)));
  },
  sha256HexSync: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  createSha256: createDigestStreamHash,
  crc32: (bytes, seed) => crc32(bytes, seed),
};

/** DigestStream hashes off the JavaScript heap; each write waits for its turn, which is the back-pressure. */
function createDigestStreamHash(): StreamingHash {
  const stream = new crypto.DigestStream("SHA-256");
  const writer = stream.getWriter();
  return {
    update: (chunk) => writer.write(chunk),
    async finish() {
      await writer.close();
      return new Uint8Array(await stream.digest);
    },
  };
}
