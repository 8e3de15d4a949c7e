// Opens a finished `.caps`: read once to check it, then its files are taken from where they lie in it.
import { createReadStream } from "node:fs";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import { readContainer } from "../../core/capsule/container-reader.ts";
import { computeContentDigest, computeSettingsDigest, toDigest } from "../../core/capsule/digest.ts";
import { LOCAL_HEADER_BYTES } from "../../core/capsule/zip-headers.ts";
import { parseEnvelope } from "../../core/signing/dsse.ts";
import type { Envelope } from "../../schemas/statement.ts";
import { CliError, messageOf } from "../output/cli-error.ts";
import type { CapsuleBlob, OpenCapsule } from "./open-capsule.ts";

const CHUNK_BYTES = 262_144;
const ENVELOPE_NAME_BYTES = "envelopes/.json".length + 64;
const MANIFEST_NAME_BYTES = "capsule.json".length;

/** Throws a CliError when the file is no capsule (CAPSULE.md K3). Signatures are for whoever has keys to judge. */
export async function readCapsuleFile(path: string): Promise<OpenCapsule> {
  const envelopes: Envelope[] = [];
  const blobs = new Map<string, CapsuleBlob>();
  // Every byte of a container is dictated, so offsets follow from sizes (CAPSULE.md K1, K2).
  let offset = 0;
  const skipEntry = (nameBytes: number, sizeBytes: number): number => {
    const contentOffset = offset + LOCAL_HEADER_BYTES + nameBytes;
    offset = contentOffset + sizeBytes;
    return contentOffset;
  };
  const result = await readContainer(readFileChunks(path), {
    hashing: nodeHashing,
    onManifest(_manifest, bytes) {
      skipEntry(MANIFEST_NAME_BYTES, bytes.length);
    },
    onAttestation({ path: name, sha256 }, bytes) {
      skipEntry(name.length, bytes.length);
      blobs.set(sha256, { bytes });
    },
    onEnvelope(bytes) {
      skipEntry(ENVELOPE_NAME_BYTES, bytes.length);
      const parsed = parseEnvelope(bytes);
      if (!parsed.ok) throw notACapsule(path, `an envelope ${parsed.reason.message}`);
      envelopes.push(parsed.value.envelope);
    },
    onFile({ path: name, sha256, sizeBytes }) {
      const contentOffset = skipEntry(Buffer.byteLength(`files/${name}`), sizeBytes);
      blobs.set(sha256, { location: path, offset: contentOffset, sizeBytes });
    },
  });
  if (!result.ok) throw notACapsule(path, result.reason.message);
  const { manifest } = result.value;
  return {
    manifest,
    capsuleDigest: toDigest(await nodeHashing.sha256(canonicalBytes(manifest))),
    contentDigest: await computeContentDigest(manifest.files, nodeHashing),
    settingsDigest: await computeSettingsDigest(manifest, nodeHashing),
    envelopes,
    blobs,
  };
}

/** The bytes of a file on this disk; a CliError when it cannot be read. */
export async function* readFileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`, { code: "unreadable", cause: error });
  }
}

function notACapsule(path: string, reason: string): CliError {
  return new CliError(`${path} is not an intact capsule: ${reason}.`, {
    code: "capsule-invalid",
    hint: "`oursynth capsule verify` shows every step.",
  });
}
