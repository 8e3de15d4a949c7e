// Reads a `.caps` as it streams by and compares every byte that is not content (CAPSULE.md K3), in constant memory.
import type { Manifest, ManifestAttestation, ManifestFile } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { Hashing } from "../hashing.ts";
import { equalBytes, toHex } from "./bytes.ts";
import { parseCanonicalJson } from "./canonical-json.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import { type ManifestIssue, parseManifest } from "./manifest.ts";
import {
  endRecord,
  LOCAL_CRC_OFFSET,
  LOCAL_HEADER_BYTES,
  LOCAL_HEADER_SIGNATURE,
  LOCAL_SIZE_OFFSET,
  ZipDirectory,
  ZipHeaderWriter,
} from "./zip-headers.ts";

export type ContainerReason = {
  readonly code:
    | "truncated"
    | "header-mismatch"
    | "crc-mismatch"
    | "limit"
    | "invalid-manifest"
    | "attestation-mismatch"
    | "envelope-mismatch"
    | "file-mismatch"
    | "directory-mismatch"
    | "trailing-bytes";
  readonly message: string;
  /** Where in the container the entry or record begins that is wrong. */
  readonly offset: number;
  readonly expected?: string;
  readonly actual?: string;
  /** With `invalid-manifest`. */
  readonly issues?: readonly ManifestIssue[];
};

/** Each may return a promise: reading waits for it. What they are given comes in the container's order. */
export type ContainerHandlers = {
  onManifest?(manifest: Manifest, bytes: Uint8Array): void | Promise<void>;
  onAttestation?(attestation: ManifestAttestation, bytes: Uint8Array): void | Promise<void>;
  onEnvelope?(bytes: Uint8Array, sha256: string): void | Promise<void>;
  /**
   * A file's content. A large file comes before its hash is known: the stream then throws at its end when the content
   * is wrong, so what was made of it must be thrown away. What is not consumed is read and checked all the same.
   */
  onFile?(file: ManifestFile, content: AsyncIterable<Uint8Array>): void | Promise<void>;
};

export type ReadContainerOptions = ContainerHandlers & { readonly hashing: Hashing };

/** What a container that was read to its end held; the bytes are the canonical form of the manifest. */
export type ReadCapsule = { readonly manifest: Manifest; readonly manifestBytes: Uint8Array };

/**
 * Reads a whole container. It fails at the first byte that differs from what the manifest and the content before it
 * dictate: order, gaps, repeated or unlisted entries, lying sizes or CRCs, trailing bytes (CAPSULE.md K3). Sizes in
 * headers are compared, never trusted (C6). Errors thrown by the chunks or by a handler pass through.
 */
export async function readContainer(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadContainerOptions,
): Promise<Result<ReadCapsule, ContainerReason>> {
  const reader = new ContainerReader(chunks, options);
  try {
    return ok(await reader.read());
  } catch (error) {
    if (error instanceof ContainerReadError) return fail(error.reason);
    throw error;
  } finally {
    await reader.close();
  }
}

/** Carries a reason through streams and handlers; `readContainer` turns it back into a Result. */
export class ContainerReadError extends Error {
  readonly reason: ContainerReason;
  constructor(reason: ContainerReason) {
    super(reason.message);
    this.name = "ContainerReadError";
    this.reason = reason;
  }
}

const MANIFEST_NAME = "capsule.json";
const ENVELOPE_FOLDER = "envelopes/";
const ENVELOPE_NAME = /^envelopes\/([0-9a-f]{64})\.json$/;
const ENVELOPE_NAME_BYTES = ENVELOPE_FOLDER.length + 64 + ".json".length;
/** Up to this size a file is checked as a whole before it is handed on. */
const WHOLE_FILE_BYTES = 262_144;
const DIRECTORY_MESSAGE = "the central directory is not as dictated";
const decoder = new TextDecoder();

class ContainerReader {
  readonly #cursor: ChunkCursor;
  readonly #options: ReadContainerOptions;
  readonly #headers = new ZipHeaderWriter();
  readonly #directory = new ZipDirectory();

