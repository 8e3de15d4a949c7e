// Paths that must not be unpacked anywhere (CAPSULE.md C5): the capsule is right in all but them.
import { type CapsuleChange, type CraftFile, craftCapsule } from "./capsule-crafter.ts";
import { type CaseDraft, refused } from "./conformance-case.ts";
import { craftZip } from "./zip-writer.ts";

const SEGMENT_DOTS = "a segment is . or ..";
const SEGMENT_EMPTY = "a segment is empty";
const CHARACTER = "it holds one of";
const SEGMENT_END = "ends in a dot or a space";
const DEVICE = "device name";

const BAD_PATHS: readonly (readonly [name: string, path: string, says: string, why: string])[] = [
  ["traversal-parent", "../evil.txt", SEGMENT_DOTS, "climbs out of the folder"],
  ["traversal-far", "../../../../../../etc/passwd", SEGMENT_DOTS, "climbs far out of the folder"],
  ["traversal-middle", "a/../../evil.txt", SEGMENT_DOTS, "goes in and climbs out"],
  ["traversal-inside", "a/../b.txt", SEGMENT_DOTS, "stays inside, but names a second path for b.txt"],
  ["traversal-end", "a/..", SEGMENT_DOTS, "ends in its parent"],
  ["traversal-only", "..", SEGMENT_DOTS, "is the parent"],
  ["dot-start", "./a.txt", SEGMENT_DOTS, "a second spelling of a.txt"],
  ["dot-middle", "a/./b.txt", SEGMENT_DOTS, "a second spelling of a/b.txt"],
  ["traversal-backslash", "..\\evil.txt", CHARACTER, "climbs out on Windows"],
  ["traversal-backslash-mixed", "a/..\\..\\evil.txt", CHARACTER, "climbs out on Windows, mixed separators"],
  ["absolute", "/etc/passwd", SEGMENT_EMPTY, "is absolute"],
  ["absolute-double", "//server/share/x", SEGMENT_EMPTY, "is a network path"],
  ["empty-segment", "a//b.txt", SEGMENT_EMPTY, "a second spelling of a/b.txt"],
  ["trailing-slash", "folder/", SEGMENT_EMPTY, "names a folder"],
  ["drive", "C:/evil.txt", CHARACTER, "names a drive"],
  ["drive-relative", "C:evil.txt", CHARACTER, "is relative to a drive's own folder"],
  ["drive-backslash", "C:\\evil.txt", CHARACTER, "names a drive, with a backslash"],
  ["unc", "\\\\server\\share\\x", CHARACTER, "is a network path on Windows"],
  ["alternate-stream", "a.txt:hidden", CHARACTER, "names a second stream of a.txt on NTFS"],
  ["wildcard", "a*.txt", CHARACTER, "cannot be a name on Windows"],
  ["question-mark", "a?.txt", CHARACTER, "cannot be a name on Windows"],
  ["quote", 'a".txt', CHARACTER, "cannot be a name on Windows"],
  ["less-than", "a<b.txt", CHARACTER, "cannot be a name on Windows"],
  ["greater-than", "a>b.txt", CHARACTER, "cannot be a name on Windows"],
  ["pipe", "a|b.txt", CHARACTER, "cannot be a name on Windows"],
  ["nul-byte", "a.txt\0.png", CHARACTER, "ends at the NUL for a C program"],
  ["newline", "a\nb.txt", CHARACTER, "holds a control character"],
  ["escape", "a\u001b[2Jb.txt", CHARACTER, "would speak to a terminal"],
  ["delete-character", "a\u007f.txt", CHARACTER, "holds a control character"],
  ["c1-control", "a\u0085b.txt", CHARACTER, "holds a control character beyond ASCII"],
  ["trailing-dot", "a.txt.", SEGMENT_END, "is a.txt on Windows"],
  ["trailing-space", "a.txt ", SEGMENT_END, "is a.txt on Windows"],
  ["trailing-dot-folder", "folder./a.txt", SEGMENT_END, "is folder/a.txt on Windows"],
  ["three-dots", ".../a.txt", SEGMENT_END, "is a parent on some systems"],
  ["device-con", "CON", DEVICE, "is the console on Windows"],
  ["device-extension", "aux.txt", DEVICE, "is a device whatever its extension"],
  ["device-folder", "a/nul/b.txt", DEVICE, "has a device as a folder"],
  ["device-port", "com1.log", DEVICE, "is a serial port"],
  ["device-superscript", "lpt¹", DEVICE, "is a printer: Windows reads the superscript as a digit"],
  ["device-spaces", "prn .txt", DEVICE, "is a printer: spaces before the dot do not count"],
  ["device-conin", "CONIN$", DEVICE, "is the console's input"],
  ["not-nfc", "cafe\u0301.txt", "not in Unicode form NFC", "is another name for café.txt"],
  ["not-nfc-hangul", "\u1100\u1161.txt", "not in Unicode form NFC", "is another name for 가.txt"],
  ["too-long", `${"é".repeat(512)}x`, "is longer than 1024 bytes", "has 1,025 bytes; 1,024 are allowed"],
  ["too-deep", Array(33).fill("a").join("/"), "more than 32 segments", "has 33 segments; 32 are allowed"],
];

