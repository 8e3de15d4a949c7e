// One source file to one module: types and JSX taken out, imports rewritten to the names that the runtime knows.
// Lines stay where they are, so that a stack trace names the author's own file and line.
import { type Import, init as initLexer, parse as lexModule } from "es-module-lexer/js";
import { type Transform, transform } from "sucrase";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { type BuildFailure, placeOf } from "./build-failure.ts";
import { extensionOf, type ResolveContext, type ResolvedImport, resolveImport } from "./resolve-import.ts";

export type CompiledModule = {
  readonly code: string;
  /** Those that name something; with failures there are others. */
  readonly imports: readonly ResolvedImport[];
  readonly hasDefaultExport: boolean;
  readonly warnings: readonly string[];
  /** Imports that name nothing. The code is of no use then. */
  readonly failures: readonly BuildFailure[];
};

const TRANSFORMS: Readonly<Record<string, Transform[]>> = {
  ".ts": ["typescript"],
  ".mts": ["typescript"],
  ".tsx": ["typescript", "jsx"],
  ".jsx": ["jsx"],
  ".js": ["jsx"],
  ".mjs": ["jsx"],
};

/** Where a file's own choice of JSX runtime may stand: in its opening comments. */
const PRAGMA_SEARCH_LENGTH = 4_096;

export function isSourceFile(path: string): boolean {
  return Object.hasOwn(TRANSFORMS, extensionOf(path));
}

/** The lexer keeps its memory in a buffer that is made once. */
export async function prepareCompiler(): Promise<void> {
  await initLexer();
}

/**
 * Compiles one TypeScript or JavaScript file, with or without JSX (automatic runtime, production).
 * Fails with the first syntax error; imports that name nothing come with the result, so that the others are followed.
 */
export function compileModule(
  path: string,
  source: string,
  jsxImportSource: string,
  context: ResolveContext,
): Result<CompiledModule, BuildFailure> {
  const stripped = stripTypes(path, source, jsxImportSource);
  if (!stripped.ok) return stripped;
  const lexed = lexImports(path, stripped.value);
  if (!lexed.ok) return lexed;
  const rewritten = rewriteImports(path, source, stripped.value, lexed.value, context);
  return ok({ ...rewritten, warnings: [...rewritten.warnings, ...warnOfNamespaces(path, source)] });
}

function stripTypes(path: string, source: string, jsxImportSource: string): Result<string, BuildFailure> {
  const pragma = /@jsxImportSource\s+([^\s*]+)/.exec(source.slice(0, PRAGMA_SEARCH_LENGTH))?.[1];
  try {
    const { code } = transform(source, {
      transforms: TRANSFORMS[extensionOf(path)] ?? [],
      jsxRuntime: "automatic",
      jsxImportSource: pragma ?? jsxImportSource,
      production: true,
      disableESTransforms: true,
    });
    return ok(code);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = error.message.replace(/\s*\(\d+:\d+\)$/, "");
    return fail({ code: "syntax", message, path, ...readPlace(error) });
  }
}

/** Sucrase puts the place of a syntax error beside its message. */
function readPlace(error: Error): { line?: number; column?: number } {
  const place: unknown = "loc" in error ? error.loc : null;
  if (typeof place !== "object" || place === null || !("line" in place) || !("column" in place)) return {};
  const { line, column } = place;
  return typeof line === "number" && typeof column === "number" ? { line, column } : {};
}

type Lexed = { readonly imports: readonly Import[]; readonly hasDefaultExport: boolean };

function lexImports(path: string, code: string): Result<Lexed, BuildFailure> {
  try {
    const [imports, exports] = lexModule(code);
    return ok({
      imports,
      hasDefaultExport: exports.some((item) => item.type !== "reexport-all" && item.name === "default"),
    });
  } catch (error) {
    const offset = error instanceof Error && "idx" in error && typeof error.idx === "number" ? error.idx : 0;
    const message = "the module cannot be parsed from here on";
    return fail({ code: "syntax", message, path, ...placeOf(code, offset) });
  }
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

function rewriteImports(
  path: string,
  source: string,
  code: string,
  lexed: Lexed,
  context: ResolveContext,
): CompiledModule {
  const failures: BuildFailure[] = [];
  const warnings: string[] = [];
  const imports: ResolvedImport[] = [];
  const edits: Edit[] = [];
  for (const item of lexed.imports) {
    if (item.type === "import-meta") continue;
    if (item.specifier === undefined || (item.type === "dynamic" && item.glob)) {
      warnings.push(describeComputedImport(path, source, code, item));
      continue;
    }
    const resolved = resolveImport(item.specifier, path, context);
    if (!resolved.ok) {
      failures.push({ ...resolved.reason, path, ...findInSource(source, code, item.start, item.specifier) });
      continue;
    }
    imports.push(resolved.value);
    edits.push(...editImport(path, code, item, resolved.value));
  }
  const { hasDefaultExport } = lexed;
  return { code: applyEdits(code, edits), imports, hasDefaultExport, warnings, failures };
}

/** Attributes go as well: the runtime knows a JSON module by its type, and refuses attributes. */
function editImport(path: string, code: string, item: Import, resolved: ResolvedImport): readonly Edit[] {
  // The lexer counts the quotes in where the import is dynamic, and leaves them out where it is static.
  const isDynamic = item.type === "dynamic";
  const start = isDynamic ? item.start : item.start - 1;
  const end = isDynamic ? item.end : item.end + 1;
  const specifier = { start, end, text: JSON.stringify(nameForImport(path, resolved)) };
  if (item.type === "import-meta" || item.attributesStart < 0) return [specifier];
  const attributesEnd = isDynamic ? item.importEnd - 1 : item.importEnd;
  const linesKept = code.slice(end, attributesEnd).replace(/[^\n]/g, "");
  return [specifier, { start: end, end: attributesEnd, text: linesKept }];
}

function nameForImport(importer: string, resolved: ResolvedImport): string {
  switch (resolved.kind) {
    case "file":
      return relativeName(importer, resolved.path);
    case "vendor":
      return `/${resolved.moduleName}`;
    case "runtime":
      return resolved.specifier;
  }
}

function relativeName(importer: string, path: string): string {
  const from = importer.split("/").slice(0, -1);
  const to = path.split("/");
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  const up = "../".repeat(from.length - shared);
  return `${up === "" ? "./" : up}${to.slice(shared).join("/")}`;
}

function applyEdits(code: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  let result = "";
  let position = 0;
  for (const edit of ordered) {
    result += code.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + code.slice(position);
}

/** The line is the same in source and output; the column is looked up, because types were taken out before it. */
function findInSource(source: string, code: string, offset: number, specifier: string) {
  const place = placeOf(code, offset);
  const line = source.split("\n")[place.line - 1] ?? "";
  const index = line.indexOf(specifier);
  return { line: place.line, column: index < 0 ? 1 : index + 1 };
}

function describeComputedImport(path: string, source: string, code: string, item: Import): string {
  const { line, column } = findInSource(source, code, item.start, "import(");
  return `${path}:${line}:${column}: import() of a computed name is not followed; only literal names are`;
}

/** Sucrase drops namespaces in silence; their values are then missing at run time. */
function warnOfNamespaces(path: string, source: string): readonly string[] {
  if (!extensionOf(path).includes("ts")) return [];
  return Array.from(source.matchAll(/^[ \t]*(?:export[ \t]+)?namespace[ \t]+[A-Za-z_$]/gm), (match) => {
    const { line } = placeOf(source, match.index);
    return `${path}:${line}: the values of a TypeScript namespace are left out; use a module instead`;
  });
}
