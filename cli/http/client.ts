// The platform over HTTP: one place for the token, time limits, retries and problem documents (RFC 9457).
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ALL_PERMISSIONS, ALL_SCOPES, rolesWith } from "../../schemas/permissions.ts";
import { PROBLEM_CODES, type Problem, type ProblemCode } from "../../schemas/problem.ts";
import { CliError, messageOf, systemCodeOf } from "../output/cli-error.ts";
import { CLI_VERSION } from "../version.ts";

export type Query = Readonly<Record<string, string | number | undefined>>;

export type RequestOptions = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Query;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: Blob | FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Whether asking again does no harm: then a lost connection is not yet a failure. */
  readonly isRepeatable?: boolean;
  /** Sent as Idempotency-Key: with it, asking again does no harm. */
  readonly idempotencyKey?: string;
};

export type ClientOptions = {
  readonly url: URL;
  readonly token: string | null;
  /** Ends every request. */
  readonly signal?: AbortSignal;
};

const TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 3;
const RETRY_DELAY_MS = 300;
const MAX_RETRY_DELAY_MS = 10_000;
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const MAX_ERROR_TEXT = 500;

/** What the platform refused, with the code that its one table of problems gives it. */
export class ProblemError extends CliError {
  readonly status: number;
  /** The whole problem document. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(message: string, status: number, problem: Readonly<Record<string, unknown>>) {
    const code = codeOf(problem);
    const requestId = code === "internal" ? ` (${String(problem.requestId)})` : "";
    super(`${message}${requestId}`, {
      code: code ?? `http-${status}`,
      fields: fieldsOf(problem),
      ...hintFor(code, status, problem),
    });
    this.name = "ProblemError";
    this.status = status;
    this.problem = problem;
  }
}

export class PlatformClient {
  readonly url: URL;
  readonly token: string | null;
  readonly #signal: AbortSignal | null;

  constructor({ url, token, signal }: ClientOptions) {
    this.url = url;
    this.token = token;
    this.#signal = signal ?? null;
  }

  /** Whether somebody has ended every request. */
  get isAborted(): boolean {
    return this.#signal?.aborted === true;
  }

  get<Body>(path: string, query: Query = {}, timeoutMs = TIMEOUT_MS): Promise<Body> {
    return this.requestJson(path, { query, timeoutMs, isRepeatable: true });
  }

  /** Asked again with one key until it is answered, a request that creates is done once. */
  post<Body>(path: string, json: unknown, options: RequestOptions = {}): Promise<Body> {
    const once = options.isRepeatable === true ? {} : { isRepeatable: true, idempotencyKey: randomUUID() };
    return this.requestJson(path, { ...options, ...once, method: "POST", json });
  }

  /** The body of a 2xx answer; null when it has none. Throws a ProblemError for every other answer. */
  async requestJson<Body>(path: string, options: RequestOptions = {}): Promise<Body> {
    const response = await this.request(path, options);
    const text = await this.#readText(response, path);
    if (text === "") return null as Body;
    try {
      return JSON.parse(text) as Body;
    } catch (error) {
      throw new CliError(`${this.#describe(path)} did not answer with JSON.`, {
        hint: "Is it an OurSynth platform? `oursynth doctor` looks.",
        cause: error,
      });
    }
  }

