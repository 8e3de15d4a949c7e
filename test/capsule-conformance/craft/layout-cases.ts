// Containers whose entries, directory or end are not as dictated (CAPSULE.md K1, K3).
import { joinBytes } from "../../../core/capsule/bytes.ts";
import { changeEntry, craftCapsule, ENTRY, entryAt, spliceEntries } from "./capsule-crafter.ts";
import { type CaseDraft, refusedAt } from "./conformance-case.ts";
import { type CraftedZip, type CraftZip, craftZip, endRecord } from "./zip-writer.ts";

type Place = (zip: CraftedZip) => number | undefined;
type Row = readonly [
  name: string,
  why: string,
  code: string,
  place: Place,
  change: (zip: CraftZip) => CraftZip | Promise<CraftZip>,
];

const encoder = new TextEncoder();
const NEW_FILE = { name: "files/new.txt", content: encoder.encode("new\n") };
const HEADER = "header-mismatch";
const DIRECTORY = "directory-mismatch";
const TRAILING = "trailing-bytes";

const entry =
  (index: number): Place =>
  ({ entries }) =>
    entries[index];
const central =
  (index: number): Place =>
  ({ centrals }) =>
    centrals[index];
const directory: Place = (zip) => zip.directory;
const end: Place = (zip) => zip.end;
const behindEnd: Place = (zip) => zip.end + 22;

