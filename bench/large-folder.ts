// A folder of many files and some very large ones, the same bytes for the same seed.
import { createCipheriv, createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type LargeFolderShape = {
  readonly fileCount: number;
  readonly totalBytes: number;
  readonly largeCount: number;
  /** Of each large one. */
  readonly largeBytes: number;
};

const FILES_PER_FOLDER = 300;
/** Small files differ in size by up to this part of the average, up and down. */
const SPREAD = 0.9;

/** Writes a static app of exactly this many files and bytes. Its content does not compress and holds no text. */
export async function writeLargeFolder(
  folder: string,
  { fileCount, totalBytes, largeCount, largeBytes }: LargeFolderShape,
  seed: string,
): Promise<void> {
  const key = createHash("sha256").update(seed).digest();
  const stream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const randomBytes = (sizeBytes: number): Buffer => stream.update(Buffer.alloc(sizeBytes));
  const smallCount = fileCount - largeCount;
  let leftBytes = totalBytes - largeCount * largeBytes;
  for (let index = 0; index < smallCount; index += 1) {
    const average = leftBytes / (smallCount - index);
    const swing = ((index * 7_919) % 1_000) / 500 - 1;
    const isLast = index === smallCount - 1;
    const sizeBytes = isLast
      ? leftBytes
      : Math.floor(average * (1 + (index % 2 === 0 ? 1 : -1) * SPREAD * swing));
    leftBytes -= sizeBytes;
    const parent = join(folder, "public", `part-${Math.floor(index / FILES_PER_FOLDER)}`);
    if (index % FILES_PER_FOLDER === 0) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `file-${index}.bin`), randomBytes(sizeBytes));
  }
  for (let index = 0; index < largeCount; index += 1) {
    await writeFile(join(folder, "public", `large-${index}.bin`), randomBytes(largeBytes));
  }
}