  /** A 2xx answer whose body has not been read. */
  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= MAX_ATTEMPTS || options.isRepeatable !== true;
      const outcome = await this.#attempt(path, options, isLast);
      if (outcome.response !== null) {
        if (outcome.response.ok) return outcome.response;
        throw await this.#toProblem(outcome.response, path);
      }
      await delay(outcome.waitMs ?? RETRY_DELAY_MS * 2 ** attempt, undefined, this.#abortable());
    }
  }

  async #attempt(
    path: string,
    options: RequestOptions,
    isLast: boolean,
  ): Promise<{ response: Response | null; waitMs?: number }> {
    let response: Response;
    try {
      response = await this.#send(path, options);
    } catch (error) {
      // A refused connection stays refused: nobody listens there.
      if (isLast || this.#signal?.aborted || causeCodeOf(error) === "ECONNREFUSED")
        throw this.#toNetworkError(path, error);
      return { response: null };
    }
    if (isLast || !isTemporary(response)) return { response };
    await response.body?.cancel();
    const retryAfterMs = Number(response.headers.get("retry-after")) * 1_000;
    return retryAfterMs > 0
      ? { response: null, waitMs: Math.min(retryAfterMs, MAX_RETRY_DELAY_MS) }
      : { response: null };
  }

  #send(path: string, options: RequestOptions): Promise<Response> {
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = new Headers({
      accept: "application/json",
      "user-agent": `oursynth-cli/${CLI_VERSION}`,
      ...options.headers,
    });
    if (this.token !== null) headers.set("authorization", `Bearer ${this.token}`);
    if (options.json !== undefined) headers.set("content-type", "application/json");
    if (options.idempotencyKey !== undefined) headers.set("idempotency-key", options.idempotencyKey);
    if (options.body instanceof Blob) headers.set("content-type", "application/octet-stream");
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    return fetch(url, {
      method: options.method ?? "GET",
      headers,
      // A redirect would carry the token to where it was not meant for.
      redirect: "manual",
      signal: this.#signal === null ? timeout : AbortSignal.any([this.#signal, timeout]),
      ...(body === undefined ? {} : { body }),
    });
  }

  async #readText(response: Response, path: string): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw this.#toNetworkError(path, error);
    }
  }

  async #toProblem(response: Response, path: string): Promise<CliError> {
    const text = await this.#readText(response, path);
    const problem = readProblem(text);
    if (problem === null) {
      const words = text
        .replace(/<[^>]*>/g, " ")
        .replace(/\s+/g, " ")
        .trim()
        .slice(0, MAX_ERROR_TEXT);
      return new ProblemError(
        `${this.#describe(path)} answered ${response.status}${words === "" ? "" : `: ${words}`}`,
        response.status,
        {},
      );
    }
    const detail =
      typeof problem.detail === "string" && problem.detail !== "" ? problem.detail : problem.title;
    return new ProblemError(String(detail ?? `status ${response.status}`), response.status, problem);
  }

  #toNetworkError(path: string, error: unknown): Error {
    if (error instanceof CliError) return error;
    if (this.#signal?.aborted) return new CliError("Interrupted.", { code: "interrupted" });
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return new CliError(`${this.#describe(path)} did not answer in time.`, {
        code: "timeout",
        hint: "Try again; `oursynth doctor` looks at the connection.",
        cause: error,
      });
    }
    return new CliError(`${this.url.origin} cannot be reached (${causeCodeOf(error) ?? messageOf(error)}).`, {
      code: "unreachable",
      hint: "Start the platform with `npm start`, or name another with --url or OURSYNTH_URL.",
      cause: error,
    });
  }

  #describe(path: string): string {
    return new URL(path, this.url).href.split("?")[0] ?? this.url.origin;
  }

  #abortable(): { signal?: AbortSignal } {
    return this.#signal === null ? {} : { signal: this.#signal };
  }
}

/**
 * A 409 that says when to come back is about a request under way, not about a conflict. A 500 that is no problem document
 * was not said by the platform but by a server before it that lost its connection.
 */
function isTemporary({ status, headers }: Response): boolean {
  if (status === 409) return headers.has("retry-after");
  if (status === 500) return headers.get("content-type") !== "application/problem+json";
  return RETRIED_STATUSES.has(status);
}

/** `/api/projects/fair-share/deploys`: each part is encoded. */
export function apiPath(...parts: readonly string[]): string {
  return `/api/${parts.map(encodeURIComponent).join("/")}`;
}

function causeCodeOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined;
  // With several addresses tried, the reasons stand in an AggregateError.
  if (cause instanceof AggregateError) return systemCodeOf(cause) ?? systemCodeOf(cause.errors[0]);
  return systemCodeOf(cause) ?? systemCodeOf(error);
}

function readProblem(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function codeOf(problem: Readonly<Record<string, unknown>>): ProblemCode | null {
  return PROBLEM_CODES.find((code) => code === problem.code) ?? null;
}

function fieldsOf(problem: Readonly<Record<string, unknown>>): NonNullable<Problem["errors"]> {
  if (!Array.isArray(problem.errors)) return [];
  return problem.errors.flatMap((item: unknown) => {
    if (typeof item !== "object" || item === null || !("message" in item)) return [];
    return [{ path: "path" in item ? String(item.path) : "", message: String(item.message) }];
  });
}

const NOT_SIGNED_IN =
  "Run `oursynth login`, or give a valid --token or OURSYNTH_TOKEN; `oursynth doctor` says what is used.";
const HINTS: Readonly<Partial<Record<ProblemCode, string>>> = {
  unauthenticated: NOT_SIGNED_IN,
  "sign-in-stale": "Run `oursynth login`, then repeat it.",
  "revision-moved": "Somebody was quicker. Look with `oursynth timeline`, then try again.",
  "head-moved": "Somebody was quicker. Look with `oursynth timeline`, then try again.",
  "capsule-invalid":
    "`oursynth capsule verify FILE` shows every step; is your key trusted (`oursynth keys list`)?",
  "wrong-host": "Is --url the address of the platform itself, and not of an app?",
};

function hintFor(
  code: ProblemCode | null,
  status: number,
  problem: Readonly<Record<string, unknown>>,
): { hint?: string } {
  if (code === "forbidden") return hintWhoCould(problem.permission);
  const hint = code === null ? undefined : HINTS[code];
  if (hint !== undefined) return { hint };
  return status === 401 ? { hint: NOT_SIGNED_IN } : {};
}

/** By the same table that refused (docs/permissions.md). */
function hintWhoCould(named: unknown): { hint?: string } {
  const permission = ALL_PERMISSIONS.find((known) => known === named);
  if (permission === undefined) return {};
  const roles = `Roles that may: ${rolesWith(permission).join(", ")}.`;
  const isScope = ALL_SCOPES.some((scope) => scope === permission);
  const token = isScope
    ? `A token needs the scope: \`oursynth tokens create NAME --scope ${permission}\`.`
    : "No token may: use `oursynth login`, or a browser.";
  return { hint: `${roles} ${token}` };
}
