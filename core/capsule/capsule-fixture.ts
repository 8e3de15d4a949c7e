// A small signed capsule for tests: two files, one carried document, one provenance statement.
import type { Manifest } from "../../schemas/manifest.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { envelopeBytes, signEnvelope } from "../signing/dsse.ts";
import { keyPairFromSeed, type PrivateKey } from "../signing/ed25519.ts";
import { keyIdOf } from "../signing/key-format.ts";
import { createProvenance, createStatement } from "../signing/statement.ts";
import { checkAuthoredManifest, completeManifest } from "./authored-manifest.ts";
import { joinBytes, toBase64, toHex } from "./bytes.ts";
import { describeFile } from "./capsule-files.ts";
import { writeContainer } from "./container-writer.ts";
import { computeCapsuleDigest } from "./digest.ts";
import { webHashing } from "./web-hashing.ts";

export type FixtureFile = { readonly path: string; readonly text: string; readonly isExecutable?: boolean };

export type CapsuleFixture = {
  readonly manifest: Manifest;
  readonly capsuleDigest: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly attestations: ReadonlyMap<string, Uint8Array>;
  readonly envelopes: readonly Uint8Array[];
  readonly key: PrivateKey;
  readonly trust: TrustRecord;
  readonly container: Uint8Array;
};

const encoder = new TextEncoder();
const DEFAULT_FILES: readonly FixtureFile[] = [
  { path: "index.html", text: "<h1>Hello</h1>" },
  { path: "bin/run.sh", text: "#!/bin/sh\n", isExecutable: true },
];

/** Makes the capsule; `authored` is laid over the empty authored manifest. */
export async function makeCapsule(
  files: readonly FixtureFile[] = DEFAULT_FILES,
  authored: Readonly<Record<string, unknown>> = {},
): Promise<CapsuleFixture> {
  const contents = new Map(files.map(({ path, text }) => [path, encoder.encode(text)]));
  const described = await Promise.all(
    files.map(({ path, text, isExecutable }) =>
      describeFile(path, isExecutable ? "executable" : "file", encoder.encode(text), webHashing),
    ),
  );
  const log = encoder.encode("built\n");
  const logLine = {
    type: "log",
    path: "attestations/build.log",
    sha256: toHex(await webHashing.sha256(log)),
    meta: {},
  };
  const checked = checkAuthoredManifest(authored);
  if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
  const completed = completeManifest(checked.value, {
    files: described.map(({ file }) => file),
    folderName: "fixture",
    createdAt: 1_723_510_000_000,
    attestations: [logLine],
  });
  if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
  return signAndPack(completed.value, contents, new Map([[logLine.path, log]]));
}

/** A fixed key pair, by number. */
export function fixtureKey(number: number): Promise<PrivateKey> {
  return keyPairFromSeed(new Uint8Array(32).fill(number));
}

/** A trust record in which each key may build. */
export async function trustIn(keys: readonly PrivateKey[], threshold = 1): Promise<TrustRecord> {
  const trusted = keys.map(async (key) => ({
    keyId: await keyIdOf(key.publicKey, webHashing),
    publicKey: toBase64(key.publicKey),
    name: "test key",
    roles: ["builder" as const],
  }));
  return { revision: 1, keys: await Promise.all(trusted), thresholds: { builder: threshold } };
}

/** A provenance envelope about the capsule, signed by each key. */
export async function provenanceEnvelope(
  manifest: Manifest,
  keys: readonly PrivateKey[],
): Promise<Uint8Array> {
  const digest = await computeCapsuleDigest(manifest, webHashing);
  const times = { startedAtMs: 1_723_510_000_000, finishedAtMs: 1_723_510_001_000 };
  const predicate = createProvenance({ builderId: "urn:oursynth:builder:test", invocationId: "1", ...times });
  const statement = createStatement(manifest.id, digest, PREDICATE_PROVENANCE, predicate);
  return envelopeBytes(await signEnvelope(statement, keys, webHashing));
}

/** The bytes as a stream of chunks of at most `chunkBytes`. */
export async function* inChunks(
  bytes: Uint8Array,
  chunkBytes = 65_536,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; start += chunkBytes)
    yield bytes.subarray(start, start + chunkBytes);
}

/** All bytes of a stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return joinBytes(parts);
}

async function signAndPack(
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
  attestations: ReadonlyMap<string, Uint8Array>,
): Promise<CapsuleFixture> {
  const key = await fixtureKey(1);
  const envelopes = [await provenanceEnvelope(manifest, [key])];
  const openFile = ({ path }: { readonly path: string }) => files.get(path) ?? new Uint8Array(0);
  const container = await collect(
    writeContainer({ manifest, attestations, envelopes, hashing: webHashing, openFile }),
  );
  const capsuleDigest = await computeCapsuleDigest(manifest, webHashing);
  return {
    manifest,
    capsuleDigest,
    files,
    attestations,
    envelopes,
    key,
    trust: await trustIn([key]),
    container,
  };
}
