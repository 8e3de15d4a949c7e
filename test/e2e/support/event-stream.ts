// A reader of server-sent events.
import { eventSchema, type TimelineEvent } from "../../../schemas/event.ts";
import type { ApiClient } from "./api-client.ts";

export class EventStream {
  readonly response: Response;
  /** Names of events; ours have none. */
  readonly names: string[] = [];
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #abort: AbortController;
  readonly #ready: TimelineEvent[] = [];
  #rest = "";

  private constructor(response: Response, abort: AbortController) {
    if (response.status !== 200 || response.body === null)
      throw new Error(`the stream answered ${response.status}`);
    this.response = response;
    this.#abort = abort;
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** @param lastEventId as a browser sends it when it comes back */
  static async open(api: ApiClient, path: string, lastEventId: number | null): Promise<EventStream> {
    const abort = new AbortController();
    const headers = lastEventId === null ? {} : { "last-event-id": String(lastEventId) };
    return new EventStream(await api.open("GET", path, { headers, signal: abort.signal }), abort);
  }

  /** Waits for so many events. */
  async take(count: number): Promise<TimelineEvent[]> {
    while (this.#ready.length < count) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`the stream ended after ${this.#ready.length} of ${count} events`);
      this.#parse(value);
    }
    return this.#ready.splice(0, count);
  }

  close(): void {
    this.#abort.abort();
    this.#reader.cancel().catch(() => undefined);
  }

  #parse(text: string): void {
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line]));
      const name = fields.get("event");
      if (name !== undefined) this.names.push(name);
      const data = fields.get("data");
      if (data === undefined) continue;
      const event = eventSchema.parse(JSON.parse(data.slice("data: ".length)));
      if (fields.get("id") !== `id: ${event.seq}`) throw new Error(`the id of event ${event.seq} is another`);
      this.#ready.push(event);
    }
  }
}
