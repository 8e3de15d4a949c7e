// Hashing that works wherever there is JavaScript: WebCrypto where it stands, @noble/hashes for streams.
import { sha256 } from "@noble/hashes/sha2.js";
import type { Hashing } from "../hashing.ts";
import { overArrayBuffer } from "./bytes.ts";
import { crc32 } from "./crc32.ts";

/** WebCrypto has no streaming hash, and none at all on a page served without TLS. */
export const webHashing: Hashing = {
  async sha256(bytes) {
    if (typeof crypto === "undefined" || crypto.subtle === undefined) return sha256(bytes);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", overArrayBuffer(bytes)));
  },
  createSha256() {
    const hash = sha256.create();
    return {
      update(chunk) {
        hash.update(chunk);
      },
      finish: async () => hash.digest(),
    };
  },
  crc32,
};
