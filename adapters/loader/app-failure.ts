// What the runtime says when an app fails, told apart by what its author must do.

import { NOT_LOADED } from "./app-isolate.ts";

export type AppFailureCode =
  | "throws-at-start"
  | "module-not-found"
  | "no-handler"
  | "never-answers"
  | "unhealthy-status"
  | "throws"
  | "not-loaded";

export type AppFailure = {
  readonly code: AppFailureCode;
  /** The error's own words, with its name where the runtime tells it. */
  readonly message: string;
  /** Names the app's own files and lines. */
  readonly stack?: string;
  /** Whether the app's recorder has written it to the log, with the stack. */
  readonly isLogged: boolean;
};

const START_PREFIX = "Failed to start Worker:";

/** What `fetch` on an app's isolate was rejected with (workerd's texts; its tests stand in test/workerd/hosting). */
export function readAppFailure(error: unknown): AppFailure {
  const text = error instanceof Error ? error.message : String(error);
  if (isHung(text)) return { code: "never-answers", message: text, isLogged: false };
  if (text.startsWith(NOT_LOADED)) return { code: "not-loaded", message: NOT_LOADED, isLogged: false };
  if (text.startsWith(START_PREFIX)) return { ...readStartFailure(text), isLogged: false };
  const message = error instanceof Error && error.name !== "Error" ? `${error.name}: ${text}` : text;
  if (text.includes("does not export a fetch() function")) {
    return { code: "no-handler", message, isLogged: false };
  }
  // workerd marks what was thrown on the other side of a call. What the app threw, its recorder has seen; what the
  // runtime threw in its place, it has not.
  const isThrownInside = error instanceof Error && "remote" in error && error.remote === true;
  const isLogged = isThrownInside && !isRuntimeLimit(text);
  if (text.startsWith("No such module")) return { code: "module-not-found", message, isLogged };
  return { code: isThrownInside ? "throws" : "throws-at-start", message, isLogged };
}

function readStartFailure(text: string): Pick<AppFailure, "code" | "message" | "stack"> {
  const lines = text.slice(START_PREFIX.length).trim().split("\n");
  const firstFrame = lines.findIndex((line) => /^\s*at /.test(line));
  const head = firstFrame < 0 ? lines : lines.slice(0, firstFrame);
  const message = head.join("\n").replace(/^Uncaught /, "");
  const stack = firstFrame < 0 ? {} : { stack: lines.slice(firstFrame).join("\n") };
  return { code: codeOfStartFailure(message), message, ...stack };
}

function codeOfStartFailure(message: string): AppFailureCode {
  if (message.includes("No such module")) return "module-not-found";
  if (message.includes("Incorrect type for map entry")) return "no-handler";
  return "throws-at-start";
}

/** Production ends an app in mid-sentence ("Worker exceeded CPU time limit."); its recorder is ended with it. */
function isRuntimeLimit(text: string): boolean {
  return /^Worker exceeded .* limit/.test(text);
}

/** The runtime gives up on a request that nothing can answer any more. */
function isHung(text: string): boolean {
  return text.includes("would never generate a response") || text.includes("code had hung");
}
