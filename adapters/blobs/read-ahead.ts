// Reads many stored files one after another, the small ones a little ahead: each of 9,000 reads waits for the network,
// and one at a time they would take minutes.
import { readChunks } from "../streams/read-chunks.ts";
import { Turns, takeTurns } from "../streams/take-turns.ts";
import { type BlobReader, getBlob } from "./blob-store.ts";

export type StoredFile = { readonly sha256: string; readonly sizeBytes: number };

/** With the one that is being read, six: as many connections as a request may have open at once. */
const READS_AHEAD = 5;
/** Larger files are streamed when their turn comes, so that little is held: {@link READS_AHEAD} times this. */
const WHOLE_FILE_BYTES = 262_144;

export class ReadAhead {
  readonly #bucket: BlobReader;
  readonly #files: readonly StoredFile[];
  readonly #turns = new Turns();
  /** By place in the list. */
  readonly #begun = new Map<number, Promise<Uint8Array | null>>();

  /** @param files in the order in which they will be opened */
  constructor(bucket: BlobReader, files: readonly StoredFile[]) {
    this.#bucket = bucket;
    this.#files = files;
  }

  /** The file's bytes, whole or as a stream; null when they are not there. */
  async open(index: number): Promise<Uint8Array | AsyncIterable<Uint8Array> | null> {
    for (let ahead = index; ahead <= index + READS_AHEAD; ahead += 1) this.#begin(ahead);
    const begun = this.#begun.get(index);
    if (begun !== undefined) {
      this.#begun.delete(index);
      await this.#turns.take(this.#files[index]?.sizeBytes ?? 0);
      return await begun;
    }
    const file = this.#files[index];
    const blob = file === undefined ? null : await getBlob(this.#bucket, file.sha256);
    return blob === null ? null : takeTurns(readChunks(blob.body));
  }

  #begin(index: number): void {
    const file = this.#files[index];
    if (file === undefined || file.sizeBytes > WHOLE_FILE_BYTES || this.#begun.has(index)) return;
    const begun = readWhole(this.#bucket, file.sha256);
    // Told to whoever opens it; nobody may come that far.
    begun.catch(() => undefined);
    this.#begun.set(index, begun);
  }
}

async function readWhole(bucket: BlobReader, sha256: string): Promise<Uint8Array | null> {
  const blob = await getBlob(bucket, sha256);
  return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
}
