// Manifests that are not one: strictness, canonical bytes, limits and every rule across fields (CAPSULE.md C1, C2, C6, C7).
import type { VerificationStepId } from "../../../schemas/verification.ts";
import { type CapsuleChange, craftCapsule, type LooseManifest } from "./capsule-crafter.ts";
import { type CaseDraft, refused } from "./conformance-case.ts";
import { craftZip } from "./zip-writer.ts";

type Row = readonly [name: string, rule: string, why: string, says: string, change: CapsuleChange];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const MEBIBYTE = 1_048_576;
const HASH = "0".repeat(64);

/** Replaces text in the canonical bytes; the replacement may be anything. */
const replaced = (from: string, to: string): CapsuleChange => ({
  manifestBytes: (canonical) => {
    const text = decoder.decode(canonical);
    if (!text.includes(from)) throw new Error(`the manifest has no ${from}`);
    return encoder.encode(text.replace(from, to));
  },
});
const field = (changes: LooseManifest): CapsuleChange => ({
  manifest: (manifest) => ({ ...manifest, ...changes }),
});
const inApp = (changes: LooseManifest): CapsuleChange => ({
  manifest: (manifest) => ({ ...manifest, app: { ...Object(manifest.app), ...changes } }),
});
const without = (name: string): CapsuleChange => ({
  manifest: (manifest) => Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== name)),
});
/** Files that are only claimed: reading stops at the manifest. */
const claimed = (sizes: readonly number[]): CapsuleChange =>
  field({
    files: sizes.map((sizeBytes, index) => ({
      mode: "file",
      path: `f${String(index).padStart(2, "0")}`,
      sha256: HASH,
      sizeBytes,
    })),
  });
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const document = (name: string): CapsuleChange =>
  field({ attestations: [{ type: "log", path: `attestations/${name}`, sha256: HASH, meta: {} }] });
const NAME_OF_STEP: Partial<Record<VerificationStepId, string>> = { limits: "limit", paths: "manifest-path" };
const NAME = '"name":"Conformance"';