const ROWS: readonly Row[] = [
  [
    "unlisted-first",
    "A file that the manifest does not list comes first.",
    HEADER,
    entry(3),
    (zip) => spliceEntries(zip, ENTRY.appJs, 0, NEW_FILE),
  ],
  [
    "unlisted-middle",
    "A file that the manifest does not list lies between the others.",
    HEADER,
    entry(5),
    (zip) => spliceEntries(zip, ENTRY.indexHtml, 0, NEW_FILE),
  ],
  [
    "unlisted-last",
    "A file that the manifest does not list comes last.",
    DIRECTORY,
    entry(6),
    (zip) => spliceEntries(zip, 6, 0, NEW_FILE),
  ],
  [
    "unlisted-traversal",
    "An entry that the manifest does not list climbs out.",
    DIRECTORY,
    entry(6),
    (zip) => spliceEntries(zip, 6, 0, { ...NEW_FILE, name: "files/../../evil.txt" }),
  ],
  [
    "unlisted-absolute",
    "An entry that the manifest does not list is absolute.",
    DIRECTORY,
    entry(6),
    (zip) => spliceEntries(zip, 6, 0, { ...NEW_FILE, name: "/etc/cron.d/evil" }),
  ],
  [
    "unlisted-outside",
    "An entry stands in none of the four places of K1.",
    HEADER,
    entry(3),
    (zip) => spliceEntries(zip, ENTRY.appJs, 0, { ...NEW_FILE, name: "META-INF/MANIFEST.MF" }),
  ],
  [
    "unlisted-document",
    "A document that the manifest does not list.",
    HEADER,
    entry(2),
    (zip) => spliceEntries(zip, ENTRY.envelope, 0, { ...NEW_FILE, name: "attestations/new.log" }),
  ],
  [
    "unlisted-central",
    "The directory lists a file that is not there.",
    DIRECTORY,
    central(6),
    (zip) => spliceEntries(zip, 6, 0, { ...NEW_FILE, only: "central" }),
  ],
  [
    "unlisted-local",
    "A file lies in the archive that its directory does not list.",
    DIRECTORY,
    entry(6),
    (zip) => spliceEntries(zip, 6, 0, { ...NEW_FILE, only: "local" }),
  ],
  [
    "missing-first",
    "The first file is missing.",
    HEADER,
    entry(3),
    (zip) => spliceEntries(zip, ENTRY.appJs, 1),
  ],
  [
    "missing-last",
    "The last file is missing.",
    HEADER,
    directory,
    (zip) => spliceEntries(zip, ENTRY.indexHtml, 1),
  ],
  [
    "missing-document",
    "The document that the manifest names is missing.",
    HEADER,
    entry(1),
    (zip) => spliceEntries(zip, ENTRY.document, 1),
  ],
  [
    "missing-manifest",
    "There is no manifest.",
    HEADER,
    entry(0),
    (zip) => spliceEntries(zip, ENTRY.manifest, 1),
  ],
  [
    "missing-central",
    "The directory leaves out a file that is there.",
    DIRECTORY,
    central(3),
    (zip) => ({ ...zip, directory: [0, 1, 2, 4, 5] }),
  ],
  [
    "reordered-files",
    "Two files have changed places.",
    HEADER,
    entry(3),
    (zip) => reorder(zip, [0, 1, 2, 4, 3, 5]),
  ],
  [
    "reordered-documents",
    "The envelope comes before the document.",
    HEADER,
    entry(1),
    (zip) => reorder(zip, [0, 2, 1, 3, 4, 5]),
  ],
  [
    "reordered-envelope",
    "The envelope comes behind the files.",
    DIRECTORY,
    entry(5),
    (zip) => reorder(zip, [0, 1, 3, 4, 5, 2]),
  ],
  ["manifest-last", "The manifest comes last.", HEADER, entry(0), (zip) => reorder(zip, [1, 2, 3, 4, 5, 0])],
  [
    "reordered-directory",
    "The directory has another order than the entries.",
    DIRECTORY,
    central(3),
    (zip) => ({ ...zip, directory: [0, 1, 2, 5, 4, 3] }),
  ],
  [
    "duplicate-file",
    "A file is there twice, with the same content.",
    HEADER,
    entry(4),
    (zip) => spliceEntries(zip, ENTRY.runSh, 0, entryAt(zip, ENTRY.appJs)),
  ],
  [
    "duplicate-other",
    "A file is there twice, and the second has another content.",
    DIRECTORY,
    entry(6),
    (zip) => spliceEntries(zip, 6, 0, { ...NEW_FILE, name: "files/index.html" }),
  ],
  [
    "duplicate-manifest",
    "There are two manifests.",
    HEADER,
    entry(1),
    (zip) => spliceEntries(zip, 1, 0, { ...NEW_FILE, name: "capsule.json" }),
  ],
  [
    "duplicate-central",
    "The directory lists a file twice.",
    DIRECTORY,
    central(5),
    (zip) => ({ ...zip, directory: [0, 1, 2, 3, 4, 4, 5] }),
  ],
  [
    "overlap",
    "Two names in the directory point at the same bytes.",
    DIRECTORY,
    central(5),
    (zip) => changeEntry(zip, ENTRY.indexHtml, { central: { offset: 0 } }),
  ],
  [
    "overlap-shifted",
    "The directory says that a file begins inside another.",
    DIRECTORY,
    central(4),
    (zip) => changeEntry(zip, ENTRY.runSh, { central: { offset: 40 } }),
  ],
  [
    "offset-beyond",
    "The directory points behind the end.",
    DIRECTORY,
    central(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { central: { offset: 0x7fffffff } }),
  ],
  [
    "offset-zip64",
    "The offset says that zip64 knows it.",
    DIRECTORY,
    central(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { central: { offset: 0xffffffff } }),
  ],
  [
    "folder-entry",
    "A folder has an entry of its own.",
    HEADER,
    entry(4),
    (zip) => spliceEntries(zip, ENTRY.runSh, 0, { name: "files/bin/", content: new Uint8Array(0) }),
  ],
  [
    "folder-entry-last",
    "A folder's entry comes last.",
    DIRECTORY,
    entry(6),
    (zip) => spliceEntries(zip, 6, 0, { name: "files/bin/", content: new Uint8Array(0) }),
  ],
  [
    "name-case",
    "An entry's name has another case than the manifest's path.",
    HEADER,
    entry(5),
    (zip) => changeEntry(zip, ENTRY.indexHtml, { name: "files/Index.html" }),
  ],
  [
    "name-backslash",
    "An entry's name is divided by a backslash.",
    HEADER,
    entry(4),
    (zip) => changeEntry(zip, ENTRY.runSh, { name: "files/bin\\run.sh" }),
  ],
  [
    "name-traversal",
    "An entry's name climbs out; the manifest's path does not.",
    HEADER,
    entry(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { name: "files/../app.js" }),
  ],
  [
    "name-absolute",
    "An entry's name is absolute.",
    HEADER,
    entry(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { name: "/files/assets/app.js" }),
  ],
  [
    "name-central-only",
    "The directory gives another name than the local header.",
    DIRECTORY,
    central(5),
    (zip) => changeEntry(zip, ENTRY.indexHtml, { central: { name: encoder.encode("files/other.html") } }),
  ],
  [
    "name-central-traversal",
    "The directory's name climbs out; the local header's does not.",
    DIRECTORY,
    central(5),
    (zip) => changeEntry(zip, ENTRY.indexHtml, { central: { name: encoder.encode("files/../../x") } }),
  ],
  [
    "name-empty",
    "An entry has no name.",
    HEADER,
    entry(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { local: { name: new Uint8Array(0) } }),
  ],
  [
    "name-length-short",
    "A name is longer than its header says.",
    HEADER,
    entry(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { local: { nameLength: 5 } }),
  ],
  [
    "name-length-long",
    "A name is shorter than its header says.",
    HEADER,
    entry(3),
    (zip) => changeEntry(zip, ENTRY.appJs, { local: { nameLength: 500 } }),
  ],
  [
    "name-not-utf8",
    "A name is not valid UTF-8.",
    HEADER,
    entry(5),
    (zip) =>
      changeEntry(zip, ENTRY.indexHtml, {
        local: { name: joinBytes([encoder.encode("files/index.htm"), Uint8Array.of(0xff)]) },
      }),
  ],
  [
    "gap-first",
    "Bytes lie between two entries, though all offsets fit.",
    HEADER,
    (zip) => (zip.entries[3] === undefined ? undefined : zip.entries[3] - 4),
    (zip) => changeEntry(zip, ENTRY.appJs, { before: Uint8Array.of(1, 2, 3, 4) }),
  ],
  [
    "gap-directory",
    "Bytes lie between the files and the directory.",
    DIRECTORY,
    (zip) => zip.directory - 3,
    (zip) => ({ ...zip, beforeDirectory: Uint8Array.of(0, 0, 0) }),
  ],
  [
    "gap-end",
    "Bytes lie between the directory and its end record.",
    DIRECTORY,
    (zip) => zip.end - 1,
    (zip) => ({ ...zip, beforeEnd: Uint8Array.of(0) }),
  ],
  [
    "data-descriptor",
    "A data descriptor follows a file, and the flag says so.",
    HEADER,
    entry(3),
    (zip) =>
      changeEntry(zip, ENTRY.appJs, {
        local: { flags: 0x0808, crc32: 0, size: 0, compressedSize: 0 },
        central: { flags: 0x0808 },
        after: new Uint8Array(16),
      }),
  ],
  [
    "data-descriptor-hidden",
    "A data descriptor follows a file, and no flag says so.",
    HEADER,
    (zip) => (zip.entries[4] === undefined ? undefined : zip.entries[4] - 16),
    (zip) => changeEntry(zip, ENTRY.appJs, { after: encoder.encode("PK\u0007\u0008123456789012") }),
  ],
  [
    "leading-bytes",
    "A program stands before the archive; offsets count from the file's start.",
    HEADER,
    () => 0,
    (zip) => ({ ...zip, prefix: encoder.encode("#!/bin/sh\nexit 0\n") }),
  ],
  [
    "leading-bytes-shifted",
    "A program stands before the archive; offsets count from the archive's start.",
    HEADER,
    () => 0,
    (zip) => ({ ...zip, prefix: encoder.encode("MZ12"), ignoresPrefix: true }),
  ],
  [
    "leading-newline",
    "One byte stands before the archive.",
    HEADER,
    () => 0,
    (zip) => ({ ...zip, prefix: Uint8Array.of(10) }),
  ],
  [
    "trailing-newline",
    "One byte follows the archive.",
    TRAILING,
    behindEnd,
    (zip) => ({ ...zip, suffix: Uint8Array.of(10) }),
  ],
  [
    "trailing-zeros",
    "A block of zeros follows the archive.",
    TRAILING,
    behindEnd,
    (zip) => ({ ...zip, suffix: new Uint8Array(512) }),
  ],
  ["second-end", "A second end record follows, with the same values.", TRAILING, behindEnd, secondEnd(6)],
  [
    "second-end-empty",
    "A second end record follows, of an empty archive.",
    TRAILING,
    behindEnd,
    secondEnd(0),
  ],
  [
    "second-end-first",
    "Another end record stands before the right one.",
    DIRECTORY,
    (zip) => zip.end - 22,
    (zip) => ({ ...zip, beforeEnd: endRecord(0, 0, 0, {}) }),
  ],
  [
    "second-capsule",
    "A whole capsule follows the first.",
    TRAILING,
    behindEnd,
    async (zip) => ({ ...zip, suffix: craftZip(await craftCapsule()).bytes }),
  ],
  [
    "second-directory",
    "There are two directories, one behind the other, and the end record names both.",
    DIRECTORY,
    central(6),
    (zip) => ({ ...zip, directory: [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5] }),
  ],
  [
    "second-directory-other",
    "Before the right directory stands one with fewer entries.",
    DIRECTORY,
    (zip) => zip.centrals[2],
    (zip) => ({ ...zip, directory: [0, 1, 0, 1, 2, 3, 4, 5] }),
  ],
  [
    "end-comment",
    "The end record has a comment.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { comment: encoder.encode("hello") } }),
  ],
  [
    "end-comment-unsaid",
    "A comment follows, and the end record says that there is none.",
    TRAILING,
    behindEnd,
    (zip) => ({ ...zip, end: { comment: encoder.encode("hello"), commentLength: 0 } }),
  ],
  [
    "end-count",
    "The end record counts one entry too many.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { entryCount: 7, diskEntryCount: 7 } }),
  ],
  [
    "end-count-zip64",
    "The end record says that zip64 knows the count.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { entryCount: 0xffff, diskEntryCount: 0xffff } }),
  ],
  [
    "end-count-disk",
    "The end record counts fewer entries on this disk.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { diskEntryCount: 5 } }),
  ],
  [
    "end-disk",
    "The end record stands on the second of two disks.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { disk: 1 } }),
  ],
  [
    "end-directory-disk",
    "The directory begins on another disk.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { directoryDisk: 1 } }),
  ],
  [
    "end-size",
    "The end record lies about the directory's size.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { directoryBytes: 1 } }),
  ],
  [
    "end-offset",
    "The end record lies about where the directory begins.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { directoryOffset: 0 } }),
  ],
  [
    "end-offset-zip64",
    "The end record says that zip64 knows the offset.",
    DIRECTORY,
    end,
    (zip) => ({ ...zip, end: { directoryOffset: 0xffffffff } }),
  ],
  [
    "zip64-end",
    "A zip64 end record and its locator stand before the end record.",
    DIRECTORY,
    (zip) => zip.end - 76,
    (zip) => ({ ...zip, beforeEnd: zip64End() }),
  ],
  [
    "archive-extra-record",
    "An archive extra data record stands before the directory.",
    DIRECTORY,
    (zip) => zip.directory - 8,
    (zip) => ({ ...zip, beforeDirectory: joinBytes([encoder.encode("PK\u0006\u0008"), new Uint8Array(4)]) }),
  ],
  [
    "signature-record",
    "A digital signature record follows the directory.",
    DIRECTORY,
    (zip) => zip.end - 6,
    (zip) => ({ ...zip, beforeEnd: joinBytes([encoder.encode("PK\u0005\u0005"), new Uint8Array(2)]) }),
  ],
];

