// Lets others have their turn while much is streamed. Local workerd runs its stores in the same thread and looks at its
// sockets only when nothing else is left to do: a fast client of 1 GiB kept every other request waiting for its end.

const TURN_BYTES = 4 * 1_048_576;

/** Counts what has been streamed; from time to time the promise takes a turn of the event loop. */
export class Turns {
  #leftBytes = TURN_BYTES;

  async take(sizeBytes: number): Promise<void> {
    this.#leftBytes -= sizeBytes;
    if (this.#leftBytes > 0) return;
    this.#leftBytes = TURN_BYTES;
    await scheduler.wait(1);
  }
}

/** The same chunks, with a turn for others in between. */
export async function* takeTurns(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const turns = new Turns();
  for await (const chunk of chunks) {
    yield chunk;
    await turns.take(chunk.byteLength);
  }
}
