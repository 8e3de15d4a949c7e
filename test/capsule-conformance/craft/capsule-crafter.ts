// Capsules that are right in all but what a case changes: hashes, order and signatures follow the manifest it has.
import { checkAuthoredManifest, completeManifest } from "../../../core/capsule/authored-manifest.ts";
import { toHex } from "../../../core/capsule/bytes.ts";
import { canonicalBytes } from "../../../core/capsule/canonical-json.ts";
import { fixtureKey } from "../../../core/capsule/capsule-fixture.ts";
import { toDigest } from "../../../core/capsule/digest.ts";
import { comparePaths } from "../../../core/capsule/path.ts";
import { webHashing } from "../../../core/capsule/web-hashing.ts";
import { envelopeBytes, signEnvelope } from "../../../core/signing/dsse.ts";
import { createProvenance, createStatement } from "../../../core/signing/statement.ts";
import type { Manifest } from "../../../schemas/manifest.ts";
import { PREDICATE_PROVENANCE, type Statement } from "../../../schemas/statement.ts";
import type { CraftEntry, CraftZip } from "./zip-writer.ts";

export type CraftFile = readonly [path: string, text: string, isExecutable?: "executable"];
/** A manifest that need not be one. */
export type LooseManifest = Record<string, unknown>;
export type CapsuleChange = {
  readonly files?: readonly CraftFile[];
  /** Documents by name below `attestations/`. */
  readonly documents?: Readonly<Record<string, string>>;
  readonly authored?: Readonly<Record<string, unknown>>;
  /** Changes the finished manifest, before it is hashed and signed. */
  readonly manifest?: (manifest: LooseManifest) => LooseManifest;
  /** The manifest's bytes, when they are not to be canonical. */
  readonly manifestBytes?: (canonical: Uint8Array) => Uint8Array;
  readonly envelopes?: (sign: Signer) => Promise<readonly Uint8Array[]>;
};

/** Makes envelopes about the capsule at hand. */
export type Signer = {
  readonly manifestId: string;
  readonly capsuleDigest: string;
  statement(predicateType?: string, predicate?: Readonly<Record<string, unknown>>): Statement;
  envelope(keyNumbers: readonly number[], statement?: Statement): Promise<Uint8Array>;
};

export const CREATED_AT = 1_723_510_000_000;
export const DEFAULT_FILES: readonly CraftFile[] = [
  ["assets/app.js", "console.log(1);\n"],
  ["bin/run.sh", "#!/bin/sh\n", "executable"],
  ["index.html", "<h1>Hello</h1>\n"],
];
/** Where the entries of the default capsule stand. */
export const ENTRY = { manifest: 0, document: 1, envelope: 2, appJs: 3, runSh: 4, indexHtml: 5 } as const;
/** The key that signs by default; it is trusted, and so is the second. */
export const SIGNER = 1;
const DEFAULT_DOCUMENTS = { "build.log": "built\n" };
const encoder = new TextEncoder();

/** The entries of a capsule in the order of CAPSULE.md K1. */
export async function craftCapsule(
  change: CapsuleChange = {},
): Promise<CraftZip & { readonly capsuleDigest: string }> {
  const files = [...(change.files ?? DEFAULT_FILES)].sort(([a], [b]) => comparePaths(a, b));
  const documents = Object.entries(change.documents ?? DEFAULT_DOCUMENTS);
  const base = await makeManifest(documents, change.authored ?? {});
  const lines = await Promise.all(files.map(describe));
  const manifest: LooseManifest = change.manifest?.({ ...base, files: lines }) ?? { ...base, files: lines };
  const canonical = canonicalBytes(manifest);
  const manifestBytes = change.manifestBytes?.(canonical) ?? canonical;
  const signer = makeSigner(String(manifest.id), toDigest(await webHashing.sha256(manifestBytes)));
  const envelopes = await (change.envelopes?.(signer) ?? signProvenance(signer));
  return {
    capsuleDigest: signer.capsuleDigest,
    entries: [
      { name: "capsule.json", content: manifestBytes },
      ...documents.map(([name, text]) => ({ name: `attestations/${name}`, content: encoder.encode(text) })),
      ...(await sortEnvelopes(envelopes)),
      ...files.map(([path, text, mode]) => ({
        name: `files/${path}`,
        content: encoder.encode(text),
        isExecutable: mode === "executable",
      })),
    ],
  };
}

/** The capsule with one entry changed. */
export function changeEntry(zip: CraftZip, index: number, change: Partial<CraftEntry>): CraftZip {
  return {
    ...zip,
    entries: zip.entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)),
  };
}

/** The capsule with entries put in before the index, and others taken out. */
export function spliceEntries(
  zip: CraftZip,
  index: number,
  removedCount: number,
  ...added: readonly CraftEntry[]
): CraftZip {
  return { ...zip, entries: zip.entries.toSpliced(index, removedCount, ...added) };
}

export function entryAt(zip: CraftZip, index: number): CraftEntry {
  const entry = zip.entries[index];
  if (entry === undefined) throw new RangeError(`there is no entry ${index}`);
  return entry;
}

/** An entry for an envelope's bytes, named by their hash. */
export async function envelopeEntry(bytes: Uint8Array): Promise<CraftEntry> {
  return { name: `envelopes/${toHex(await webHashing.sha256(bytes))}.json`, content: bytes };
}

async function makeManifest(
  documents: readonly (readonly [string, string])[],
  authored: Readonly<Record<string, unknown>>,
): Promise<Manifest> {
  const checked = checkAuthoredManifest({
    id: "urn:oursynth:app:conformance@1.0.0",
    name: "Conformance",
    createdAt: CREATED_AT,
    ...authored,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
  const attestations = await Promise.all(
    documents.map(async ([name, text]) => ({
      type: "log",
      path: `attestations/${name}`,
      sha256: toHex(await webHashing.sha256(encoder.encode(text))),
      meta: {},
    })),
  );
  const parts = { files: [], folderName: "conformance", createdAt: CREATED_AT, attestations };
  // References of the authored fields are checked by the reader, against the files that the case has.
  const completed = completeManifest({ ...checked.value, app: { ...checked.value.app, entry: null } }, parts);
  if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
  return completed.value;
}

async function describe([path, text, mode = undefined]: CraftFile): Promise<LooseManifest> {
  const content = encoder.encode(text);
  const sha256 = toHex(await webHashing.sha256(content));
  return { mode: mode ?? "file", path, sha256, sizeBytes: content.length };
}

function makeSigner(manifestId: string, capsuleDigest: string): Signer {
  const times = { startedAtMs: CREATED_AT, finishedAtMs: CREATED_AT + 1_000 };
  const provenance = createProvenance({
    builderId: "urn:oursynth:builder:test",
    invocationId: "1",
    ...times,
  });
  const signer: Signer = {
    manifestId,
    capsuleDigest,
    statement: (type = PREDICATE_PROVENANCE, predicate = provenance) =>
      createStatement(manifestId, capsuleDigest, type, predicate),
    envelope: async (keyNumbers, statement = signer.statement()) =>
      envelopeBytes(await signEnvelope(statement, await Promise.all(keyNumbers.map(fixtureKey)), webHashing)),
  };
  return signer;
}

async function signProvenance(signer: Signer): Promise<readonly Uint8Array[]> {
  return [await signer.envelope([SIGNER])];
}

async function sortEnvelopes(envelopes: readonly Uint8Array[]): Promise<CraftEntry[]> {
  const entries = await Promise.all(envelopes.map(envelopeEntry));
  return entries.sort((a, b) => comparePaths(a.name, b.name));
}
