// Bodies of small files, kept in this isolate by what they are: least recently used go first.

const MAX_BYTES = 24 * 1024 * 1024;
/** Larger files are streamed from the store each time. */
export const MAX_CACHED_BODY_BYTES = 1024 * 1024;

const bodies = new Map<string, Uint8Array<ArrayBuffer>>();
let keptBytes = 0;

/** The bytes kept under a key (a digest and an encoding). */
export function getCachedBody(key: string): Uint8Array<ArrayBuffer> | undefined {
  const body = bodies.get(key);
  if (body === undefined) return undefined;
  bodies.delete(key);
  bodies.set(key, body);
  return body;
}

export function keepBody(key: string, body: Uint8Array<ArrayBuffer>): void {
  if (body.byteLength > MAX_CACHED_BODY_BYTES || bodies.has(key)) return;
  bodies.set(key, body);
  keptBytes += body.byteLength;
  for (const [oldestKey, oldest] of bodies) {
    if (keptBytes <= MAX_BYTES) break;
    bodies.delete(oldestKey);
    keptBytes -= oldest.byteLength;
  }
}