  constructor(chunks: AsyncIterable<Uint8Array>, options: ReadContainerOptions) {
    this.#cursor = new ChunkCursor(chunks);
    this.#options = options;
  }

  async read(): Promise<ReadCapsule> {
    const { manifest, manifestBytes } = await this.#readManifest();
    await this.#options.onManifest?.(manifest, manifestBytes);
    for (const attestation of manifest.attestations) await this.#readAttestation(attestation);
    await this.#readEnvelopes();
    for (const file of manifest.files) {
      // Only what must wait is awaited: thousands of small files lie in few chunks.
      const pending = this.#readFile(file);
      if (pending !== null) await pending;
    }
    await this.#readDirectory();
    return { manifest, manifestBytes };
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }

  async #readManifest(): Promise<ReadCapsule> {
    const offset = this.#cursor.offset;
    const manifestBytes = await this.#readDocument(MANIFEST_NAME, CAPSULE_LIMITS.manifestBytes);
    const parsed = parseManifest(manifestBytes);
    if (parsed.ok) return { manifest: parsed.value, manifestBytes };
    const issues = parsed.reason.issues;
    const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ");
    throw new ContainerReadError({ code: "invalid-manifest", message, offset, issues });
  }

  async #readAttestation(attestation: ManifestAttestation): Promise<void> {
    const offset = this.#cursor.offset;
    const bytes = await this.#readDocument(attestation.path, CAPSULE_LIMITS.documentBytes);
    const actual = toHex(await this.#options.hashing.sha256(bytes));
    if (actual !== attestation.sha256) {
      const message = `${attestation.path} is not the document that the manifest names`;
      throw new ContainerReadError({
        code: "attestation-mismatch",
        message,
        offset,
        expected: attestation.sha256,
        actual,
      });
    }
    await this.#options.onAttestation?.(attestation, bytes);
  }

  /** The number of envelopes stands nowhere: they end with the first entry that is not in their folder. */
  async #readEnvelopes(): Promise<void> {
    let previousName = "";
    for (let count = 0; ; count++) {
      const name = await this.#peekEnvelopeName();
      if (name === null) return;
      const { offset } = this.#cursor;
      if (count >= CAPSULE_LIMITS.envelopeCount)
        this.#stop("limit", `more than ${CAPSULE_LIMITS.envelopeCount} envelopes`, offset);
      const expected = ENVELOPE_NAME.exec(name)?.[1];
      if (expected === undefined || name <= previousName) {
        const message = "an envelope's name is not its hash, or they are not sorted";
        return this.#stop("envelope-mismatch", message, offset);
      }
      previousName = name;
      const bytes = await this.#readDocument(name, CAPSULE_LIMITS.documentBytes);
      const actual = toHex(await this.#options.hashing.sha256(bytes));
      if (actual !== expected) {
        const message = "an envelope's name is not the hash of its bytes";
        throw new ContainerReadError({ code: "envelope-mismatch", message, offset, expected, actual });
      }
      if (!parseCanonicalJson(bytes, { maxBytes: CAPSULE_LIMITS.documentBytes }).ok) {
        this.#stop("envelope-mismatch", `${name} is not canonical JSON (RFC 8785)`, offset);
      }
      await this.#options.onEnvelope?.(bytes, actual);
    }
  }

  async #peekEnvelopeName(): Promise<string | null> {
    const { offset } = this.#cursor;
    const start =
      (await this.#cursor.peek(LOCAL_HEADER_BYTES + ENVELOPE_FOLDER.length)) ?? this.#stopTruncated(offset);
    if (readUint32(start, 0) !== LOCAL_HEADER_SIGNATURE) return null;
    if (decoder.decode(start.subarray(LOCAL_HEADER_BYTES)) !== ENVELOPE_FOLDER) return null;
    const header =
      (await this.#cursor.peek(LOCAL_HEADER_BYTES + ENVELOPE_NAME_BYTES)) ?? this.#stopTruncated(offset);
    return decoder.decode(header.subarray(LOCAL_HEADER_BYTES));
  }

  /** A whole entry of which only the name is known beforehand; its size is bounded, then compared. */
  async #readDocument(name: string, maxBytes: number): Promise<Uint8Array> {
    const offset = this.#cursor.offset;
    // Documents' names are ASCII: as many bytes as characters.
    const header = (await this.#cursor.take(LOCAL_HEADER_BYTES + name.length)) ?? this.#stopTruncated(offset);
    const sizeBytes = readUint32(header, LOCAL_SIZE_OFFSET);
    const crc32 = this.#checkHeader(header, this.#headers.local(name, sizeBytes, 0), name, offset);
    if (sizeBytes > maxBytes) this.#stop("limit", `${name} is larger than ${maxBytes} bytes`, offset);
    const content = (await this.#cursor.take(sizeBytes)) ?? this.#stopTruncated(offset);
    this.#checkCrc(name, crc32, this.#options.hashing.crc32(content, 0), offset);
    return content;
  }

  /** Returns null when the file was read and checked at once. */
  #readFile(file: ManifestFile): Promise<void> | null {
    const name = `files/${file.path}`;
    const offset = this.#cursor.offset;
    const isExecutable = file.mode === "executable";
    const dictated = this.#headers.local(name, file.sizeBytes, 0);
    const header = this.#cursor.takeAtOnce(dictated.length);
    if (header === null) return this.#readFileSlowly(file, name, dictated);
    const crc32 = this.#checkHeader(header, dictated, name, offset, isExecutable);
    const { hashing, onFile } = this.#options;
    if (hashing.sha256HexSync === undefined) return this.#readContent(file, name, crc32, offset);
    const content = file.sizeBytes <= WHOLE_FILE_BYTES ? this.#cursor.takeAtOnce(file.sizeBytes) : null;
    if (content === null) return this.#readContent(file, name, crc32, offset);
    this.#checkHash(file, hashing.sha256HexSync(content), offset);
    this.#checkCrc(name, crc32, hashing.crc32(content, 0), offset);
    return onFile === undefined ? null : Promise.resolve(onFile(file, inOneChunk(content)));
  }

  async #readFileSlowly(file: ManifestFile, name: string, dictated: Uint8Array): Promise<void> {
    const offset = this.#cursor.offset;
    const header = (await this.#cursor.take(dictated.length)) ?? this.#stopTruncated(offset);
    const crc32 = this.#checkHeader(header, dictated, name, offset, file.mode === "executable");
    await this.#readContent(file, name, crc32, offset);
  }

  async #readContent(file: ManifestFile, name: string, crc32: number, offset: number): Promise<void> {
    const { hashing, onFile } = this.#options;
    if (file.sizeBytes > WHOLE_FILE_BYTES) return this.#streamContent(file, name, crc32, offset);
    const content = (await this.#cursor.take(file.sizeBytes)) ?? this.#stopTruncated(offset);
    this.#checkHash(file, toHex(await hashing.sha256(content)), offset);
    this.#checkCrc(name, crc32, hashing.crc32(content, 0), offset);
    await onFile?.(file, inOneChunk(content));
  }

  async #streamContent(file: ManifestFile, name: string, crc32: number, offset: number): Promise<void> {
    let failure: ContainerReadError | null = null;
    const checked = this.#checkedChunks(file, name, crc32, offset);
    const content = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        // By hand: a `for await` would close the checked chunks when the handler stops early.
        for (let next = await checked.next(); next.done !== true; next = await checked.next())
          yield next.value;
      } catch (error) {
        if (error instanceof ContainerReadError) failure = error;
        throw error;
      }
    };
    try {
      await this.#options.onFile?.(file, content());
    } catch (error) {
      // A handler may have wrapped or replaced what its stream threw.
      throw failure ?? error;
    }
    if (failure !== null) throw failure;
    for (let next = await checked.next(); next.done !== true; next = await checked.next());
  }

  async *#checkedChunks(
    file: ManifestFile,
    name: string,
    expectedCrc32: number,
    offset: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { hashing } = this.#options;
    const hash = hashing.createSha256();
    let crc32 = 0;
    for (let missing = file.sizeBytes; missing > 0; ) {
      const chunk = (await this.#cursor.takeSome(missing)) ?? this.#stopTruncated(offset);
      missing -= chunk.length;
      crc32 = hashing.crc32(chunk, crc32);
      await hash.update(chunk);
      yield chunk;
    }
    this.#checkHash(file, toHex(await hash.finish()), offset);
    this.#checkCrc(name, expectedCrc32, crc32, offset);
  }

  async #readDirectory(): Promise<void> {
    const directoryOffset = this.#cursor.offset;
    const { bytes, count } = this.#directory;
    for (let at = 0; at < bytes.length; ) {
      const actual =
        (await this.#cursor.takeSome(bytes.length - at)) ??
        this.#stopTruncated(directoryOffset + this.#directory.headerStart(at));
      const differsAt = firstDifference(actual, bytes, at);
      if (differsAt !== null) {
        const headerStart = this.#directory.headerStart(at + differsAt);
        this.#stop("directory-mismatch", DIRECTORY_MESSAGE, directoryOffset + headerStart);
      }
      at += actual.length;
    }
    await this.#expect(endRecord(count, bytes.length, directoryOffset));
    const { offset } = this.#cursor;
    if ((await this.#cursor.takeSome(1)) !== null)
      this.#stop("trailing-bytes", "bytes follow the end record", offset);
  }

  async #expect(bytes: Uint8Array): Promise<void> {
    const offset = this.#cursor.offset;
    const actual = (await this.#cursor.take(bytes.length)) ?? this.#stopTruncated(offset);
    if (!equalBytes(actual, bytes)) this.#stop("directory-mismatch", DIRECTORY_MESSAGE, offset);
  }

  /**
   * Gives the CRC-32 that the header claims: the one field that only the content can prove.
   * @param dictated the header with this field zero
   */
  #checkHeader(
    header: Uint8Array,
    dictated: Uint8Array,
    name: string,
    offset: number,
    isExecutable = false,
  ): number {
    // Only these four bytes may differ.
    for (let index = 0; index < 4; index++)
      dictated[LOCAL_CRC_OFFSET + index] = header[LOCAL_CRC_OFFSET + index] ?? 0;
    if (!equalBytes(header, dictated)) {
      this.#stop("header-mismatch", `the entry is not ${name} with its dictated header`, offset);
    }
    this.#directory.add(dictated, isExecutable, offset);
    return readUint32(header, LOCAL_CRC_OFFSET);
  }

  #checkHash(file: ManifestFile, actual: string, offset: number): void {
    if (actual === file.sha256) return;
    const message = `${file.path} is not the file that the manifest describes`;
    throw new ContainerReadError({ code: "file-mismatch", message, offset, expected: file.sha256, actual });
  }

  #checkCrc(name: string, expected: number, actual: number, offset: number): void {
    if (expected !== actual) this.#stop("crc-mismatch", `the CRC-32 of ${name} is a lie`, offset);
  }

  #stopTruncated(offset: number): never {
    return this.#stop("truncated", "the container ends early", offset);
  }

  #stop(code: ContainerReason["code"], message: string, offset: number): never {
    throw new ContainerReadError({ code, message, offset });
  }
}

async function* inOneChunk(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (content.length > 0) yield content;
}

function readUint32(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = 3; index >= 0; index--) value = (value << 8) | (bytes[at + index] ?? 0);
  return value >>> 0;
}

/** Where `part` first differs from what stands in `whole` from `at` on; null when it does not. */
function firstDifference(part: Uint8Array, whole: Uint8Array, at: number): number | null {
  for (let index = 0; index < part.length; index++) if (part[index] !== whole[at + index]) return index;
  return null;
}
