// Hashing comes into core as an argument, so that Node, workerd and a browser each bring their own (STYLE 31).

/** A hash in progress: `update` takes any number of chunks, `finish` ends it. */
export interface StreamingHash {
  update(chunk: Uint8Array): void | Promise<void>;
  /** The 32 bytes of the SHA-256 over all chunks. */
  finish(): Promise<Uint8Array>;
}

/** The 32-byte seed of RFC 8032 and the public key that follows from it. */
export type SigningPair = { readonly seed: Uint8Array; readonly publicKey: Uint8Array };

export interface Hashing {
  /** SHA-256 (FIPS 180-4) of the bytes, as 32 raw bytes. */
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** The same at once, as lowercase hex. Present only where it is native: small files then need no wait each. */
  sha256HexSync?(bytes: Uint8Array): string;
  /** A SHA-256 that is fed chunk by chunk, in constant memory. */
  createSha256(): StreamingHash;
  /**
   * The Ed25519 signature of a message (RFC 8032 §5.1.6). Present only where it is had at once: WebCrypto signs in a
   * thread, and its turn takes longer than the signature. Signatures are checked by WebCrypto alone (CAPSULE.md S2).
   */
  signSync?(message: Uint8Array, privateKey: SigningPair): Uint8Array;
  /** CRC-32 as ZIP uses it (APPNOTE 4.4.7), continued from `seed` (0 to begin), as an unsigned 32-bit integer. */
  crc32(bytes: Uint8Array, seed: number): number;
}
