// Entries whose header fields are not the fixed ones, or whose sizes, CRCs and contents lie (CAPSULE.md K2, K3, C6).
import { joinBytes } from "../../../core/capsule/bytes.ts";
import { changeEntry, craftCapsule, ENTRY, entryAt } from "./capsule-crafter.ts";
import { type CaseDraft, type Refusal, refused, refusedAt } from "./conformance-case.ts";
import { type CraftEntry, type CraftedZip, craftZip, uint16, uint32 } from "./zip-writer.ts";

/** Changes the entry of `index.html`, which is the last. */
type Row = readonly [name: string, why: string, change: (entry: CraftEntry) => Partial<CraftEntry>];

const encoder = new TextEncoder();
const MEBIBYTE = 1_048_576;
/** Extended timestamp (0x5455), as Info-ZIP writes it. */
const TIME_EXTRA = joinBytes([uint16(0x5455), uint16(5), Uint8Array.of(1), uint32(1_723_510_000)]);
/** Another name in UTF-8 (0x7075), which some tools prefer to the header's. */
const NAME_EXTRA = joinBytes([
  uint16(0x7075),
  uint16(11),
  Uint8Array.of(1),
  uint32(0),
  encoder.encode("../../"),
]);
const ZIP64_EXTRA = joinBytes([uint16(1), uint16(16), new Uint8Array(16)]);
/** Ten million zeros by DEFLATE would be about this: a valid beginning is enough, nobody inflates it. */
const DEFLATED = Uint8Array.of(0xed, 0xc1, 0x01, 0x0d, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xf7, 0x4f, 0x6d);

const LOCAL: readonly Row[] = [
  ["version-needed", "Version 1.0 is needed, not 2.0.", () => ({ local: { versionNeeded: 10 } })],
  ["version-zip64", "Version 4.5 is needed, that of zip64.", () => ({ local: { versionNeeded: 45 } })],
  ["flag-encrypted", "The flag says that the content is encrypted.", () => both({ flags: 0x0801 })],
  ["flag-strong-encryption", "The flag says strong encryption.", () => both({ flags: 0x0841 })],
  ["flag-masked", "The flag says that header values are masked.", () => both({ flags: 0x2800 })],
  [
    "flag-descriptor",
    "The flag says that a data descriptor follows, and none does.",
    () => both({ flags: 0x0808 }),
  ],
  ["flag-no-utf8", "The flag for UTF-8 names is missing.", () => both({ flags: 0 })],
  ["flag-patched", "The flag says that the content is a patch.", () => both({ flags: 0x0820 })],
  [
    "method-deflate",
    "The content is deflated, and fits its size.",
    () => ({ ...both({ method: 8, compressedSize: DEFLATED.length, size: 15 }), content: DEFLATED }),
  ],
  [
    "method-deflate-bomb",
    "Twelve bytes say that they inflate to 4 GiB.",
    () => ({ ...both({ method: 8, compressedSize: DEFLATED.length, size: 0xfffffffe }), content: DEFLATED }),
  ],
  ["method-deflate-lie", "Stored content says that it is deflated.", () => both({ method: 8 })],
  ["method-bzip2", "The content says that it is packed with bzip2.", () => both({ method: 12 })],
  ["method-aes", "The content says that it is encrypted with AES.", () => both({ method: 99 })],
  ["time", "The time is not 00:00:00.", () => both({ time: 0x6000 })],
  ["date", "The date is not 1980-01-01.", () => both({ date: 0x590d })],
  ["date-zero", "The date is zero.", () => both({ date: 0 })],
  ["extra-time", "An extra field holds a time.", () => ({ local: { extra: TIME_EXTRA } })],
  ["extra-name", "An extra field holds another name, which climbs out.", () => both({ extra: NAME_EXTRA })],
  [
    "extra-zip64",
    "A zip64 extra field holds the sizes.",
    () => both({ extra: ZIP64_EXTRA, size: 0xffffffff, compressedSize: 0xffffffff, versionNeeded: 45 }),
  ],
  [
    "extra-length",
    "The header says that an extra field follows, and none does.",
    () => ({ local: { extraLength: 4 } }),
  ],
  [
    "size-large",
    "Both sizes say one byte more.",
    ({ content }) => both({ size: content.length + 1, compressedSize: content.length + 1 }),
  ],
  [
    "size-small",
    "Both sizes say one byte less.",
    ({ content }) => both({ size: content.length - 1, compressedSize: content.length - 1 }),
  ],
  ["size-zero", "Both sizes say that there is nothing.", () => both({ size: 0, compressedSize: 0 })],
  ["size-compressed", "The compressed size is another than the size.", () => both({ compressedSize: 1 })],
  ["size-uncompressed", "The size is another than the compressed size.", () => both({ size: 0x7fffffff })],
  [
    "signature",
    "A file begins with the signature of a directory's header.",
    () => ({ local: { signature: 0x02014b50 } }),
  ],
];

