// The limits of a capsule (CAPSULE.md C1, C5, C6). They are checked while reading, never trusted from a header.

const MEBIBYTE = 1_048_576;

export const CAPSULE_LIMITS = {
  manifestBytes: 4 * MEBIBYTE,
  jsonDepth: 32,
  fileCount: 9_000,
  fileBytes: 90 * MEBIBYTE,
  totalFileBytes: 1_024 * MEBIBYTE,
  envelopeCount: 64,
  attestationCount: 64,
  /** Of one envelope or one attestation. */
  documentBytes: 8 * MEBIBYTE,
  /** Of a detached capsule, which is read as a whole: far more than a manifest and its provenance, and not 516 MiB. */
  detachedBytes: 64 * MEBIBYTE,
  pathBytes: 1_024,
  pathSegments: 32,
} as const;