const MANIFEST: readonly Row[] = [
  ["unknown-key", "C1", "A key that the manifest does not know.", "extra", field({ extra: 1 })],
  ["unknown-key-inside", "C1", "A key that `app` does not know.", "app:", inApp({ extra: 1 })],
  ["missing-key", "C7", "A field is missing.", "rights", without("rights")],
  [
    "duplicate-key",
    "C1",
    "A key stands twice, with the same value.",
    "duplicate-key",
    replaced(NAME, `${NAME},${NAME}`),
  ],
  [
    "duplicate-key-escaped",
    "C1",
    "A key stands twice, once with an escape.",
    "duplicate-key",
    replaced(NAME, `"n\\u0061me":"Other",${NAME}`),
  ],
  [
    "proto-key",
    "C1",
    "A variable is named __proto__.",
    "__proto__",
    replaced('"env":{}', '"env":{"__proto__":"x"}'),
  ],
  [
    "space",
    "C2",
    "There is a space that JCS would not write.",
    "not-canonical",
    replaced(NAME, NAME.replace(":", ": ")),
  ],
  [
    "newline-end",
    "C2",
    "A newline follows.",
    "not-canonical",
    { manifestBytes: (bytes) => Uint8Array.of(...bytes, 10) },
  ],
  [
    "key-order",
    "C2",
    "Two keys have changed places.",
    "not-canonical",
    replaced('"attribution":true,"license":"OSL-3.0"', '"license":"OSL-3.0","attribution":true'),
  ],
  [
    "escape",
    "C2",
    "A letter is escaped that JCS would write plainly.",
    "not-canonical",
    replaced("Conformance", "\\u0043onformance"),
  ],
  [
    "number-form",
    "C2",
    "An integer is written with an exponent.",
    "not-canonical",
    replaced("1723510000000", "1.72351e12"),
  ],
  [
    "minus-zero",
    "C2",
    "Minus zero, which JCS writes as 0.",
    "not-canonical",
    replaced("1723510000000", "-0"),
  ],
  [
    "bom",
    "C1",
    "A byte order mark stands in front.",
    "bom",
    { manifestBytes: (bytes) => Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes) },
  ],
  [
    "not-utf8",
    "C1",
    "A byte is not valid UTF-8.",
    "utf-8",
    { manifestBytes: (bytes) => bytes.with(bytes.length - 3, 0xff) },
  ],
  [
    "lone-surrogate",
    "C1",
    "A name holds half a surrogate pair.",
    "lone-surrogate",
    replaced("Conformance", "\\ud83d"),
  ],
  [
    "reversed-surrogates",
    "C1",
    "A name holds a surrogate pair the wrong way round.",
    "lone-surrogate",
    replaced("Conformance", "\\udca9\\ud83d"),
  ],
  [
    "surrogate-path",
    "C1",
    "A path holds half a surrogate pair.",
    "lone-surrogate",
    replaced("index.html", "index\\udca9.html"),
  ],
  ["not-json", "C1", "It is no JSON.", "syntax", { manifestBytes: () => encoder.encode("capsule: 1\n") }],
  [
    "cut",
    "C1",
    "It ends before its last bracket.",
    "syntax",
    { manifestBytes: (bytes) => bytes.slice(0, -1) },
  ],
  ["integer-beyond", "C1", "A time past 2^53 − 1.", "createdAt", field({ createdAt: 2 ** 53 })],
  ["fraction", "C1", "A time with a fraction.", "createdAt", field({ createdAt: 1.5 })],
  ["negative-size", "C4", "A file has a negative size.", "sizeBytes", claimed([-1])],
  ["size-fraction", "C4", "A file has half a byte.", "sizeBytes", claimed([0.5])],
  [
    "mode",
    "C4",
    "A file has a mode that there is not.",
    "files.0.mode",
    field({ files: [{ mode: "symlink", path: "a", sha256: HASH, sizeBytes: 1 }] }),
  ],
  [
    "sha256-upper",
    "C2",
    "A hash is written in capitals.",
    "sha256",
    field({ files: [{ mode: "file", path: "a", sha256: "A".repeat(64), sizeBytes: 1 }] }),
  ],
  [
    "sha256-prefixed",
    "C2",
    "A hash carries a prefix.",
    "sha256",
    field({ files: [{ mode: "file", path: "a", sha256: `sha256:${HASH}`, sizeBytes: 1 }] }),
  ],
  [
    "id-version",
    "C7",
    "The id's version is not the version.",
    "the id says 1.0.0, version 2.0.0",
    field({ version: "2.0.0" }),
  ],
  [
    "id-slug",
    "C7",
    "The id's slug begins with a dash.",
    "not well formed",
    field({ id: "urn:oursynth:app:-a@1.0.0" }),
  ],
  [
    "version",
    "C7",
    "The version is no SemVer.",
    "version",
    field({ version: "1.0", id: "urn:oursynth:app:conformance@1.0" }),
  ],
  [
    "license",
    "C7",
    "The licence is no SPDX expression.",
    "rights.license",
    field({ rights: { license: "do as you like", resaleAllowed: true, attribution: true, scope: null } }),
  ],
  [
    "seed-crdt",
    "C7",
    "A seed of a type that comes later.",
    "crdt seeds come with version 1.1",
    field({ seeds: [{ name: "s", type: "crdt", path: "index.html" }] }),
  ],
  [
    "seed-missing",
    "C7",
    "A seed's file is not among the files.",
    "not among the files",
    field({ seeds: [{ name: "s", type: "sql", path: "gone.sql" }] }),
  ],
  [
    "entry-missing",
    "C7",
    "The main module is not among the files.",
    "app.entry",
    inApp({ entry: "src/gone.ts" }),
  ],
  [
    "assets-missing",
    "C7",
    "The folder of assets is not among the files.",
    "app.assets.directory",
    inApp({ assets: { directory: "public", htmlHandling: "none", notFoundHandling: "none" } }),
  ],
  [
    "date",
    "C7",
    "The compatibility date is no date.",
    "compatibilityDate",
    inApp({ runtime: { compatibilityDate: "2026-02-30", compatibilityFlags: [] } }),
  ],
  ["framework", "C7", "A framework that there is not.", "app.framework", inApp({ framework: "php" })],
  ["parent", "C7", "A parent is no digest.", "parents.0", field({ parents: [HASH] })],
  [
    "attestation-name",
    "C7",
    "A document's name climbs out.",
    "attestations.0.path",
    field({ attestations: [{ type: "log", path: "attestations/../x", sha256: HASH, meta: {} }] }),
  ],
  [
    "attestation-case",
    "C7",
    "A document's name has a capital.",
    "attestations.0.path",
    field({ attestations: [{ type: "log", path: "attestations/Build.log", sha256: HASH, meta: {} }] }),
  ],
  [
    "attestations-unsorted",
    "C7",
    "The documents are not sorted.",
    "not sorted",
    field({
      attestations: ["b", "a"].map((name) => ({
        type: "log",
        path: `attestations/${name}`,
        sha256: HASH,
        meta: {},
      })),
    }),
  ],
  [
    "attestations-duplicate",
    "C7",
    "A document is listed twice.",
    "not sorted",
    field({
      attestations: ["a", "a"].map((name) => ({
        type: "log",
        path: `attestations/${name}`,
        sha256: HASH,
        meta: {},
      })),
    }),
  ],
];