const CENTRAL: readonly Row[] = [
  [
    "version-made-by",
    "The directory says that it was made on MS-DOS.",
    () => ({ central: { versionMadeBy: 0x0014 } }),
  ],
  [
    "version-made-later",
    "The directory says that a later version made it.",
    () => ({ central: { versionMadeBy: 0x031e } }),
  ],
  [
    "version-needed",
    "The directory says that version 1.0 is needed.",
    () => ({ central: { versionNeeded: 10 } }),
  ],
  [
    "flag-encrypted",
    "Only the directory says that the content is encrypted.",
    () => ({ central: { flags: 0x0801 } }),
  ],
  ["method", "Only the directory says that the content is deflated.", () => ({ central: { method: 8 } })],
  ["date", "The directory has another date.", () => ({ central: { date: 0x590d } })],
  ["crc", "The directory has another CRC-32.", () => ({ central: { crc32: 1 } })],
  ["size", "The directory has another size.", () => ({ central: { size: 1 } })],
  [
    "size-compressed",
    "The directory has another compressed size.",
    () => ({ central: { compressedSize: 1 } }),
  ],
  ["extra", "The directory has an extra field.", () => ({ central: { extra: TIME_EXTRA } })],
  ["comment", "The file has a comment.", () => ({ central: { comment: encoder.encode("hello") } })],
  ["disk", "The file begins on another disk.", () => ({ central: { disk: 1 } })],
  ["internal", "The directory says that the file is text.", () => ({ central: { internalAttributes: 1 } })],
  ["symlink", "The directory says that the file is a symbolic link.", () => mode(0o120777)],
  ["setuid", "The directory says that the file runs as its owner.", () => mode(0o104755)],
  ["folder", "The directory says that the file is a folder.", () => mode(0o040755)],
  ["device", "The directory says that the file is a device.", () => mode(0o060644)],
  ["executable", "The directory says executable; the manifest does not.", () => mode(0o100755)],
  ["writable", "The directory says that everybody may write.", () => mode(0o100666)],
  [
    "dos-folder",
    "The directory has the attribute of a folder of MS-DOS.",
    () => ({ central: { externalAttributes: ((0o100644 << 16) | 0x10) >>> 0 } }),
  ],
  ["no-mode", "The directory has no mode.", () => ({ central: { externalAttributes: 0 } })],
];

