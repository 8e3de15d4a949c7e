// Requests that fetch cannot make: a length that is announced and never sent, a body without a length, a body cut off.
import { request } from "node:http";
import { Answer, type ApiClient } from "./api-client.ts";
import { keepAnswer } from "./canary.ts";

export type RawRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Parts of the body; without a Content-Length they go out chunked. */
  readonly parts?: readonly Uint8Array[];
  /** After the parts: end the body, or leave it open and only wait for the answer. */
  readonly ending: "end" | "open";
};

/** The answer, whether or not the body was ever finished. */
export function askRaw(api: ApiClient, raw: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = openRaw(api, raw);
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
        const bytes = new Uint8Array(Buffer.concat(chunks));
        keepAnswer(`${raw.method} ${raw.path}`, headers, bytes);
        resolve(new Answer(response.statusCode ?? 0, headers, bytes));
        sent.destroy();
      });
    });
    if (raw.ending === "end") sent.end();
    else sent.flushHeaders();
  });
}

/** Sends the head and the parts, then cuts the connection in the middle of the body. */
export async function cutRaw(api: ApiClient, raw: Omit<RawRequest, "ending">): Promise<void> {
  const sent = openRaw(api, { ...raw, ending: "open" });
  sent.flushHeaders();
  await new Promise<void>((resolve) => {
    sent.on("error", () => undefined);
    sent.on("close", resolve);
    sent.write(new Uint8Array(), () => sent.destroy());
  });
}

function openRaw(api: ApiClient, { method, path, headers, parts = [] }: RawRequest) {
  const { hostname, port } = new URL(api.url);
  const sent = request({
    host: hostname === "localhost" ? "127.0.0.1" : hostname,
    port,
    method,
    path,
    agent: false,
    headers: {
      host: `localhost:${port}`,
      ...(api.token === null ? {} : { authorization: `Bearer ${api.token}` }),
      ...headers,
    },
  });
  for (const part of parts) sent.write(part);
  return sent;
}
