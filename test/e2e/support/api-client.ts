// A caller of the platform's API: a token, JSON in and out, every answer parsed by the schema it must have.
import { inject } from "vitest";
import type * as z from "zod";
import { keepAnswer, keepStream } from "./canary.ts";

export type RequestOptions = {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
};

/** One answer, read to its end. */
export class Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;

  constructor(status: number, headers: Headers, bytes: Uint8Array) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  json(): unknown {
    return JSON.parse(this.text);
  }

  /** The parsed body; throws with the whole answer when the status is another. */
  expect<Schema extends z.ZodType>(status: number, schema: Schema): z.infer<Schema> {
    if (this.status !== status) throw new Error(`expected ${status}, got ${this.status}: ${this.text}`);
    return schema.parse(this.json());
  }
}

export class ApiClient {
  readonly url: string;
  readonly token: string | null;

  constructor(url: string, token: string | null) {
    this.url = url;
    this.token = token;
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.send("GET", path, options);
  }

  post(path: string, json: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.send("POST", path, { ...options, json });
  }

  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const response = await this.#fetch(method, path, options);
    const bytes = new Uint8Array(await response.arrayBuffer());
    keepAnswer(`${method} ${path}`, response.headers, bytes);
    return new Answer(response.status, response.headers, bytes);
  }

  /** The response itself, for streams. */
  async open(
    method: string,
    path: string,
    options: RequestOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Response> {
    return keepStream(`${method} ${path}`, await this.#fetch(method, path, options));
  }

  #fetch(
    method: string,
    path: string,
    options: RequestOptions & { readonly signal?: AbortSignal },
  ): Promise<Response> {
    const { json, body, signal } = options;
    const headers = {
      ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    };
    const sent = json === undefined ? body : JSON.stringify(json);
    return fetch(this.url + path, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** The first owner of the shared platform: a token for everything. */
export function ownerClient(): ApiClient {
  const { url, token } = inject("platform");
  return new ApiClient(url, token);
}
