// The bytes of a container that are not file content: every field is fixed (CAPSULE.md K1, K2; APPNOTE 4.3, 4.4).

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
const SHORT_NAME_LENGTH = 128;
const CENTRAL_NAME_LENGTH_OFFSET = 28;
/** What about 100 files need. */
const DIRECTORY_BYTES = 8_192;

/**
 * Writes local headers into one array that it keeps: thousands of entries then cost no allocation. What `local` gives is
 * valid until the next call.
 */
export class ZipHeaderWriter {
  readonly #bytes = new Uint8Array(LOCAL_HEADER_BYTES + MAX_NAME_BYTES);
  readonly #encoder = new TextEncoder();

  constructor() {
    const bytes = this.#bytes;
    writeUint32(bytes, 0, LOCAL_HEADER_SIGNATURE);
    writeUint16(bytes, 4, VERSION_NEEDED);
    writeUint16(bytes, 6, FLAGS_UTF8);
    writeUint16(bytes, 12, DOS_DATE);
  }

  /** A local header with its name (APPNOTE 4.3.7); what is not written here is zero or was written once. */
  local(name: string, sizeBytes: number, crc32: number): Uint8Array {
    const bytes = this.#bytes;
    const nameLength = this.#writeName(name);
    writeUint32(bytes, LOCAL_CRC_OFFSET, crc32);
    writeUint32(bytes, LOCAL_SIZE_OFFSET - 4, sizeBytes);
    writeUint32(bytes, LOCAL_SIZE_OFFSET, sizeBytes);
    writeUint16(bytes, 26, nameLength);
    return bytes.subarray(0, LOCAL_HEADER_BYTES + nameLength);
  }

  /** Short ASCII names, which most are, are written faster by hand than by a call. */
  #writeName(name: string): number {
    const bytes = this.#bytes;
    const isShort = name.length <= SHORT_NAME_LENGTH;
    for (let index = 0; isShort; index++) {
      if (index === name.length) return name.length;
      const unit = name.charCodeAt(index);
      if (unit >= 0x80) break;
      bytes[LOCAL_HEADER_BYTES + index] = unit;
    }
    const { read, written } = this.#encoder.encodeInto(name, bytes.subarray(LOCAL_HEADER_BYTES));
    if (read !== name.length) throw new RangeError("the name of an entry is too long");
    return written;
  }
}

/**
 * The central directory as it grows with the entries (APPNOTE 4.3.12): each of its headers repeats the local one, so that
 * no name is encoded twice. At most 10 MB, for 9,000 of the longest names (CAPSULE.md C5, C6).
 */
export class ZipDirectory {
  #bytes = new Uint8Array(DIRECTORY_BYTES);
  #length = 0;
  #count = 0;

  /** @param offset where the local header begins in the container */
  add(local: Uint8Array, isExecutable: boolean, offset: number): void {
    const at = this.#length;
    this.#length += CENTRAL_HEADER_BYTES + local.length - LOCAL_HEADER_BYTES;
    if (this.#length > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    writeUint32(bytes, at, CENTRAL_HEADER_SIGNATURE);
    writeUint16(bytes, at + 4, VERSION_MADE_BY);
    // Version needed to the length of the extra field stand in the same order in both headers. Then come, all zero, the
    // comment's length, the disk and the internal attributes; then the mode in the upper half of the external ones.
    for (let index = 4; index < LOCAL_HEADER_BYTES; index++) bytes[at + 2 + index] = local[index] as number;
    writeUint16(bytes, at + 40, isExecutable ? MODE_EXECUTABLE : MODE_FILE);
    writeUint32(bytes, at + 42, offset);
    for (let index = LOCAL_HEADER_BYTES; index < local.length; index++)
      bytes[at + CENTRAL_HEADER_BYTES - LOCAL_HEADER_BYTES + index] = local[index] as number;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where the header begins in which this place lies. */
  headerStart(place: number): number {
    const view = new DataView(this.#bytes.buffer);
    for (let at = 0; ; ) {
      const next = at + CENTRAL_HEADER_BYTES + view.getUint16(at + CENTRAL_NAME_LENGTH_OFFSET, true);
      if (place < next || next >= this.#length) return at;
      at = next;
    }
  }

  #grow(): void {
    const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
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

function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = value >>> 8;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  writeUint16(bytes, at, value & 0xffff);
  writeUint16(bytes, at + 2, value >>> 16);
}
