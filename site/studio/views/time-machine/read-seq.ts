// Numbers in addresses are whatever somebody typed.
/** A seq out of an address: whatever is no number from 1 on is as if it were not there. */
export function readSeq(text: string | undefined): number | undefined {
  const seq = Number(text);
  return Number.isSafeInteger(seq) && seq >= 1 ? seq : undefined;
}
