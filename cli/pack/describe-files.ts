// Reads every file once: its line in the manifest, and whether it holds a secret. Memory does not grow with files.
import { createReadStream, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { type DescribedFile, describeFile } from "../../core/capsule/capsule-files.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { CliError } from "../output/cli-error.ts";
import { findSecret, findSecretPath, SCAN_OVERLAP } from "./secret-rules.ts";
import type { FoundFile } from "./walk-folder.ts";

export type DescribeOptions = {
  readonly isAllowed: (path: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneCount: number) => void) | undefined;
};

/** Up to this size a file is read whole. */
const WHOLE_FILE_BYTES = 1_048_576;
const CHUNK_BYTES = 262_144;
/** So often the process listens for Ctrl-C while it reads small files. */
const FILES_PER_TURN = 64;

/** Throws a CliError that names every file with a secret (CAPSULE.md C8), and one when the limits are passed (C6). */
export async function describeFiles(
  found: readonly FoundFile[],
  options: DescribeOptions,
): Promise<readonly DescribedFile[]> {
  const secrets: FieldError[] = [];
  const described: DescribedFile[] = [];
  let totalBytes = 0;
  for (const [index, file] of found.entries()) {
    const { line, secret } = await describeOne(file, options.isAllowed(file.path));
    if (secret !== null) secrets.push({ path: file.path, message: secret });
    described.push(line);
    totalBytes += line.file.sizeBytes;
    if (totalBytes > CAPSULE_LIMITS.totalFileBytes) throw tooLarge();
    if (index % FILES_PER_TURN === 0) {
      await turn();
      options.signal?.throwIfAborted();
      options.onProgress?.(index);
    }
  }
  if (secrets.length > 0) throw secretsFound(secrets);
  return described;
}

async function describeOne(
  { path, location, sizeBytes, isExecutable, targetPath }: FoundFile,
  isAllowed: boolean,
): Promise<{ line: DescribedFile; secret: string | null }> {
  const byPath = findSecretPath(path) ?? (targetPath === null ? null : findSecretPath(targetPath));
  const scan = new SecretScan();
  const content = readContent(location, sizeBytes);
  if (content instanceof Uint8Array) scan.add(content);
  const line = await describeFile(
    path,
    isExecutable ? "executable" : "file",
    content instanceof Uint8Array ? content : scan.watch(content),
    nodeHashing,
  );
  return { line, secret: isAllowed ? null : (byPath?.message ?? scan.finding) };
}

/** Small files at once: a stream for each of thousands would take longer than the reading. */
function readContent(location: string, sizeBytes: number): Uint8Array | AsyncIterable<Uint8Array> {
  if (sizeBytes <= WHOLE_FILE_BYTES) return readFileSync(location);
  return createReadStream(location, { highWaterMark: CHUNK_BYTES });
}

/** Looks at chunks as they pass, and at the end of the last one again: a secret may lie across two. */
class SecretScan {
  finding: string | null = null;
  #tail = "";

  add(chunk: Uint8Array): void {
    if (this.finding !== null) return;
    const text = this.#tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
    this.finding = findSecret(text)?.message ?? null;
    this.#tail = text.slice(-SCAN_OVERLAP);
  }

  async *watch(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of chunks) {
      this.add(chunk);
      yield chunk;
    }
  }
}

function secretsFound(fields: readonly FieldError[]): CliError {
  return new CliError("Some files must not enter a capsule.", {
    code: "secret",
    fields,
    hint: "Name them in .capsuleignore, or let one in on purpose with --allow PATH.",
  });
}

function tooLarge(): CliError {
  return new CliError(`The files are larger than ${CAPSULE_LIMITS.totalFileBytes} bytes in all.`, {
    code: "limit",
    hint: "Name what does not belong to the app in .capsuleignore.",
  });
}
