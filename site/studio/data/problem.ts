// What the API refuses, as errors that a view can show or act on.
import type { FieldError, Problem, ProblemCode } from "../../../schemas/problem.ts";

/** An answer of RFC 9457. `message` is its detail: a sentence that says what to do next. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly requestId: string;
  readonly fields: readonly FieldError[];
  /** After 429: when to ask again. */
  readonly retryAfterSeconds: number | null;
  /** The whole answer: some problems carry more (a report, a confirmation, who may). */
  readonly problem: Problem;

  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.requestId = problem.requestId;
    this.fields = problem.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
    this.problem = problem;
  }

  /** What is said beside the field of this name; undefined when nothing is wrong with it. */
  fieldMessage(path: string): string | undefined {
    return this.fields.find((field) => field.path === path)?.message;
  }
}

/** No answer came: the network, or the platform, is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The platform does not answer. Your network may be down; nothing was lost.", { cause });
    this.name = "Unreachable";
  }
}

/** An answer that is not the API's own: something between here and there answered instead. */
export class StrangeAnswer extends Error {
  constructor(status: number) {
    super(`Something other than the platform answered (${status}). Try again in a moment.`);
    this.name = "StrangeAnswer";
  }
}

/** One sentence for a person, whatever was thrown. */
export function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
