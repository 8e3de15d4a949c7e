// A Web Worker that verifies `.caps` files, so that the page stays quick while a gigabyte is hashed.

import { verifyCaps } from "./verify-caps.ts";
import type { VerifyReply, VerifyRequest } from "./verify-messages.ts";

/** At most so many steps of progress are told of one file. */
const PROGRESS_STEPS = 200;

class Cancelled extends Error {}

const cancelled = new Set<number>();

self.addEventListener("message", ({ data }: MessageEvent<VerifyRequest>) => {
  if (data.kind === "cancel") cancelled.add(data.id);
  else void verify(data);
});
reply({ kind: "ready" });

async function verify({ id, file, given }: VerifyRequest & { readonly kind: "verify" }): Promise<void> {
  const stepBytes = Math.max(1, Math.floor(file.size / PROGRESS_STEPS));
  let toldBytes = 0;
  try {
    const check = await verifyCaps(readChunks(file, id), given, (readBytes) => {
      if (readBytes - toldBytes < stepBytes) return;
      toldBytes = readBytes;
      reply({ kind: "progress", id, readBytes });
    });
    reply({ kind: "done", id, check });
  } catch (error) {
    if (error instanceof Cancelled) reply({ kind: "cancelled", id });
    else reply({ kind: "failed", id, message: error instanceof Error ? error.message : String(error) });
  } finally {
    cancelled.delete(id);
  }
}

/** Not every browser lets a stream be iterated; between two chunks a cancel is heard. */
async function* readChunks(file: Blob, id: number): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (cancelled.has(id)) throw new Cancelled();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function reply(message: VerifyReply): void {
  self.postMessage(message);
}
