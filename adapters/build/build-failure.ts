// Why an app cannot be built, at a place its author can open.

export type BuildFailureCode =
  | "not-runnable"
  | "syntax"
  | "entry-without-handler"
  | "import-not-found"
  | "import-leaves-capsule"
  | "import-ambiguous"
  | "package-not-provided"
  | "builtin-not-enabled"
  | "file-type-not-importable"
  | "file-too-large"
  | "too-many-modules"
  | "output-too-large";

/** `line` and `column` count from 1. */
export type BuildFailure = {
  readonly code: BuildFailureCode;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
};

export type SourcePlace = { readonly line: number; readonly column: number };

/** Where an offset into a text stands. */
export function placeOf(text: string, offset: number): SourcePlace {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}
