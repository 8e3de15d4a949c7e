// The packages that the platform provides to apps, at the versions it runs them with (adapters/build/vendor.ts). The
// build refuses to run when this list is not what is installed.

export type ProvidedPackage = {
  readonly name: string;
  readonly version: string;
  /** As its package.json says. */
  readonly license: string;
};

/** By name, sorted. */
export const PROVIDED_PACKAGES: readonly ProvidedPackage[] = [
  { name: "hono", version: "4.13.19", license: "MIT" },
  { name: "preact", version: "10.29.8", license: "MIT" },
  { name: "preact-render-to-string", version: "6.8.2", license: "MIT" },
  { name: "zod", version: "4.6.7", license: "MIT" },
];

/** What a provided package needs of the others. */
export const PROVIDED_DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  "preact-render-to-string": ["preact"],
};

/** `from "hono/jsx"`, `import("zod")`, `import "preact"`, and the comment that names a JSX library. */
const IMPORT = /(?:\bfrom|\bimport|@jsxImportSource)\s*\(?\s*["'`]?([a-z][a-z0-9-]*)(?=["'`/\s])/g;

/** The provided packages that a source text imports by name. A word in a comment or a string may count as well. */
export function findProvidedImports(text: string): readonly string[] {
  const imported = new Set([...text.matchAll(IMPORT)].map((match) => match[1]));
  return PROVIDED_PACKAGES.map(({ name }) => name).filter((name) => imported.has(name));
}
