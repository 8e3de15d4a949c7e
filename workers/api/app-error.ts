// The one error class of the API and the one place that turns an error into problem+json (RFC 9457).
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { maskSecretFields } from "../../core/capsule/secret-fields.ts";
import { maskSecrets } from "../../core/capsule/secret-scan.ts";
import { type FieldError, PROBLEMS, type Problem, type ProblemCode } from "../../schemas/problem.ts";

type ProblemExtras = {
  readonly errors?: readonly FieldError[];
  /** Further members of the problem document (RFC 9457 §3.2), such as a verification report. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

export class AppError extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  /** @param detail one sentence for the client: what was wrong and what to do */
  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.name = "AppError";
    this.code = code;
    this.extras = extras;
  }
}

/** Any error as problem+json. What we did not expect is logged whole and told to nobody. */
export function toProblemResponse(error: unknown, context: Context): Response {
  const requestId: string = context.get("requestId") ?? "";
  const expected = toAppError(error, context);
  if (expected === null) console.error(JSON.stringify({ requestId, message: maskSecrets(describe(error)) }));
  const told =
    expected ??
    new AppError(
      "internal",
      "The platform failed; its log has the details under this request id. Try again.",
    );
  return answerProblem(told, { url: context.req.url, requestId });
}

export function answerProblem(
  { code, message, extras }: AppError,
  request: { readonly url: string; readonly requestId: string },
): Response {
  const { status, title } = PROBLEMS[code];
  const problem: Problem = {
    ...extras.members,
    type: `urn:oursynth:problem:${code}`,
    title,
    status,
    detail: message,
    instance: new URL(request.url).pathname,
    code,
    requestId: request.requestId,
    ok: false,
    error: message,
    ...(extras.errors === undefined ? {} : { errors: [...extras.errors] }),
  };
  // Words that quote what was sent: a token in a path or in a field of the wrong type stands in them.
  return new Response(JSON.stringify(maskSecretFields(problem)), {
    status,
    headers: { "content-type": "application/problem+json", ...extras.headers },
  });
}

function toAppError(error: unknown, context: Context): AppError | null {
  if (error instanceof AppError) return error;
  if (!(error instanceof HTTPException)) return null;
  if (error.status === 400 && error.message.includes("Malformed JSON")) {
    return new AppError(
      "malformed-json",
      "The body is not valid JSON; check its quotes, commas and encoding.",
    );
  }
  if (error.status === 415) {
    const mediaType = context.req.header("content-type") ?? "none";
    const detail = `Send application/json, or what /api/docs names for this route; the media type was ${mediaType}.`;
    return new AppError("unsupported-media-type", detail);
  }
  if (error.status === 413) return new AppError("too-large", error.message);
  return error.status < 500 ? new AppError("validation", error.message) : null;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.stack ?? error.message}` : String(error);
}