const CONTENTS: readonly (readonly [
  name: string,
  rule: string,
  why: string,
  index: number,
  refusal: (zip: CraftedZip) => Refusal,
  change: (entry: CraftEntry) => Partial<CraftEntry>,
])[] = [
  [
    "crc",
    "K3",
    "The CRC-32 is a lie, in both headers.",
    ENTRY.indexHtml,
    refusedAt("crc-mismatch", ({ entries }) => entries[5]),
    () => both({ crc32: 1 }),
  ],
  [
    "crc-manifest",
    "K3",
    "The manifest's CRC-32 is a lie.",
    ENTRY.manifest,
    refusedAt("crc-mismatch", () => 0),
    () => both({ crc32: 0 }),
  ],
  [
    "crc-document",
    "K3",
    "A document's CRC-32 is a lie.",
    ENTRY.document,
    refusedAt("crc-mismatch", ({ entries }) => entries[1]),
    () => both({ crc32: 0 }),
  ],
  [
    "file-changed",
    "C4",
    "A file has one other byte, and a CRC-32 that fits it.",
    ENTRY.indexHtml,
    refusedAt("file-mismatch", ({ entries }) => entries[5], "", "files"),
    () => ({ content: encoder.encode("<h1>Hallo</h1>\n") }),
  ],
  [
    "file-changed-size",
    "C4",
    "A file has another size than the manifest says.",
    ENTRY.indexHtml,
    refusedAt("header-mismatch", ({ entries }) => entries[5]),
    () => ({ content: encoder.encode("<h1>Hello</h1>\n\n") }),
  ],
  [
    "document-changed",
    "C7",
    "A document is another than the manifest names.",
    ENTRY.document,
    refusedAt("attestation-mismatch", ({ entries }) => entries[1], "", "attestations"),
    () => ({ content: encoder.encode("other\n") }),
  ],
  [
    "manifest-size-bomb",
    "C6",
    "The manifest says that it has 4 GiB.",
    ENTRY.manifest,
    refusedAt("limit", () => 0, "", "limits"),
    () => both({ size: 0xfffffffe, compressedSize: 0xfffffffe }),
  ],
  [
    "manifest-size-limit",
    "C6",
    "The manifest says that it has one byte more than 4 MiB.",
    ENTRY.manifest,
    refusedAt("limit", () => 0, "", "limits"),
    () => sized(4 * MEBIBYTE + 1),
  ],
  [
    "manifest-size-below",
    "C6",
    "The manifest says that it has 4 MiB, and has not: the limit is not the reason.",
    ENTRY.manifest,
    refusedAt("truncated", () => 0),
    () => sized(4 * MEBIBYTE),
  ],
  [
    "document-size-bomb",
    "C6",
    "A document says that it has 4 GiB.",
    ENTRY.document,
    refusedAt("limit", ({ entries }) => entries[1], "", "limits"),
    () => sized(0xfffffffe),
  ],
  [
    "document-size-limit",
    "C6",
    "A document says that it has one byte more than 8 MiB.",
    ENTRY.document,
    refusedAt("limit", ({ entries }) => entries[1], "", "limits"),
    () => sized(8 * MEBIBYTE + 1),
  ],
  [
    "envelope-size-bomb",
    "C6",
    "An envelope says that it has 4 GiB.",
    ENTRY.envelope,
    refusedAt("limit", ({ entries }) => entries[2], "", "limits"),
    () => sized(0xfffffffe),
  ],
];

export const HEADER_CASES: readonly CaseDraft[] = [
  ...LOCAL.map(([name, why, change]) =>
    draft(
      `header-${name}`,
      why,
      refusedAt("header-mismatch", ({ entries }) => entries[5]),
      change,
    ),
  ),
  ...CENTRAL.map(([name, why, change]) =>
    draft(
      `directory-${name}`,
      why,
      refusedAt("directory-mismatch", ({ centrals }) => centrals[5]),
      change,
    ),
  ),
  draft(
    "directory-not-executable",
    "The directory does not say executable; the manifest does.",
    refusedAt("directory-mismatch", ({ centrals }) => centrals[4]),
    () => ({ isExecutable: false }),
    ENTRY.runSh,
  ),
  ...CONTENTS.map(([name, rule, why, index, refusal, change]) => ({
    ...draft(`content-${name}`, why, refusal, change, index),
    rule,
  })),
  {
    name: "content-not-zip",
    rule: "K1",
    why: "The file is no archive.",
    refusal: refused("container", "header-mismatch", "capsule.json with its dictated header (at byte 0)"),
    craft: async () => ({
      ...craftZip(await craftCapsule()),
      bytes: encoder.encode("not an archive. ".repeat(20)),
    }),
  },
];

function draft(
  name: string,
  why: string,
  refusal: (zip: CraftedZip) => Refusal,
  change: (entry: CraftEntry) => Partial<CraftEntry>,
  index: number = ENTRY.indexHtml,
): CaseDraft {
  return {
    name,
    rule: "K2",
    why,
    refusal,
    craft: async () => {
      const zip = await craftCapsule();
      return craftZip(changeEntry(zip, index, change(entryAt(zip, index))));
    },
  };
}

/** The same lie in both headers, so that they do not contradict each other. */
function both(lies: NonNullable<CraftEntry["local"]>): Partial<CraftEntry> {
  return { local: lies, central: lies };
}

function sized(sizeBytes: number): Partial<CraftEntry> {
  return both({ size: sizeBytes, compressedSize: sizeBytes });
}

function mode(bits: number): Partial<CraftEntry> {
  return { central: { externalAttributes: (bits << 16) >>> 0 } };
}
