// A ZIP writer in which every field can lie. Left alone it writes exactly what CAPSULE.md K1 and K2 dictate.
import { joinBytes } from "../../../core/capsule/bytes.ts";
import { crc32 } from "../../../core/capsule/crc32.ts";

/** Fields that both headers of an entry have (APPNOTE 4.3.7, 4.3.12). Lengths follow from the bytes unless given. */
type CommonFields = {
  readonly signature: number;
  readonly versionNeeded: number;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly name: Uint8Array;
  readonly nameLength: number;
  readonly extra: Uint8Array;
  readonly extraLength: number;
};

type CentralFields = CommonFields & {
  readonly versionMadeBy: number;
  readonly comment: Uint8Array;
  readonly commentLength: number;
  readonly disk: number;
  readonly internalAttributes: number;
  readonly externalAttributes: number;
  readonly offset: number;
};

type EndFields = {
  readonly disk: number;
  readonly directoryDisk: number;
  readonly diskEntryCount: number;
  readonly entryCount: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  readonly comment: Uint8Array;
  readonly commentLength: number;
};

export type CraftEntry = {
  readonly name: string;
  readonly content: Uint8Array;
  readonly isExecutable?: boolean;
  readonly local?: Partial<CommonFields>;
  readonly central?: Partial<CentralFields>;
  /** Bytes before the local header and behind the content. */
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  /** `local`: no header in the directory; `central`: only there, pointing at the entry before. */
  readonly only?: "local" | "central";
};

export type CraftZip = {
  readonly entries: readonly CraftEntry[];
  readonly prefix?: Uint8Array;
  readonly beforeDirectory?: Uint8Array;
  readonly beforeEnd?: Uint8Array;
  readonly end?: Partial<EndFields>;
  readonly suffix?: Uint8Array;
  /** The order of the central directory, by index of entry; may leave out and repeat. */
  readonly directory?: readonly number[];
  /** Whether offsets count from behind the prefix, as a naive tool would leave them. */
  readonly ignoresPrefix?: boolean;
};

/** What was written, and where its parts begin. */
export type CraftedZip = {
  readonly bytes: Uint8Array;
  readonly entries: readonly number[];
  readonly centrals: readonly number[];
  readonly directory: number;
  readonly end: number;
};

const EMPTY = new Uint8Array(0);
const encoder = new TextEncoder();

export function craftZip(zip: CraftZip): CraftedZip {
  const output = new Output();
  const prefix = zip.prefix ?? EMPTY;
  output.add(prefix);
  const shift = zip.ignoresPrefix === true ? prefix.length : 0;
  const offsets: number[] = [];
  for (const entry of zip.entries) {
    if (entry.only === "central") {
      offsets.push(offsets.at(-1) ?? 0);
      continue;
    }
    output.add(entry.before ?? EMPTY);
    offsets.push(output.size);
    output.add(localHeader(entry));
    output.add(entry.content);
    output.add(entry.after ?? EMPTY);
  }
  output.add(zip.beforeDirectory ?? EMPTY);
  const directory = output.size;
  const listed =
    zip.directory ?? [...zip.entries.keys()].filter((index) => zip.entries[index]?.only !== "local");
  const centrals: number[] = [];
  for (const index of listed) {
    const entry = zip.entries[index];
    if (entry === undefined) throw new RangeError(`there is no entry ${index}`);
    centrals.push(output.size);
    output.add(centralHeader(entry, (offsets[index] ?? 0) - shift));
  }
  const directoryBytes = output.size - directory;
  output.add(zip.beforeEnd ?? EMPTY);
  const end = output.size;
  output.add(endRecord(centrals.length, directoryBytes, directory - shift, zip.end ?? {}));
  output.add(zip.suffix ?? EMPTY);
  return { bytes: output.join(), entries: offsets, centrals, directory, end };
}

/** The end of central directory record, for those who need a second one. */
export function endRecord(
  entryCount: number,
  directoryBytes: number,
  directoryOffset: number,
  lies: Partial<EndFields>,
): Uint8Array {
  const comment = lies.comment ?? EMPTY;
  return joinBytes([
    uint32(0x06054b50),
    uint16(lies.disk ?? 0),
    uint16(lies.directoryDisk ?? 0),
    uint16(lies.diskEntryCount ?? entryCount),
    uint16(lies.entryCount ?? entryCount),
    uint32(lies.directoryBytes ?? directoryBytes),
    uint32(lies.directoryOffset ?? directoryOffset),
    uint16(lies.commentLength ?? comment.length),
    comment,
  ]);
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff);
}

export function uint32(value: number): Uint8Array {
  return joinBytes([uint16(value & 0xffff), uint16(value >>> 16)]);
}

class Output {
  readonly #parts: Uint8Array[] = [];
  size = 0;

  add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.size += bytes.length;
  }

  join(): Uint8Array {
    return joinBytes(this.#parts);
  }
}

function localHeader(entry: CraftEntry): Uint8Array {
  return commonFields(entry, 0x04034b50, EMPTY, entry.local ?? {}, (fields) => [fields.name, fields.extra]);
}

function centralHeader(entry: CraftEntry, offset: number): Uint8Array {
  const lies = entry.central ?? {};
  const comment = lies.comment ?? EMPTY;
  const mode = entry.isExecutable === true ? 0o100755 : 0o100644;
  return commonFields(entry, 0x02014b50, uint16(lies.versionMadeBy ?? 0x0314), lies, (fields) => [
    uint16(lies.commentLength ?? comment.length),
    uint16(lies.disk ?? 0),
    uint16(lies.internalAttributes ?? 0),
    uint32(lies.externalAttributes ?? (mode << 16) >>> 0),
    uint32(lies.offset ?? offset),
    fields.name,
    fields.extra,
    comment,
  ]);
}

function commonFields(
  entry: CraftEntry,
  signature: number,
  afterSignature: Uint8Array,
  lies: Partial<CommonFields>,
  rest: (fields: { readonly name: Uint8Array; readonly extra: Uint8Array }) => readonly Uint8Array[],
): Uint8Array {
  const name = lies.name ?? encoder.encode(entry.name);
  const extra = lies.extra ?? EMPTY;
  return joinBytes([
    uint32(lies.signature ?? signature),
    afterSignature,
    uint16(lies.versionNeeded ?? 20),
    uint16(lies.flags ?? 0x0800),
    uint16(lies.method ?? 0),
    uint16(lies.time ?? 0),
    uint16(lies.date ?? 0x0021),
    uint32(lies.crc32 ?? crc32(entry.content, 0)),
    uint32(lies.compressedSize ?? entry.content.length),
    uint32(lies.size ?? entry.content.length),
    uint16(lies.nameLength ?? name.length),
    uint16(lies.extraLength ?? extra.length),
    ...rest({ name, extra }),
  ]);
}
