// From what an import says to what it means: a file of the capsule, a provided package, or the runtime itself.
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { BuildFailure } from "./build-failure.ts";
import { listProvidedPackages, type Vendor } from "./vendor.ts";

export type ResolvedImport =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "vendor"; readonly moduleName: string }
  | { readonly kind: "runtime"; readonly specifier: string };

export type ResolveContext = {
  readonly files: ReadonlySet<string>;
  readonly vendor: Vendor;
  readonly hasNodeCompat: boolean;
};

type ResolveFailure = Pick<BuildFailure, "code" | "message">;

/** Tried in this order behind a name without an extension. */
const EXTENSIONS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".json"];

/** TypeScript's habit: the import names the output, the capsule holds the source. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
};

const MAX_SUGGESTIONS = 3;
const MAX_EDIT_DISTANCE = 2;

/** What `specifier`, written in the file `importer`, names; or why it names nothing. */
export function resolveImport(
  specifier: string,
  importer: string,
  context: ResolveContext,
): Result<ResolvedImport, ResolveFailure> {
  if (/^\.{0,2}\//.test(specifier) || specifier === "." || specifier === "..") {
    return resolveFile(specifier, importer, context.files);
  }
  if (specifier.startsWith("cloudflare:")) return ok({ kind: "runtime", specifier });
  if (specifier.startsWith("node:")) return resolveNodeBuiltin(specifier, context);
  return resolvePackage(specifier, context.vendor);
}

function resolveFile(
  specifier: string,
  importer: string,
  files: ReadonlySet<string>,
): Result<ResolvedImport, ResolveFailure> {
  const folder = specifier.startsWith("/") ? [] : importer.split("/").slice(0, -1);
  const path = joinPath(folder, specifier);
  if (path === null) {
    return fail({
      code: "import-leaves-capsule",
      message: `"${specifier}" points outside the capsule; an app can import only files that it carries`,
    });
  }
  const found = listCandidates(path).find((candidate) => files.has(candidate));
  if (found !== undefined) return ok({ kind: "file", path: found });
  const near = suggestNames(path, files);
  const hint = near.length === 0 ? "" : `; near names: ${near.join(", ")}`;
  return fail({
    code: "import-not-found",
    message: `"${specifier}" is not in the capsule (looked for ${path})${hint}`,
  });
}

function joinPath(folder: readonly string[], specifier: string): string | null {
  const parts = [...folder];
  for (const part of specifier.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

function listCandidates(path: string): readonly string[] {
  const extension = extensionOf(path);
  const stem = path.slice(0, path.length - extension.length);
  const sources = (SOURCES_OF[extension] ?? []).map((source) => stem + source);
  const folder = path === "" ? "" : `${path}/`;
  const completed = path === "" ? [] : EXTENSIONS.map((added) => path + added);
  return [path, ...sources, ...completed, ...EXTENSIONS.map((added) => `${folder}index${added}`)];
}

function resolveNodeBuiltin(
  specifier: string,
  context: ResolveContext,
): Result<ResolvedImport, ResolveFailure> {
  if (context.hasNodeCompat) return ok({ kind: "runtime", specifier });
  return fail({
    code: "builtin-not-enabled",
    message: `"${specifier}" needs "nodejs_compat" in app.runtime.compatibilityFlags`,
  });
}

function resolvePackage(specifier: string, vendor: Vendor): Result<ResolvedImport, ResolveFailure> {
  const moduleName = Object.hasOwn(vendor.entries, specifier) ? vendor.entries[specifier] : undefined;
  if (moduleName !== undefined) return ok({ kind: "vendor", moduleName });
  const provided = listProvidedPackages(vendor);
  const name = specifier.split("/")[0] ?? specifier;
  if (provided.includes(name)) {
    const subpaths = Object.keys(vendor.entries).filter((entry) => entry.split("/")[0] === name);
    return fail({
      code: "package-not-provided",
      message: `"${specifier}" is not provided; of ${name} there are: ${subpaths.join(", ")}`,
    });
  }
  return fail({
    code: "package-not-provided",
    message:
      `the package "${specifier}" is not provided; provided are: ${provided.join(", ")}. ` +
      "Bundle it into a file of the capsule and import that file",
  });
}

/** The extension with its dot, or empty. */
export function extensionOf(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? "";
}

function suggestNames(path: string, files: ReadonlySet<string>): readonly string[] {
  const wanted = stemOf(path);
  const scored: { file: string; distance: number }[] = [];
  for (const file of files) {
    const distance = editDistance(wanted, stemOf(file));
    if (distance <= MAX_EDIT_DISTANCE) scored.push({ file, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.file < b.file ? -1 : 1));
  return scored.slice(0, MAX_SUGGESTIONS).map((item) => item.file);
}

function stemOf(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1);
  return base.slice(0, base.length - extensionOf(base).length).toLowerCase();
}

/** Levenshtein's; gives up early, because only near names matter. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_EDIT_DISTANCE) return MAX_EDIT_DISTANCE + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
