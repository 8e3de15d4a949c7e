// Writes a `.caps`: a ZIP whose every byte follows from the manifest and the documents beside it (CAPSULE.md K1, K2).
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import type { Hashing } from "../hashing.ts";
import { toHex } from "./bytes.ts";
import { canonicalBytes } from "./canonical-json.ts";
import type { FileContent } from "./capsule-files.ts";
import { ChunkBuffer } from "./chunk-buffer.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import { comparePaths } from "./path.ts";
import {
  CENTRAL_HEADER_BYTES,
  END_RECORD_BYTES,
  endRecord,
  LOCAL_HEADER_BYTES,
  ZipDirectory,
  ZipHeaderWriter,
} from "./zip-headers.ts";

/** What stands in a container beside the files. */
export type ContainerDocuments = {
  readonly manifest: Manifest;
  /** Its canonical form, where the caller has written it already. */
  readonly manifestBytes?: Uint8Array;
  /** By `path` of `manifest.attestations`, such as `attestations/sbom.cdx.json`. */
  readonly attestations: ReadonlyMap<string, Uint8Array>;
  /** The canonical bytes of each envelope; order and repetition do not matter. */
  readonly envelopes: readonly Uint8Array[];
};

export type ContainerParts = ContainerDocuments & {
  readonly hashing: Hashing;
  /** A file's bytes. Asked twice for a stream whose CRC-32 is not known. */
  openFile(file: ManifestFile): FileContent | Promise<FileContent>;
  /** The CRC-32 where it is known; ZIP wants it in front of the content. */
  crc32Of?(file: ManifestFile): number | undefined;
  /**
   * How content is checked while it is written. `sha256` (default) trusts nobody. `crc32` is for a store that checked
   * the digest when it took the bytes. `length` is for a caller who holds in memory the very arrays that were hashed;
   * streams are still checked by CRC-32.
   */
  readonly contentCheck?: "sha256" | "crc32" | "length";
};

/** The content or the documents were not what the manifest says. What was written so far is no capsule. */
export class ContainerWriteError extends Error {
  readonly code: "missing-document" | "document-mismatch" | "limit" | "content-mismatch";
  constructor(code: ContainerWriteError["code"], message: string) {
    super(message);
    this.name = "ContainerWriteError";
    this.code = code;
  }
}

type Document = { readonly name: string; readonly bytes: Uint8Array };

const MANIFEST_NAME = "capsule.json";
const ENVELOPE_NAME_BYTES = "envelopes/.json".length + 64;
const encoder = new TextEncoder();

/**
 * The container's bytes in chunks of about 64 KiB, in constant memory (a file given as bytes aside). Same parts, same
 * bytes (CAPSULE.md C10). A chunk may be the very array that `openFile` gave: use it before asking for the next.
 * Throws a ContainerWriteError when a file or document is not what the manifest says.
 */
export async function* writeContainer(parts: ContainerParts): AsyncGenerator<Uint8Array, void, undefined> {
  const output = new ContainerOutput();
  for (const document of await collectDocuments(parts, parts.hashing)) {
    output.addWhole(document.name, document.bytes, parts.hashing.crc32(document.bytes, 0), false);
    for (const chunk of output.takeReady()) yield chunk;
  }
  for (const file of parts.manifest.files) {
    // Only what must wait is awaited: a turn for each of thousands of small files costs more than their headers.
    const opened = parts.openFile(file);
    const content = opened instanceof Promise ? await opened : opened;
    if (content instanceof Uint8Array) {
      const crc32 = checkAtOnce(file, content, parts) ?? (await checkWhole(file, content, parts));
      output.addWhole(fileName(file), content, crc32, file.mode === "executable");
      for (const chunk of output.takeReady()) yield chunk;
    } else {
      const crc32 = parts.crc32Of?.(file) ?? (await crc32OfStream(content, parts.hashing));
      const again = parts.crc32Of?.(file) === undefined ? await parts.openFile(file) : content;
      if (again instanceof Uint8Array) throw new TypeError("openFile gave a stream first and bytes then");
      output.addHeader(fileName(file), file.sizeBytes, crc32, file.mode === "executable");
      for await (const chunk of checkStream(file, again, crc32, parts)) {
        output.addContent(chunk);
        for (const ready of output.takeReady()) yield ready;
      }
    }
  }
  output.addDirectory();
  for (const chunk of output.takeReady()) yield chunk;
}

/** The exact size of the container that `writeContainer` would write, without any file's content. */
export function containerSizeBytes({
  manifest,
  manifestBytes,
  attestations,
  envelopes,
}: ContainerDocuments): number {
  let sizeBytes =
    END_RECORD_BYTES +
    entrySizeBytes(MANIFEST_NAME.length, (manifestBytes ?? canonicalBytes(manifest)).length);
  for (const { path } of manifest.attestations) {
    sizeBytes += entrySizeBytes(path.length, attestations.get(path)?.length ?? 0);
  }
  for (const envelope of envelopes) sizeBytes += entrySizeBytes(ENVELOPE_NAME_BYTES, envelope.length);
  for (const file of manifest.files)
    sizeBytes += entrySizeBytes(encoder.encode(fileName(file)).length, file.sizeBytes);
  return sizeBytes;
}

/** Lays entries one behind the other and remembers what the central directory must say. */
class ContainerOutput {
  readonly #buffer = new ChunkBuffer();
  readonly #headers = new ZipHeaderWriter();
  readonly #directory = new ZipDirectory();
  #offset = 0;

