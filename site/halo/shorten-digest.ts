// A digest as people compare it: its first and its last digits.

const START_LENGTH = 8;
const END_LENGTH = 4;

/** `sha256:0123…` (or bare hex) as `01234567…cdef`; what is short already stays whole. */
export function shortenDigest(digest: string): string {
  const hex = digest.slice(digest.indexOf(":") + 1);
  if (hex.length <= START_LENGTH + END_LENGTH + 1) return hex;
  return `${hex.slice(0, START_LENGTH)}…${hex.slice(-END_LENGTH)}`;
}
