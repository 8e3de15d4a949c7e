// What watchers of a simulation are sent, as server-sent events: unnamed messages with `id:`, resumed after the last one
// that was seen. What happened on the virtual clock comes at the pace that was asked for; nobody's pace changes a trace.
import type { NumberedMeshEvent } from "../../schemas/mesh-event.ts";

const PAGE_EVENTS = 200;
const HEARTBEAT_MS = 15_000;
/** A gap on the virtual clock is not waited out longer than this. */
const MAX_GAP_MS = 5_000;

export type WatchOptions = {
  readonly since: number;
  /** Virtual seconds for each real one; 0 does not wait. */
  readonly pace: number;
  readonly events: (since: number, limit: number) => readonly NumberedMeshEvent[];
  readonly isEnded: () => boolean;
  /** Resolves when there is something new, or after that time. */
  readonly waitForNews: (timeoutMs: number) => Promise<void>;
};

/** Writes until everything has been sent and nothing more will come, or the watcher is gone. */
export async function writeEvents(
  writable: WritableStream<Uint8Array>,
  options: WatchOptions,
): Promise<void> {
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const pacer = new Pacer(options.pace);
  let since = options.since;
  try {
    for (;;) {
      // Asked before the events are read: what ends it is written before it has ended.
      const isEnded = options.isEnded();
      const page = options.events(since, PAGE_EVENTS);
      for (const piece of pacer.split(page)) {
        await pacer.wait(piece);
        await writer.write(encoder.encode(piece.map(encodeEvent).join("")));
      }
      since = page.at(-1)?.id ?? since;
      if (page.length > 0) continue;
      if (isEnded) break;
      await options.waitForNews(HEARTBEAT_MS);
      if (options.events(since, 1).length === 0) await writer.write(encoder.encode(": still here\n\n"));
    }
    await writer.close();
  } catch {
    // The watcher is gone; whoever comes back says what was seen last.
  }
}

class Pacer {
  readonly #pace: number;
  /** Null before the first: whoever resumes does not wait for what was seen before. */
  #lastVirtualMs: number | null = null;

  constructor(pace: number) {
    this.#pace = pace;
  }

  /** Without a pace all go at once. */
  split(page: readonly NumberedMeshEvent[]): readonly (readonly NumberedMeshEvent[])[] {
    if (page.length === 0) return [];
    return this.#pace === 0 ? [page] : page.map((event) => [event]);
  }

  async wait([first]: readonly NumberedMeshEvent[]): Promise<void> {
    const virtualMs = first?.event.details.virtualMs;
    if (this.#pace === 0 || virtualMs === undefined) return;
    this.#lastVirtualMs ??= virtualMs;
    const gapMs = (virtualMs - this.#lastVirtualMs) / this.#pace;
    if (gapMs < 1) return;
    this.#lastVirtualMs = virtualMs;
    await scheduler.wait(Math.min(gapMs, MAX_GAP_MS));
  }
}

function encodeEvent({ id, event }: NumberedMeshEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}
