// The bytes of a container that are not file content: every field is fixed (CAPSULE.md K1, K2; APPNOTE 4.3, 4.4).

/** One entry of a container: its full name, and where its local header begins. */
export type ZipEntry = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly crc32: number;
  readonly isExecutable: boolean;
  readonly offset: number;
};

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_RECORD_BYTES = 22;
export const LOCAL_HEADER_SIGNATURE = 0x04034b50;
/** Where in a local header the CRC-32 and the size stand. */
export const LOCAL_CRC_OFFSET = 14;
export const LOCAL_SIZE_OFFSET = 22;

const CENTRAL_HEADER_SIGNATURE = 0x02014b50;
const END_RECORD_SIGNATURE = 0x06054b50;
const VERSION_MADE_BY = 0x0314;
const VERSION_NEEDED = 20;
const FLAGS_UTF8 = 0x0800;
/** 1980-01-01, the first day that ZIP can name. */
const DOS_DATE = 0x0021;
const MODE_FILE = 0o100644;
const MODE_EXECUTABLE = 0o100755;
/** `files/` and the longest path (CAPSULE.md C5) fit well. */
const MAX_NAME_BYTES = 2_048;

/**
 * Writes headers into one array that it keeps: thousands of entries then cost no allocation. What a method gives is
 * valid until the next call.
 */
export class ZipHeaderWriter {
  readonly #bytes = new Uint8Array(CENTRAL_HEADER_BYTES + MAX_NAME_BYTES);
  readonly #encoder = new TextEncoder();

  /** A local header with its name (APPNOTE 4.3.7). */
  local(name: string, sizeBytes: number, crc32: number): Uint8Array {
    const bytes = this.#bytes;
    const nameLength = this.#writeName(name, LOCAL_HEADER_BYTES);
    writeUint32(bytes, 0, LOCAL_HEADER_SIGNATURE);
    writeCommonFields(bytes, 4, sizeBytes, crc32, nameLength);
    return bytes.subarray(0, LOCAL_HEADER_BYTES + nameLength);
  }

  /** A header of the central directory with its name (APPNOTE 4.3.12). */
  central(entry: ZipEntry): Uint8Array {
    const bytes = this.#bytes;
    const nameLength = this.#writeName(entry.name, CENTRAL_HEADER_BYTES);
    writeUint32(bytes, 0, CENTRAL_HEADER_SIGNATURE);
    writeUint16(bytes, 4, VERSION_MADE_BY);
    writeCommonFields(bytes, 6, entry.sizeBytes, entry.crc32, nameLength);
    // Comment length, disk number and internal attributes; then the mode in the upper half of the external ones.
    bytes.fill(0, 32, 40);
    writeUint16(bytes, 40, entry.isExecutable ? MODE_EXECUTABLE : MODE_FILE);
    writeUint32(bytes, 42, entry.offset);
    return bytes.subarray(0, CENTRAL_HEADER_BYTES + nameLength);
  }

  #writeName(name: string, start: number): number {
    const { read, written } = this.#encoder.encodeInto(name, this.#bytes.subarray(start));
    if (read !== name.length) throw new RangeError("the name of an entry is too long");
    return written;
  }
}

/** The end of central directory record (APPNOTE 4.3.16). */
export function endRecord(entryCount: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  const bytes = new Uint8Array(END_RECORD_BYTES);
  writeUint32(bytes, 0, END_RECORD_SIGNATURE);
  writeUint16(bytes, 8, entryCount);
  writeUint16(bytes, 10, entryCount);
  writeUint32(bytes, 12, directoryBytes);
  writeUint32(bytes, 16, directoryOffset);
  return bytes;
}

/** Version needed to the length of the extra field, which stand in the same order in both headers: 26 bytes. */
function writeCommonFields(
  bytes: Uint8Array,
  start: number,
  sizeBytes: number,
  crc32: number,
  nameLength: number,
): void {
  writeUint16(bytes, start, VERSION_NEEDED);
  writeUint16(bytes, start + 2, FLAGS_UTF8);
  writeUint32(bytes, start + 4, 0);
  writeUint16(bytes, start + 8, DOS_DATE);
  writeUint32(bytes, start + 10, crc32);
  writeUint32(bytes, start + 14, sizeBytes);
  writeUint32(bytes, start + 18, sizeBytes);
  writeUint16(bytes, start + 22, nameLength);
  writeUint16(bytes, start + 24, 0);
}

function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = value >>> 8;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  writeUint16(bytes, at, value & 0xffff);
  writeUint16(bytes, at + 2, value >>> 16);
}
