// Reads every file once: its line in the manifest, and whether it holds a secret. Memory does not grow with files.
import { createReadStream, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { type DescribedFile, describeFile } from "../../core/capsule/capsule-files.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { findSecretPath } from "../../core/capsule/secret-rules.ts";
import {
  describeFinding,
  findSecrets,
  maskSecrets,
  type SecretFinding,
  SecretScan,
} from "../../core/capsule/secret-scan.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { CliError } from "../output/cli-error.ts";
import { readLineNumbers } from "./line-numbers.ts";
import type { FoundFile } from "./walk-folder.ts";

export type DescribeOptions = {
  readonly isAllowed: (path: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneCount: number) => void) | undefined;
  /** Sees each file that is read whole, while it is at hand. */
  readonly onText?: ((path: string, bytes: Uint8Array) => void) | undefined;
};

/** Up to this size a file is read whole. */
const WHOLE_FILE_BYTES = 1_048_576;
const CHUNK_BYTES = 262_144;
/** So often the process listens for Ctrl-C while it reads small files. */
const FILES_PER_TURN = 64;
/** Named of one file, and of all; the rest is counted. */
const MAX_FINDINGS_NAMED = 20;
const MAX_PROBLEMS = 1_000;

/** Throws a CliError that names every secret by path, line and rule (CAPSULE.md C8), and one past the limits (C6). */
export async function describeFiles(
  found: readonly FoundFile[],
  options: DescribeOptions,
): Promise<readonly DescribedFile[]> {
  const secrets: FieldError[] = [];
  const described: DescribedFile[] = [];
  let totalBytes = 0;
  for (const [index, file] of found.entries()) {
    const { line, findings } = await describeOne(file, options.isAllowed(file.path), options.onText);
    if (!options.isAllowed(file.path)) secrets.push(...(await describeSecrets(file, findings)));
    described.push(line);
    totalBytes += line.file.sizeBytes;
    if (totalBytes > CAPSULE_LIMITS.totalFileBytes) throw tooLarge();
    if (index % FILES_PER_TURN === 0) {
      await turn();
      options.signal?.throwIfAborted();
      options.onProgress?.(index);
    }
  }
  if (secrets.length > 0) throw secretsFound(secrets.slice(0, MAX_PROBLEMS));
  return described;
}

async function describeOne(
  { path, location, sizeBytes, isExecutable }: FoundFile,
  isAllowed: boolean,
  onText: DescribeOptions["onText"],
): Promise<{ line: DescribedFile; findings: readonly SecretFinding[] }> {
  const mode = isExecutable ? "executable" : "file";
  const content = readContent(location, sizeBytes);
  if (content instanceof Uint8Array) {
    onText?.(path, content);
    const line = await describeFile(path, mode, content, nodeHashing);
    return { line, findings: isAllowed ? [] : findSecrets(content) };
  }
  const scan = new SecretScan();
  const line = await describeFile(path, mode, watch(content, scan), nodeHashing);
  return { line, findings: scan.finish() };
}

/** A name can be a secret too; then it is shown with the secret taken out. */
async function describeSecrets(
  { path, location, targetPath }: FoundFile,
  findings: readonly SecretFinding[],
): Promise<readonly FieldError[]> {
  const shownPath = maskSecrets(path);
  const byPath = findSecretPath(path) ?? (targetPath === null ? null : findSecretPath(targetPath));
  const fields: FieldError[] = [];
  if (byPath !== null) fields.push({ path: shownPath, message: `${byPath.message} (${byPath.rule})` });
  if (shownPath !== path) fields.push({ path: shownPath, message: "has a secret in its name" });
  if (findings.length === 0) return fields;
  const named = findings.slice(0, MAX_FINDINGS_NAMED);
  const lines = await readLineNumbers(
    location,
    named.map(({ offset }) => offset),
  );
  for (const [index, finding] of named.entries())
    fields.push({ path: shownPath, message: `line ${lines[index]} ${describeFinding(finding)}` });
  const moreCount = findings.length - named.length;
  if (moreCount > 0) fields.push({ path: shownPath, message: `holds ${moreCount} more` });
  return fields;
}

/** Small files at once: a stream for each of thousands would take longer than the reading. */
function readContent(location: string, sizeBytes: number): Uint8Array | AsyncIterable<Uint8Array> {
  if (sizeBytes <= WHOLE_FILE_BYTES) return readFileSync(location);
  return createReadStream(location, { highWaterMark: CHUNK_BYTES });
}

async function* watch(
  chunks: AsyncIterable<Uint8Array>,
  scan: SecretScan,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    scan.add(chunk);
    yield chunk;
  }
}

/** What is said of files that were refused; the fields name path, line and rule. */
export function secretsFound(fields: readonly FieldError[]): CliError {
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