const CUTS: readonly (readonly [name: string, why: string, code: string, place: Place, cut: Place])[] = [
  ["cut-empty", "The file is empty.", "truncated", () => 0, () => 0],
  ["cut-manifest", "The file ends in the manifest.", "truncated", () => 0, () => 100],
  [
    "cut-file",
    "The file ends in the last file's content.",
    "truncated",
    entry(5),
    (zip) => zip.directory - 3,
  ],
  ["cut-before-directory", "The file ends before the directory.", "truncated", directory, directory],
  [
    "cut-directory",
    "The file ends in the directory.",
    "truncated",
    central(2),
    (zip) => (zip.centrals[2] ?? 0) + 20,
  ],
  ["cut-before-end", "The end record is missing.", "truncated", end, end],
  ["cut-last-byte", "The last byte is missing.", "truncated", end, (zip) => zip.bytes.length - 1],
];

export const LAYOUT_CASES: readonly CaseDraft[] = [
  ...ROWS.map(
    ([name, why, code, place, change]): CaseDraft => ({
      name: `container-${name}`,
      rule: "K3",
      why,
      refusal: refusedAt(code, place),
      craft: async () => craftZip(await change(await craftCapsule())),
    }),
  ),
  ...CUTS.map(
    ([name, why, code, place, cut]): CaseDraft => ({
      name: `container-${name}`,
      rule: "K3",
      why,
      refusal: refusedAt(code, place),
      craft: async () => {
        const whole = craftZip(await craftCapsule());
        return { ...whole, bytes: whole.bytes.slice(0, cut(whole)) };
      },
    }),
  ),
];

function reorder(zip: CraftZip, order: readonly number[]): CraftZip {
  return { ...zip, entries: order.map((index) => entryAt(zip, index)) };
}

/** The offsets of a record that follows the archive are those of the archive itself. */
function secondEnd(entryCount: number): (zip: CraftZip) => CraftZip {
  return (zip) => {
    const { directory: offset, end: at } = craftZip(zip);
    const isEmpty = entryCount === 0;
    return { ...zip, suffix: endRecord(entryCount, isEmpty ? 0 : at - offset, isEmpty ? 0 : offset, {}) };
  };
}

/** Zip64 end of central directory record and locator (APPNOTE 4.3.14, 4.3.15): 56 and 20 bytes. */
function zip64End(): Uint8Array {
  const record = new Uint8Array(56);
  record.set([0x50, 0x4b, 6, 6, 44], 0);
  const locator = new Uint8Array(20);
  locator.set([0x50, 0x4b, 6, 7], 0);
  locator[16] = 1;
  return joinBytes([record, locator]);
}
