// How much a capsule costs above what cannot be saved: one SHA-256, one CRC-32 and one copy of the same bytes.
// Beside it a peer: tar, gzip and a detached signature, made with tar-stream and tweetnacl.
import { hash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { crc32, gunzip, gzip } from "node:zlib";
import nacl from "tweetnacl";
import { nodeHashing } from "../adapters/hashing/node-hashing.ts";
import { checkAuthoredManifest, completeManifest } from "../core/capsule/authored-manifest.ts";
import { toBase64 } from "../core/capsule/bytes.ts";
import { describeFile } from "../core/capsule/capsule-files.ts";
import { writeContainer } from "../core/capsule/container-writer.ts";
import { sealManifest } from "../core/capsule/digest.ts";
import { verifyContainer } from "../core/capsule/verify-capsule.ts";
import { envelopeBytes, signEnvelope } from "../core/signing/dsse.ts";
import { generateKeyPair, type PrivateKey } from "../core/signing/ed25519.ts";
import { keyIdOf } from "../core/signing/key-format.ts";
import { createProvenance, createStatement } from "../core/signing/statement.ts";
import { PREDICATE_PROVENANCE } from "../schemas/statement.ts";
import type { TrustRecord } from "../schemas/trust.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";

type InputFile = { readonly path: string; readonly bytes: Uint8Array };

/** tar-stream carries no types; this is what is used of it. */
type TarModule = {
  pack(): AsyncIterable<Uint8Array> & {
    entry(header: { name: string; size: number }, content: Uint8Array): void;
    finalize(): void;
  };
};

const tar: TarModule = createRequire(import.meta.url)("tar-stream");
const GOAL_RATIO = 2;
const KIBIBYTE = 1_024;
const MEBIBYTE = 1_048_576;
const WORKLOADS: readonly {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly rounds: number;
}[] = [
  {
    name: "67 source files, 81 KB",
    sizes: Array.from({ length: 67 }, (_, index) => 200 + index * 30),
    rounds: 601,
  },
  { name: "2,000 files of 10 KB", sizes: Array(2_000).fill(10 * KIBIBYTE), rounds: 21 },
  {
    name: "50 MB and 200 files of 5 KB",
    sizes: [50 * MEBIBYTE, ...Array(200).fill(5 * KIBIBYTE)],
    rounds: 7,
  },
];

/** Packs and verifies each workload in memory, beside the floor and the peer. Takes about half a minute. */
export async function benchCapsule({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const key = await generateKeyPair((bytes) => crypto.getRandomValues(bytes));
  const figures: Figure[] = [];
  for (const { name, sizes, rounds } of WORKLOADS) {
    const files = sizes.map((size, index) => ({
      path: `src/part-${index % 7}/file-${index}.ts`,
      bytes: new Uint8Array(randomBytes(size)),
    }));
    figures.push(...(await benchWorkload(name, files, isQuick ? Math.ceil(rounds / 4) : rounds, key)));
  }
  return figures;
}

async function benchWorkload(
  name: string,
  files: readonly InputFile[],
  rounds: number,
  key: PrivateKey,
): Promise<readonly Figure[]> {
  const trust = await trustOnly(key);
  const container = await packCapsule(files, key);
  const peerPair = nacl.sign.keyPair.fromSeed(key.seed);
  const peer = await packPeer(files, peerPair.secretKey);
  const peerRounds = Math.min(rounds, 3);
  // Taken in turns, so that a slow moment of the machine hits all of them.
  const timings = await timeInTurns(rounds, [
    async () => measureFloor(files),
    () => packCapsule(files, key),
    () => verifyCapsuleOnce(container, trust),
  ]);
  const peerTimings = await timeInTurns(peerRounds, [
    () => packPeer(files, peerPair.secretKey),
    () => verifyPeer(peer, peerPair.publicKey),
  ]);
  const [floorMs = 0, packMs = 0, verifyMs = 0] = timings;
  const [peerPackMs = 0, peerVerifyMs = 0] = peerTimings;
  return [
    toFigure(`packing ${name}, of the floor`, packMs, floorMs, peerPackMs),
    toFigure(`verifying ${name}, of the floor`, verifyMs, floorMs, peerVerifyMs),
  ];
}

function toFigure(name: string, elapsedMs: number, floorMs: number, peerMs: number): Figure {
  const ratio = elapsedMs / floorMs;
  return {
    name,
    value: ratio,
    unit: "×",
    beside: [
      { name: "ours", value: elapsedMs, unit: "ms" },
      { name: "floor", value: floorMs, unit: "ms" },
      { name: "tar + gzip + tweetnacl", value: peerMs, unit: "ms" },
    ],
    goal: { text: `≤ ${GOAL_RATIO}×`, isMet: ratio <= GOAL_RATIO },
  };
}

/** The median of each action's times, in milliseconds, after a fifth of the rounds to warm up. */
async function timeInTurns(rounds: number, actions: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const timesMs: number[][] = actions.map(() => []);
  const warmUpCount = Math.ceil(rounds / 5);
  for (let round = -warmUpCount; round < rounds; round++) {
    for (const [index, action] of actions.entries()) {
      const startMs = performance.now();
      await action();
      if (round >= 0) timesMs[index]?.push(performance.now() - startMs);
    }
  }
  return timesMs.map(median);
}

function measureFloor(files: readonly InputFile[]): Uint8Array {
  const copy = new Uint8Array(files.reduce((sum, file) => sum + file.bytes.length, 0));
  let offset = 0;
  for (const { bytes } of files) {
    hash("sha256", bytes, "hex");
    crc32(bytes);
    copy.set(bytes, offset);
    offset += bytes.length;
  }
  return copy;
}

async function packCapsule(files: readonly InputFile[], key: PrivateKey): Promise<readonly Uint8Array[]> {
  const described = [];
  for (const { path, bytes } of files) described.push(await describeFile(path, "file", bytes, nodeHashing));
  const authored = checkAuthoredManifest({});
  if (!authored.ok) throw new Error("the empty manifest is one");
  const completed = completeManifest(authored.value, {
    files: described.map(({ file }) => file),
    folderName: "bench",
    createdAt: 0,
  });
  if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
  const manifest = completed.value;
  const { manifestBytes, capsuleDigest: digest } = await sealManifest(manifest, nodeHashing);
  const parts = {
    builderId: "urn:oursynth:builder:bench",
    invocationId: "1",
    startedAtMs: 0,
    finishedAtMs: 1,
  };
  const statement = createStatement(manifest.id, digest, PREDICATE_PROVENANCE, createProvenance(parts));
  const envelope = await signEnvelope(statement, [key], nodeHashing);
  const crcByPath = new Map(described.map(({ file, crc32: crc }) => [file.path, crc]));
  const bytesByPath = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeContainer({
    manifest,
    manifestBytes,
    attestations: new Map(),
    envelopes: [envelopeBytes(envelope)],
    hashing: nodeHashing,
    openFile: ({ path }) => bytesByPath.get(path) ?? new Uint8Array(0),
    crc32Of: ({ path }) => crcByPath.get(path),
    // The very arrays that were described a moment ago, in memory.
    contentCheck: "length",
  })) {
    chunks.push(chunk);
  }
  return chunks;
}

async function verifyCapsuleOnce(container: readonly Uint8Array[], trust: TrustRecord): Promise<void> {
  const chunks = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield* container;
  };
  const report = await verifyContainer(chunks(), { trust, hashing: nodeHashing });
  if (report.verdict !== "pass") throw new Error(JSON.stringify(report));
}

async function trustOnly(key: PrivateKey): Promise<TrustRecord> {
  const keyId = await keyIdOf(key.publicKey, nodeHashing);
  return {
    revision: 1,
    keys: [{ keyId, publicKey: toBase64(key.publicKey), name: "bench", roles: ["builder"] }],
    thresholds: {},
  };
}

type SignedBlob = { readonly blob: Uint8Array; readonly signature: Uint8Array };

async function packPeer(files: readonly InputFile[], secretKey: Uint8Array): Promise<SignedBlob> {
  const pack = tar.pack();
  for (const { path, bytes } of files) pack.entry({ name: path, size: bytes.length }, bytes);
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk);
  const blob = await promisify(gzip)(Buffer.concat(chunks));
  return { blob, signature: nacl.sign.detached(blob, secretKey) };
}

async function verifyPeer({ blob, signature }: SignedBlob, publicKey: Uint8Array): Promise<void> {
  if (!nacl.sign.detached.verify(blob, signature, publicKey))
    throw new Error("the peer's signature is not valid");
  await promisify(gunzip)(blob);
}
