// Bundles the packages that the platform provides to apps, once, into `.generated/vendor.js`. The compiler in the Worker
// then only copies modules (adapters/build/vendor.ts). Same packages in, same bytes out.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type OutputFile, type Plugin } from "esbuild";
import { PROVIDED_PACKAGES } from "../core/capsule/sbom/provided-packages.ts";

const ROOT = join(import.meta.dirname, "..");
const OUT_DIR = join(ROOT, ".generated");
/** Where esbuild pretends to write: names in the output are then those that apps' modules import. */
const VIRTUAL_DIR = join(ROOT, "vendor");

/** Everything below is what an app may import without bringing it along. */
const SPECIFIERS: Readonly<Record<string, readonly string[]>> = {
  hono: [
    "",
    "accepts",
    "adapter",
    "basic-auth",
    "bearer-auth",
    "body-limit",
    "cache",
    "client",
    "combine",
    "compress",
    "context-storage",
    "cookie",
    "cors",
    "css",
    "csrf",
    "etag",
    "factory",
    "html",
    "http-exception",
    "ip-restriction",
    "jsx",
    "jsx-renderer",
    "jsx/jsx-dev-runtime",
    "jsx/jsx-runtime",
    "jsx/streaming",
    "jwt",
    "language",
    "logger",
    "method-override",
    "powered-by",
    "pretty-json",
    "proxy",
    "quick",
    "request-id",
    "route",
    "secure-headers",
    "streaming",
    "timeout",
    "timing",
    "tiny",
    "trailing-slash",
    "validator",
  ],
  preact: ["", "hooks", "jsx-runtime"],
  "preact-render-to-string": [""],
  zod: [""],
};

/** What a change of must give other artifacts. */
const COMPILERS = ["sucrase", "es-module-lexer"];

/** Left to the runtime; an app that reaches one needs the flag `nodejs_compat`. */
const EXTERNAL = ["node:*", "cloudflare:*"];

/**
 * The runtime packs a body by itself when it sees Content-Encoding; Hono's `compress` has packed it already, and
 * nobody could read what comes out. So its response says that the body is as it is to be sent.
 */
const COMPRESS_PATCH = {
  file: /hono\/dist\/middleware\/compress\/index\.js$/,
  from: "new Response(ctx.res.body.pipeThrough(stream), ctx.res)",
  to: 'new Response(ctx.res.body.pipeThrough(stream), { status: ctx.res.status, statusText: ctx.res.statusText, headers: ctx.res.headers, encodeBody: "manual" })',
};

const patchCompress: Plugin = {
  name: "patch-compress",
  setup(builder) {
    builder.onLoad({ filter: COMPRESS_PATCH.file }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes(COMPRESS_PATCH.from)) throw new Error(`${path} is not as the patch knows it`);
      return { contents: source.replace(COMPRESS_PATCH.from, COMPRESS_PATCH.to), loader: "js" };
    });
  },
};

type VendorModule = { readonly code: string; readonly sha256: string; readonly imports: readonly string[] };

/** Writes `.generated/vendor.js` and its types. */
export async function buildVendor(): Promise<void> {
  const versions = await readVersions([...Object.keys(SPECIFIERS), ...COMPILERS]);
  assertListed(versions);
  const outputs = await bundle(versions);
  const modules = describeModules(outputs.files, outputs.imports);
  const entries = Object.fromEntries(
    listSpecifiers(versions).map((entry) => [entry.specifier, entry.moduleName]),
  );
  const hash = hashText(JSON.stringify({ entries, modules }));
  const vendor = { hash, versions, entries, modules };
  await mkdir(OUT_DIR, { recursive: true });
  const literal = JSON.stringify(JSON.stringify(vendor));
  await writeFile(join(OUT_DIR, "vendor.js"), `export const vendor = JSON.parse(${literal});\n`);
  await writeFile(join(OUT_DIR, "vendor.d.ts"), VENDOR_TYPES);
}

/** Capsules name what the platform brings to them: the list that they are told must be the truth. */
function assertListed(versions: Readonly<Record<string, string>>): void {
  const installed = Object.keys(SPECIFIERS).map((name) => `${name}@${versions[name]}`);
  const listed = PROVIDED_PACKAGES.map(({ name, version }) => `${name}@${version}`);
  const wrong = installed.filter((entry) => !listed.includes(entry));
  if (wrong.length > 0 || listed.length !== installed.length)
    throw new Error(`core/capsule/sbom/provided-packages.ts is not what is installed: ${wrong.join(", ")}`);
}

const VENDOR_TYPES = `export declare const vendor: {
  readonly hash: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly entries: Readonly<Record<string, string>>;
  readonly modules: Readonly<
    Record<string, { readonly code: string; readonly sha256: string; readonly imports: readonly string[] }>
  >;
};
`;

type Bundle = {
  readonly files: readonly OutputFile[];
  readonly imports: ReadonlyMap<string, readonly string[]>;
};

async function bundle(versions: Readonly<Record<string, string>>): Promise<Bundle> {
  const entryPoints = Object.fromEntries(
    listSpecifiers(versions).map(({ specifier, moduleName }) => [
      moduleName.slice("vendor/".length, -".js".length),
      specifier,
    ]),
  );
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: VIRTUAL_DIR,
    chunkNames: "chunks/[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker"],
    target: "es2022",
    minify: true,
    legalComments: "none",
    external: EXTERNAL,
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [patchCompress],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const imports = new Map<string, readonly string[]>();
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    const internal = output.imports.filter((item) => item.external !== true).map((item) => item.path);
    imports.set(path, [...new Set(internal)].sort());
  }
  return { files: result.outputFiles, imports };
}

function describeModules(
  files: readonly OutputFile[],
  imports: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, VendorModule>> {
  const modules: Record<string, VendorModule> = {};
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of sorted) {
    const name = file.path.slice(ROOT.length + 1);
    const imported = imports.get(name) ?? [];
    const code = nameAbsolutely(file.text, name, imported);
    modules[name] = { code, sha256: hashText(code), imports: imported };
  }
  return modules;
}

/** A leading slash names a module from the top, whoever imports it; esbuild writes relative names, in double quotes. */
function nameAbsolutely(code: string, importer: string, imported: readonly string[]): string {
  let named = code;
  for (const name of imported)
    named = named.replaceAll(`"${relativeName(importer, name)}"`, JSON.stringify(`/${name}`));
  return named;
}

function relativeName(importer: string, name: string): string {
  const from = importer.split("/").slice(0, -1);
  const to = name.split("/");
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = from.length - shared;
  const prefix = up === 0 ? "./" : "../".repeat(up);
  return `${prefix}${to.slice(shared).join("/")}`;
}

function listSpecifiers(
  versions: Readonly<Record<string, string>>,
): { specifier: string; moduleName: string }[] {
  return Object.entries(SPECIFIERS).flatMap(([name, subpaths]) =>
    subpaths.map((subpath) => ({
      specifier: subpath === "" ? name : `${name}/${subpath}`,
      moduleName: `vendor/${name}@${versions[name]}/${subpath === "" ? "index" : subpath}.js`,
    })),
  );
}

function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function readVersions(names: readonly string[]): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const name of names) {
    const text = await readFile(join(ROOT, "node_modules", name, "package.json"), "utf8");
    const version: unknown = (JSON.parse(text) as Record<string, unknown>).version;
    if (typeof version !== "string") throw new Error(`${name} has no version in its package.json`);
    versions[name] = version;
  }
  return versions;
}

if (import.meta.main) await buildVendor();
