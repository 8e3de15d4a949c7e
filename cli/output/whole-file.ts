// Files and folders that are there whole or not at all: written beside their place, then renamed into it.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CliError, messageOf } from "./cli-error.ts";

/** A name beside `path` that nobody else uses. */
export function pathBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
}

/** Writes the chunks and puts the file in its place, over one that was there. */
export function writeWholeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  return writeCheckedFile(path, chunks, async () => {}, signal);
}

/**
 * The same, and gives what the check gives.
 * @param check looks at the finished file before it gets its name; what it throws removes the file
 */
export async function writeCheckedFile<Checked>(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  check: (temporaryPath: string) => Promise<Checked>,
  signal?: AbortSignal,
): Promise<Checked> {
  const temporaryPath = pathBeside(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const output = createWriteStream(temporaryPath, { flags: "wx" });
    await pipeline(
      Readable.from(chunks, { objectMode: true }),
      output,
      signal === undefined ? {} : { signal },
    );
    const checked = await check(temporaryPath);
    await rename(temporaryPath, path);
    return checked;
  } catch (error) {
    await rm(temporaryPath, { force: true });
    if (error instanceof CliError || signal?.aborted) throw error;
    throw new CliError(`${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