const LIMITS: readonly Row[] = [
  ["depth", "C1", "`ui` is 33 levels deep; 32 are allowed.", "too-deep", field({ ui: nested(32) })],
  [
    "file-size",
    "C6",
    "A file says that it has one byte more than 90 MiB.",
    "files.0.sizeBytes",
    claimed([90 * MEBIBYTE + 1]),
  ],
  [
    "file-size-bomb",
    "C6",
    "A file says that it has 2^53 − 1 bytes.",
    "files.0.sizeBytes",
    claimed([2 ** 53 - 1]),
  ],
  [
    "total-size",
    "C6",
    "The files together say one byte more than 1 GiB.",
    "bytes in all",
    claimed([...Array(11).fill(90 * MEBIBYTE), 34 * MEBIBYTE + 1]),
  ],
  [
    "file-count",
    "C6",
    "There are 9,001 files; 9,000 are allowed.",
    "more than 9000 files",
    claimed(Array(9_001).fill(0)),
  ],
  [
    "attestation-count",
    "C6",
    "There are 65 documents; 64 are allowed.",
    "attestations: more than 64",
    field({
      attestations: Array.from({ length: 65 }, (_, index) => ({
        type: "log",
        path: `attestations/d${index + 10}`,
        sha256: HASH,
        meta: {},
      })),
    }),
  ],
];

const PATHS: readonly Row[] = [
  ["document-dots", "C5", "A document's name is the parent.", "a segment is . or ..", document("..")],
  ["document-device", "C5", "A document's name is a device.", "device name", document("nul.log")],
  ["document-dot-end", "C5", "A document's name ends in a dot.", "ends in a dot or a space", document("a.")],
  [
    "entry-traversal",
    "C5",
    "The main module's path climbs out.",
    "app.entry",
    inApp({ entry: "../src/index.ts" }),
  ],
  [
    "assets-absolute",
    "C5",
    "The folder of assets is absolute.",
    "app.assets.directory",
    inApp({ assets: { directory: "/etc", htmlHandling: "none", notFoundHandling: "none" } }),
  ],
  [
    "out-dir-traversal",
    "C5",
    "The build's folder climbs out.",
    "build.outDir",
    field({ build: { steps: ["make"], outDir: "a/../..", lockfile: null, environment: {} } }),
  ],
  [
    "seed-traversal",
    "C5",
    "A seed's path climbs out.",
    "seeds.0.path",
    field({ seeds: [{ name: "s", type: "sql", path: "../seed.sql" }] }),
  ],
];

const TYPES: readonly Row[] = [
  [
    "version-2",
    "C7",
    "A type of a later version.",
    '"urn:oursynth:capsule:v2" is not urn:oursynth:capsule:v1',
    field({ _type: "urn:oursynth:capsule:v2" }),
  ],
  ["missing", "C7", "There is no type.", "(none) is not", without("_type")],
  ["array", "C7", "The manifest is a list.", "(none) is not", { manifestBytes: () => encoder.encode("[]") }],
  ["null", "C7", "The manifest is null.", "(none) is not", { manifestBytes: () => encoder.encode("null") }],
];

export const MANIFEST_CASES: readonly CaseDraft[] = [
  ...MANIFEST.map((row) => draft("manifest", row)),
  ...LIMITS.map((row) => draft("limits", row)),
  ...PATHS.map((row) => draft("paths", row)),
  ...TYPES.map((row) => draft("type", row)),
];

function draft(step: VerificationStepId, [name, rule, why, says, change]: Row): CaseDraft {
  return {
    name: `${NAME_OF_STEP[step] ?? step}-${name}`,
    rule,
    why,
    refusal: refused(step, "invalid-manifest", says),
    craft: async () => craftZip(await craftCapsule(change)),
  };
}
