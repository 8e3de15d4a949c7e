// How a key's id is shown to people, everywhere alike: whole where there is room, and in this one short form beside it.

const SHOWN_HEX_DIGITS = 16;
const GROUP_DIGITS = 4;

/**
 * The first 64 bits of a key id in four groups: `sha256:0f1e2d3c…` is `0f1e-2d3c-4b5a-6978`. To tell keys apart by eye;
 * trust is decided by the whole id.
 */
export function fingerprintOf(keyId: string): string {
  const hex = keyId.replace(/^sha256:/, "").slice(0, SHOWN_HEX_DIGITS);
  return (hex.match(new RegExp(`.{1,${GROUP_DIGITS}}`, "g")) ?? []).join("-");
}
