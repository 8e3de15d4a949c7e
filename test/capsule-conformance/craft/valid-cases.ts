// Capsules that pass: the other side of each rule's turning point.
import { type CapsuleChange, type CraftFile, craftCapsule, SIGNER } from "./capsule-crafter.ts";
import type { CaseDraft } from "./conformance-case.ts";
import { craftZip } from "./zip-writer.ts";

type Row = readonly [name: string, rule: string, why: string, change: CapsuleChange];

const SECOND = 2;
const STRANGER = 9;
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const filesAt = (...paths: readonly string[]): CapsuleChange => ({
  files: paths.map((path, index): CraftFile => [path, `file ${index}\n`]),
});

const ROWS: readonly Row[] = [
  ["typical", "K1", "Two folders, an executable, a document and provenance.", {}],
  ["no-files", "C4", "A capsule may be empty.", { files: [] }],
  ["no-documents", "K1", "No document is carried.", { documents: {} }],
  [
    "empty-file",
    "C4",
    "A file may be empty.",
    {
      files: [
        ["empty.txt", ""],
        ["index.html", "x"],
      ],
    },
  ],
  [
    "unicode",
    "C5",
    "Names in NFC in several scripts, sorted by UTF-8 bytes.",
    filesAt("café.txt", "日本.txt", "\uffe5.txt", "😀.txt", "ñ/ß.txt"),
  ],
  ["percent", "C5", "A percent sign means nothing: %2e%2e is a plain name.", filesAt("%2e%2e/%2fevil.txt")],
  [
    "dots",
    "C5",
    "Dots inside and in front are plain characters.",
    filesAt("..a", "a..b", ".hidden", "a/..b/c"),
  ],
  [
    "device-like",
    "C5",
    "Names that only look like devices.",
    filesAt("com.txt", "com10.txt", "console.log", "nullable", "auxiliary/x"),
  ],
  ["path-length", "C5", "A path of exactly 1,024 bytes.", filesAt(Array(5).fill("é".repeat(102)).join("/"))],
  ["path-depth", "C5", "A path of exactly 32 segments.", filesAt(Array(32).fill("a").join("/"))],
  ["no-collision", "C5", "Names that fold to different ones.", filesAt("a/b", "a.b", "ab", "A-B", "ø", "o")],
  [
    "depth",
    "C1",
    "`ui` brings the manifest to exactly 32 levels.",
    { manifest: (manifest) => ({ ...manifest, ui: nested(31) }) },
  ],
  [
    "open-numbers",
    "C1",
    "Fractions and large numbers where any JSON may stand.",
    { manifest: (manifest) => ({ ...manifest, ui: { a: 1.5, b: 1e21, c: -1e-7 } }) },
  ],
  [
    "proto-in-ui",
    "C1",
    "`__proto__` is a plain key where any JSON may stand.",
    { manifest: (manifest) => ({ ...manifest, ui: JSON.parse('{"__proto__":{"x":1}}') }) },
  ],
  [
    "parents",
    "C7",
    "Two parents, which are not at hand.",
    {
      manifest: (manifest) => ({
        ...manifest,
        parents: ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`),
      }),
    },
  ],
  [
    "two-signatures",
    "S1",
    "Two keys signed one statement.",
    { envelopes: async (sign) => [await sign.envelope([SIGNER, SECOND])] },
  ],
  [
    "two-envelopes",
    "K1",
    "Two keys signed, each for itself.",
    { envelopes: async (sign) => [await sign.envelope([SIGNER]), await sign.envelope([SECOND])] },
  ],
  [
    "stranger-beside",
    "S3",
    "An unknown key's signature beside a trusted one changes nothing.",
    { envelopes: async (sign) => [await sign.envelope([SIGNER, STRANGER])] },
  ],
  [
    "unknown-predicate",
    "S6",
    "A statement of an unknown type is kept and does not count.",
    {
      envelopes: async (sign) => [
        await sign.envelope([SIGNER]),
        await sign.envelope([SECOND], sign.statement("https://example.com/review/v1", { stars: 5 })),
      ],
    },
  ],
  [
    "envelope-count",
    "C6",
    "Exactly 64 envelopes.",
    {
      envelopes: (sign) =>
        Promise.all(
          Array.from({ length: 64 }, (_, index) =>
            sign.envelope(
              [SIGNER],
              index === 0 ? sign.statement() : sign.statement("https://example.com/n/v1", { index }),
            ),
          ),
        ),
    },
  ],
  [
    "document-count",
    "C6",
    "Exactly 64 documents.",
    {
      documents: Object.fromEntries(
        Array.from({ length: 64 }, (_, index) => [`d${index + 10}`, `document ${index}\n`]),
      ),
    },
  ],
];

export const VALID_CASES: readonly CaseDraft[] = ROWS.map(
  ([name, rule, why, change]): CaseDraft => ({
    name: `valid-${name}`,
    rule,
    why,
    refusal: null,
    craft: async () => craftZip(await craftCapsule(change)),
  }),
);