const COLLISIONS: readonly (readonly [name: string, a: string, b: string, why: string])[] = [
  ["collision-case", "README.md", "readme.md", "differ only in case"],
  ["collision-prefix-case", "Foo/a.txt", "foo/b.txt", "their folders differ only in case"],
  ["collision-prefix-deep", "x/Foo/a.txt", "x/foo/b/c.txt", "their folders differ in case further down"],
  ["collision-sharp-s", "straße.txt", "strasse.txt", "ß and ss are one when case is folded"],
  ["collision-ligature", "ﬁle.txt", "file.txt", "the ligature is fi by NFKC"],
  ["collision-full-width", "ａ.txt", "a.txt", "the wide letter is a by NFKC"],
  ["collision-kelvin", "\u212a.txt".normalize("NFKD"), "k.txt", "K and k"],
  ["collision-long-s", "ſ.txt", "s.txt", "the long s is s in upper case"],
  ["collision-sigma", "ς.txt", "σ.txt", "the final sigma is Σ in upper case"],
  ["collision-prefix-nfkc", "ﬀ/a.txt", "ff/b.txt", "their folders are one by NFKC"],
  ["collision-prefix-sharp-s", "ß/a.txt", "SS/b.txt", "their folders are one when case is folded"],
  ["collision-folder-and-file", "Docs", "docs/a.txt", "a file where the other has a folder, in another case"],
  ["through-file", "a", "a/b.txt", "leads through a file"],
  ["through-file-deep", "x/y", "x/y/z/w.txt", "leads through a file further down"],
];

export const PATH_CASES: readonly CaseDraft[] = [
  ...BAD_PATHS.map(([name, path, says, why]): CaseDraft => draft(`path-${name}`, [path], says, why)),
  ...COLLISIONS.map(
    ([name, a, b, why]): CaseDraft => draft(`path-${name}`, [a, b], "collides with", `Two paths ${why}.`),
  ),
  {
    name: "path-empty",
    rule: "C5",
    why: "A path is empty.",
    refusal: refused("manifest", "invalid-manifest", "files.0.path"),
    craft: () => craftPaths([""]),
  },
  {
    name: "path-duplicate",
    rule: "C4",
    why: "A path is listed twice.",
    refusal: refused("manifest", "invalid-manifest", "files are not sorted by path, or repeat"),
    craft: () => craftPaths(["a.txt", "a.txt"]),
  },
  {
    name: "path-unsorted",
    rule: "C4",
    why: "The files are sorted by UTF-16 units; UTF-8 bytes put U+FFE5 before U+1F600.",
    refusal: refused("manifest", "invalid-manifest", "files are not sorted by path, or repeat"),
    craft: () =>
      craftPaths(["\uffe5.txt", "😀.txt"], {
        manifest: (manifest) => ({ ...manifest, files: Array.from(Object(manifest.files)).reverse() }),
      }),
  },
];

function draft(name: string, paths: readonly string[], says: string, why: string): CaseDraft {
  return {
    name,
    rule: "C5",
    why: why.endsWith(".") ? why : `The path ${why}.`,
    refusal: refused("paths", "invalid-manifest", says),
    craft: () => craftPaths(paths),
  };
}

async function craftPaths(paths: readonly string[], change: CapsuleChange = {}) {
  const files = paths.map((path, index): CraftFile => [path, `file ${index}\n`]);
  return craftZip(await craftCapsule({ files, ...change }));
}
