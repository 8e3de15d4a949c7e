// Small writes gathered into chunks that are worth passing on; large ones pass through uncopied.

const CHUNK_BYTES = 65_536;
/** From here on a copy costs more than an own chunk. */
const PASS_THROUGH_BYTES = 32_768;

export class ChunkBuffer {
  /** Made when there is something to gather. */
  #chunk: Uint8Array | null = null;
  #used = 0;
  #ready: Uint8Array[] = [];

  /** Adds bytes behind all that was added before. */
  add(bytes: Uint8Array): void {
    if (bytes.length >= PASS_THROUGH_BYTES) {
      this.flush();
      this.#ready.push(bytes);
      return;
    }
    if (this.#used + bytes.length > CHUNK_BYTES) this.flush();
    this.#chunk ??= new Uint8Array(CHUNK_BYTES);
    this.#chunk.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Makes what was gathered ready, however little it is. */
  flush(): void {
    if (this.#chunk === null || this.#used === 0) return;
    this.#ready.push(this.#chunk.subarray(0, this.#used));
    this.#chunk = null;
    this.#used = 0;
  }

  /** The chunks that are ready, in order. */
  takeReady(): readonly Uint8Array[] {
    if (this.#ready.length === 0) return NOTHING;
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

const NOTHING: readonly Uint8Array[] = [];