  addWhole(name: string, content: Uint8Array, crc32: number, isExecutable: boolean): void {
    this.addHeader(name, content.length, crc32, isExecutable);
    this.addContent(content);
  }

  addHeader(name: string, sizeBytes: number, crc32: number, isExecutable: boolean): void {
    const header = this.#headers.local(name, sizeBytes, crc32);
    this.#directory.add(header, isExecutable, this.#offset);
    this.addContent(header);
  }

  addContent(bytes: Uint8Array): void {
    this.#buffer.add(bytes);
    this.#offset += bytes.length;
  }

  addDirectory(): void {
    const directoryOffset = this.#offset;
    const { bytes, count } = this.#directory;
    this.addContent(bytes);
    this.addContent(endRecord(count, bytes.length, directoryOffset));
    this.#buffer.flush();
  }

  takeReady(): readonly Uint8Array[] {
    return this.#buffer.takeReady();
  }
}

/** Manifest, attestations and envelopes in the order of CAPSULE.md K1, each checked. */
async function collectDocuments(parts: ContainerDocuments, hashing: Hashing): Promise<Document[]> {
  const documents: Document[] = [
    { name: MANIFEST_NAME, bytes: parts.manifestBytes ?? canonicalBytes(parts.manifest) },
  ];
  for (const { path, sha256 } of parts.manifest.attestations) {
    const bytes = parts.attestations.get(path);
    if (bytes === undefined) throw new ContainerWriteError("missing-document", `${path} is missing`);
    assertDocumentSize(path, bytes);
    if (toHex(await hashing.sha256(bytes)) !== sha256) {
      throw new ContainerWriteError(
        "document-mismatch",
        `${path} is not the document that the manifest names`,
      );
    }
    documents.push({ name: path, bytes });
  }
  const envelopes = new Map<string, Document>();
  for (const bytes of parts.envelopes) {
    const name = `envelopes/${toHex(await hashing.sha256(bytes))}.json`;
    assertDocumentSize(name, bytes);
    envelopes.set(name, { name, bytes });
  }
  if (envelopes.size > CAPSULE_LIMITS.envelopeCount) {
    throw new ContainerWriteError("limit", `more than ${CAPSULE_LIMITS.envelopeCount} envelopes`);
  }
  documents.push(...[...envelopes.values()].sort((a, b) => comparePaths(a.name, b.name)));
  return documents;
}

function assertDocumentSize(name: string, bytes: Uint8Array): void {
  if (bytes.length > CAPSULE_LIMITS.documentBytes) {
    throw new ContainerWriteError("limit", `${name} is larger than ${CAPSULE_LIMITS.documentBytes} bytes`);
  }
}

function fileName(file: ManifestFile): string {
  return `files/${file.path}`;
}

function entrySizeBytes(nameBytes: number, contentBytes: number): number {
  return LOCAL_HEADER_BYTES + CENTRAL_HEADER_BYTES + 2 * nameBytes + contentBytes;
}

/** The CRC-32 of content that was checked as far as `contentCheck` asks; null when its hash must be waited for. */
function checkAtOnce(file: ManifestFile, content: Uint8Array, parts: ContainerParts): number | null {
  const { hashing, contentCheck } = parts;
  if (content.length !== file.sizeBytes) throw contentMismatch(file);
  const known = parts.crc32Of?.(file);
  if (contentCheck === "length" && known !== undefined) return known;
  const isHashed = (contentCheck ?? "sha256") === "sha256";
  if (isHashed && hashing.sha256HexSync === undefined) return null;
  const crc32 = hashing.crc32(content, 0);
  if (crc32 !== (known ?? crc32)) throw contentMismatch(file);
  if (isHashed && hashing.sha256HexSync?.(content) !== file.sha256) throw contentMismatch(file);
  return crc32;
}

/** The same where hashing is only to be had by waiting. */
async function checkWhole(file: ManifestFile, content: Uint8Array, parts: ContainerParts): Promise<number> {
  const crc32 = parts.hashing.crc32(content, 0);
  if (crc32 !== (parts.crc32Of?.(file) ?? crc32)) throw contentMismatch(file);
  if (toHex(await parts.hashing.sha256(content)) !== file.sha256) throw contentMismatch(file);
  return crc32;
}

async function crc32OfStream(content: AsyncIterable<Uint8Array>, hashing: Hashing): Promise<number> {
  let crc32 = 0;
  for await (const chunk of content) crc32 = hashing.crc32(chunk, crc32);
  return crc32;
}

/** Passes the content on and throws at the first byte too many, or at its end when it was another content. */
async function* checkStream(
  file: ManifestFile,
  content: AsyncIterable<Uint8Array>,
  expectedCrc32: number,
  parts: ContainerParts,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = (parts.contentCheck ?? "sha256") === "sha256" ? parts.hashing.createSha256() : null;
  let crc32 = 0;
  let sizeBytes = 0;
  for await (const chunk of content) {
    sizeBytes += chunk.length;
    if (sizeBytes > file.sizeBytes) throw contentMismatch(file);
    crc32 = parts.hashing.crc32(chunk, crc32);
    if (hash !== null) await hash.update(chunk);
    yield chunk;
  }
  if (sizeBytes !== file.sizeBytes || crc32 !== expectedCrc32) throw contentMismatch(file);
  if (hash !== null && toHex(await hash.finish()) !== file.sha256) throw contentMismatch(file);
}

function contentMismatch(file: ManifestFile): ContainerWriteError {
  return new ContainerWriteError(
    "content-mismatch",
    `${file.path} is not the file that the manifest describes`,
  );
}
