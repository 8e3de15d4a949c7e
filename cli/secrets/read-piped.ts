// What another program writes into ours.

/** All of a stream, or its first `maxBytes + 1` bytes when it has more. */
export async function readPiped(
  stream: AsyncIterable<Buffer | string>,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
