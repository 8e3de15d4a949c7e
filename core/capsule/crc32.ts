// CRC-32 as ZIP uses it (APPNOTE 4.4.7), eight bytes a step, for runtimes without a native one.

const POLYNOMIAL = 0xedb88320;
const SLICE_COUNT = 8;
const TABLES: Int32Array = buildTables();

/** The CRC-32 of the bytes, continued from `seed` (0 to begin), as an unsigned 32-bit integer. */
export function crc32(bytes: Uint8Array, seed: number): number {
  const tables = TABLES;
  const sliceEnd = bytes.length - (bytes.length % SLICE_COUNT);
  let crc = ~seed;
  let at = 0;
  for (; at < sliceEnd; at += SLICE_COUNT) {
    crc ^=
      byteAt(bytes, at) |
      (byteAt(bytes, at + 1) << 8) |
      (byteAt(bytes, at + 2) << 16) |
      (byteAt(bytes, at + 3) << 24);
    crc =
      entry(tables, 1792 + (crc & 0xff)) ^
      entry(tables, 1536 + ((crc >>> 8) & 0xff)) ^
      entry(tables, 1280 + ((crc >>> 16) & 0xff)) ^
      entry(tables, 1024 + (crc >>> 24)) ^
      entry(tables, 768 + byteAt(bytes, at + 4)) ^
      entry(tables, 512 + byteAt(bytes, at + 5)) ^
      entry(tables, 256 + byteAt(bytes, at + 6)) ^
      entry(tables, byteAt(bytes, at + 7));
  }
  for (; at < bytes.length; at++) crc = entry(tables, (crc ^ byteAt(bytes, at)) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Table `n` (256 entries from `256 * n`) advances a byte by `n` further zero bytes. */
function buildTables(): Int32Array {
  const tables = new Int32Array(256 * SLICE_COUNT);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const previous = entry(tables, at - 256);
    tables[at] = (previous >>> 8) ^ entry(tables, previous & 0xff);
  }
  return tables;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function entry(tables: Int32Array, index: number): number {
  return tables[index] ?? 0;
}
