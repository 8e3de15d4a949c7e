// The API over fetch: typed by the shapes of schemas/, with problems as errors. The types are taken at their word, for the
// page and the API come out of one build; zod stays out of the browser's first load.
import type { Problem } from "../../../schemas/problem.ts";
import { takeEarly } from "./early-answers.ts";
import { ApiProblem, StrangeAnswer, Unreachable } from "./problem.ts";
import { goToSignIn } from "./sign-in.ts";

export type ApiRequest = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly json?: unknown;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What makes a repeated POST the same one; by default each call has its own. */
  readonly idempotencyKey?: string;
};

/** A POST that got no answer is sent again so often, with its key: it is done once (decision 0017). */
const MAX_POST_TRIES = 3;
const POST_RETRY_MS = 400;

/** A path whose parts are encoded: apiPath`/api/projects/${id}/tree`. */
export function apiPath(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.reduce((path, text, index) => path + encodeURIComponent(parts[index - 1] ?? "") + text);
}

/** Asks for JSON; throws ApiProblem, Unreachable or StrangeAnswer. 204 gives null. */
export async function askApi<Answer>(path: string, request: ApiRequest = {}): Promise<Answer> {
  const response = await sendApi(path, request);
  if (response.status === 204) return null as Answer;
  return (await readJson(response)) as Answer;
}

/** The same for what is not JSON: a file, a stream. */
export async function sendApi(path: string, request: ApiRequest = {}): Promise<Response> {
  const response = await fetchPatiently(path, request);
  if (response.ok) return response;
  const problem = await readProblem(response);
  // Who is not signed in any more signs in again and comes back; a stale sign-in is for the view to explain.
  if (problem.code === "unauthenticated") goToSignIn();
  throw problem;
}

async function fetchPatiently(path: string, request: ApiRequest): Promise<Response> {
  const { method = "GET", query = {}, json, body, headers, signal, idempotencyKey } = request;
  const isCreating = method === "POST";
  const sent = json === undefined ? body : JSON.stringify(json);
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...(isCreating ? { "idempotency-key": idempotencyKey ?? crypto.randomUUID() } : {}),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
    ...(signal === undefined ? {} : { signal }),
  };
  const url = withQuery(path, query);
  for (let tries = 1; ; tries += 1) {
    try {
      return await ((method === "GET" ? takeEarly(url) : null) ?? fetch(url, init));
    } catch (error) {
      if (signal?.aborted === true) throw error;
      if (!isCreating || tries >= MAX_POST_TRIES) throw new Unreachable(error);
      await new Promise((resolve) => setTimeout(resolve, POST_RETRY_MS * tries));
    }
  }
}

/** The address with its query, the same for the same question. */
export function withQuery(path: string, query: NonNullable<ApiRequest["query"]>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const body = await readJson(response);
  if (!isProblem(body)) throw new StrangeAnswer(response.status);
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiProblem(body, Number.isFinite(retryAfter) ? retryAfter : null);
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new StrangeAnswer(response.status);
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}
