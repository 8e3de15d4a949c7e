// A place in a stream of chunks. What lies in the current chunk is taken without waiting and without a copy.
import { joinBytes } from "./bytes.ts";

const EMPTY = new Uint8Array(0);

export class ChunkCursor {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  #offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes of the stream were taken. */
  get offset(): number {
    return this.#offset;
  }

  /** Exactly `length` bytes if the current chunk holds them, else null; nothing is taken then. */
  takeAtOnce(length: number): Uint8Array | null {
    if (this.#chunk.length - this.#at < length) return null;
    const bytes = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#offset += length;
    return bytes;
  }

  /** Exactly `length` bytes, or null when the stream ends before. The caller bounds `length`. */
  async take(length: number): Promise<Uint8Array | null> {
    const whole = this.takeAtOnce(length);
    if (whole !== null) return whole;
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      const part = await this.takeSome(missing);
      if (part === null) return null;
      parts.push(part);
      missing -= part.length;
    }
    return joinBytes(parts);
  }

  /** At least one and at most `maxLength` bytes, or null at the end of the stream. */
  async takeSome(maxLength: number): Promise<Uint8Array | null> {
    if (this.#at === this.#chunk.length && !(await this.#pull())) return null;
    return this.takeAtOnce(Math.min(maxLength, this.#chunk.length - this.#at));
  }

  /** The next `length` bytes without taking them, or null when the stream ends before. */
  async peek(length: number): Promise<Uint8Array | null> {
    while (this.#chunk.length - this.#at < length) {
      const rest = this.#chunk.subarray(this.#at);
      if (!(await this.#pull())) return null;
      this.#chunk = joinBytes([rest, this.#chunk]);
    }
    return this.#chunk.subarray(this.#at, this.#at + length);
  }

  /** Lets the stream go, read to its end or not. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  /** The next chunk that is not empty; false at the end. */
  async #pull(): Promise<boolean> {
    for (;;) {
      const next = await this.#iterator.next();
      if (next.done === true) return false;
      if (next.value.length === 0) continue;
      this.#chunk = next.value;
      this.#at = 0;
      return true;
    }
  }
}
