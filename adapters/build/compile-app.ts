// From a capsule's files to what runs (ARCHITECTURE.md, Words: artifact), inside the Worker: no bundle, one module a
// file, only what the entry reaches. The same capsule gives the same artifact everywhere.
import { toHex } from "../../core/capsule/bytes.ts";
import { computeArtifactDigest } from "../../core/deploy/artifact.ts";
import { checkRunnable, neededSecrets } from "../../core/deploy/runnable.ts";
import type { Hashing } from "../../core/hashing.ts";
import type { Artifact, ArtifactModule, Configuration, ModulePack } from "../../schemas/artifact.ts";
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { BuildFailure } from "./build-failure.ts";
import { collectAssets } from "./collect-assets.ts";
import { compileModule, isSourceFile, prepareCompiler } from "./compile-module.ts";
import { chooseJsxImportSource } from "./jsx-import-source.ts";
import { extensionOf, type ResolveContext } from "./resolve-import.ts";
import { loadVendor, reachVendorModules, type Vendor } from "./vendor.ts";

const MAX_MODULES = 2_000;
const MAX_SOURCE_BYTES = 2 * 1024 * 1024;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Reads at once: what a request may hold open in production. */
const MAX_READS = 6;
const MAX_FAILURES = 100;

const TEXT_EXTENSIONS = new Set([".txt", ".html", ".md", ".css", ".sql", ".svg"]);

/** Changes when this compiler's output does. */
const COMPILER_REVISION = 1;

export type CompileInput = {
  readonly manifest: Manifest;
  /** The bytes of one of the manifest's files. */
  readonly readFile: (sha256: string) => Promise<Uint8Array>;
  readonly hashing: Hashing;
};

export type CompiledApp = {
  readonly artifact: Artifact;
  readonly artifactDigest: string;
  readonly modulePack: ModulePack;
  readonly configuration: Configuration;
  readonly warnings: readonly string[];
};

/**
 * Compiles a capsule whose files are at hand.
 * Fails with every fault found (at most 100), each at its file, line and column where it has one.
 */
export async function compileApp(input: CompileInput): Promise<Result<CompiledApp, readonly BuildFailure[]>> {
  const { manifest, hashing } = input;
  const runnable = checkRunnable(manifest);
  if (!runnable.ok) return fail([{ code: "not-runnable", message: runnable.reason.message }]);
  const isStatic = runnable.value.runner === "static";
  const collected = collectAssets(manifest, isStatic);
  const compiled = isStatic ? ok(NO_CODE) : await compileModules(input);
  if (!compiled.ok) return compiled;
  const { toolchain, modules, contents } = compiled.value;
  const artifact: Artifact = {
    toolchain,
    runtime: manifest.app.runtime,
    entry: isStatic ? null : manifest.app.entry,
    modules: [...modules],
    assets: [...collected.assets],
  };
  return ok({
    artifact,
    artifactDigest: await computeArtifactDigest(artifact, hashing),
    modulePack: { modules: [...contents] },
    configuration: configurationOf(manifest),
    warnings: [...runnable.value.warnings, ...collected.warnings, ...compiled.value.warnings],
  });
}

type CompiledModules = {
  readonly toolchain: string;
  readonly modules: readonly ArtifactModule[];
  readonly contents: ModulePack["modules"];
  readonly warnings: readonly string[];
};

const NO_CODE: CompiledModules = { toolchain: "oursynth-static@1", modules: [], contents: [], warnings: [] };

/** What a capsule is run with, apart from its code. */
function configurationOf(manifest: Manifest): Configuration {
  return {
    env: manifest.app.env,
    secrets: [...neededSecrets(manifest.app)].sort(),
    htmlHandling: manifest.app.assets?.htmlHandling ?? "auto-trailing-slash",
    notFoundHandling: manifest.app.assets?.notFoundHandling ?? "none",
    health: manifest.app.health,
  };
}

async function compileModules(
  input: CompileInput,
): Promise<Result<CompiledModules, readonly BuildFailure[]>> {
  const [vendor] = await Promise.all([loadVendor(), prepareCompiler()]);
  const graph = await walkImports(input, vendor);
  const contents = [...graph.contents, ...takeVendorModules(vendor, graph.vendorNames)];
  const failures = [...graph.failures, ...checkOutput(contents)];
  if (failures.length > 0) return fail(failures.sort(byPlace).slice(0, MAX_FAILURES));
  contents.sort((a, b) => (a.name < b.name ? -1 : 1));
  const modules = await Promise.all(contents.map((module) => describeModule(module, vendor, input.hashing)));
  return ok({ toolchain: nameToolchain(vendor), modules, contents, warnings: graph.warnings.sort() });
}

type Graph = {
  readonly contents: ModulePack["modules"];
  readonly vendorNames: Set<string>;
  readonly failures: BuildFailure[];
  readonly warnings: string[];
};

/** Follows the imports from the entry, several reads at once; the order of arrival leaves no trace in the result. */
async function walkImports(input: CompileInput, vendor: Vendor): Promise<Graph> {
  const { entry } = input.manifest.app;
  if (entry === null) throw new Error("checkRunnable lets no worker through that has no entry");
  const files = new Map(input.manifest.files.map((file) => [file.path, file]));
  const context: ResolveContext = {
    files: new Set(files.keys()),
    vendor,
    hasNodeCompat: input.manifest.app.runtime.compatibilityFlags.includes("nodejs_compat"),
  };
  const read = limitConcurrency(MAX_READS, (file: ManifestFile) => readText(input, file));
  const jsxImportSource = await chooseJsxImportSource(files, read);
  const graph: Graph = { contents: [], vendorNames: new Set(), failures: [], warnings: [] };
  const seen = new Set<string>();

  async function visit(path: string): Promise<void> {
    if (seen.has(path) || seen.size > MAX_MODULES) return;
    seen.add(path);
    const file = files.get(path);
    if (file === undefined) throw new Error(`the resolver named ${path}, which the capsule does not hold`);
    const refusal = refuseFile(file);
    if (refusal !== null) {
      graph.failures.push(refusal);
      return;
    }
    const text = await read(file);
    if (!isSourceFile(path)) {
      if (path === entry) graph.failures.push(entryWithoutHandler(path));
      addDataModule(graph, path, text);
      return;
    }
    const compiled = compileModule(path, text, jsxImportSource, context);
    if (!compiled.ok) {
      graph.failures.push(compiled.reason);
      return;
    }
    graph.failures.push(...compiled.value.failures);
    if (path === entry && !compiled.value.hasDefaultExport) graph.failures.push(entryWithoutHandler(path));
    graph.contents.push({ name: path, type: "js", content: compiled.value.code });
    graph.warnings.push(...compiled.value.warnings);
    const next: Promise<void>[] = [];
    for (const item of compiled.value.imports) {
      if (item.kind === "vendor") graph.vendorNames.add(item.moduleName);
      if (item.kind === "file") next.push(visit(item.path));
    }
    await Promise.all(next);
  }

  await visit(entry);
  if (seen.size > MAX_MODULES) graph.failures.push(tooManyModules());
  return graph;
}

/** Without one the runtime would hand a visit on to the network, which is closed. */
function entryWithoutHandler(path: string): BuildFailure {
  const message = "app.entry has no default export; export a Hono app, or an object with a fetch method";
  return { code: "entry-without-handler", message, path };
}

function refuseFile(file: ManifestFile): BuildFailure | null {
  const { path, sizeBytes } = file;
  const extension = extensionOf(path);
  if (!isSourceFile(path) && extension !== ".json" && !TEXT_EXTENSIONS.has(extension)) {
    const message =
      `a ${extension || "file without an extension"} cannot be imported; ` +
      "code, .json and text (.txt .html .md .css .sql .svg) can. Serve other files from app.assets.directory";
    return { code: "file-type-not-importable", message, path };
  }
  if (sizeBytes <= MAX_SOURCE_BYTES) return null;
  const message = `the file has ${sizeBytes} bytes; an imported file has at most ${MAX_SOURCE_BYTES} (2 MiB)`;
  return { code: "file-too-large", message, path };
}

function addDataModule(graph: Graph, path: string, text: string): void {
  if (extensionOf(path) !== ".json") {
    graph.contents.push({ name: path, type: "text", content: text });
    return;
  }
  try {
    JSON.parse(text);
    graph.contents.push({ name: path, type: "json", content: text });
  } catch (error) {
    const message = error instanceof Error ? error.message : "not JSON";
    graph.failures.push({ code: "syntax", message, path });
  }
}

function tooManyModules(): BuildFailure {
  return {
    code: "too-many-modules",
    message: `the entry reaches more than ${MAX_MODULES} modules; bundle the app before packing it`,
  };
}

async function readText(input: CompileInput, file: ManifestFile): Promise<string> {
  return new TextDecoder().decode(await input.readFile(file.sha256));
}

function takeVendorModules(vendor: Vendor, names: ReadonlySet<string>): ModulePack["modules"] {
  return reachVendorModules(vendor, names).map((name) => {
    const module = vendor.modules[name];
    if (module === undefined) throw new Error(`the vendor table lacks ${name}`);
    return { name, type: "js" as const, content: module.code };
  });
}

function checkOutput(contents: ModulePack["modules"]): readonly BuildFailure[] {
  const failures: BuildFailure[] = [];
  const names = new Set<string>();
  for (const { name } of contents) {
    if (names.has(name)) {
      const message = "the platform provides a module of this name; rename the file";
      failures.push({ code: "import-ambiguous", message, path: name });
    }
    names.add(name);
  }
  const outputBytes = contents.reduce((sum, module) => sum + module.content.length, 0);
  if (outputBytes > MAX_OUTPUT_BYTES) {
    const message = `the compiled app has ${outputBytes} bytes; at most ${MAX_OUTPUT_BYTES} (16 MiB) are allowed`;
    failures.push({ code: "output-too-large", message });
  }
  return failures;
}

async function describeModule(
  module: ModulePack["modules"][number],
  vendor: Vendor,
  hashing: Hashing,
): Promise<ArtifactModule> {
  const { name, type, content } = module;
  // Compared with the content, not the name: a capsule may hold a file of that name and other bytes.
  const provided = vendor.modules[name];
  const known = provided?.code === content ? provided.sha256 : undefined;
  return { name, type, sha256: known ?? toHex(await hashing.sha256(new TextEncoder().encode(content))) };
}

function nameToolchain(vendor: Vendor): string {
  const { sucrase, "es-module-lexer": lexer } = vendor.versions;
  return (
    `oursynth-compile@${COMPILER_REVISION} sucrase@${sucrase} es-module-lexer@${lexer} ` +
    `vendor@${vendor.hash.slice(0, 16)}`
  );
}

function byPlace(a: BuildFailure, b: BuildFailure): number {
  const [pathA, pathB] = [a.path ?? "", b.path ?? ""];
  if (pathA !== pathB) return pathA < pathB ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** The same function, of which at most `limit` calls run at once; the others wait in turn. */
function limitConcurrency<Input, Output>(
  limit: number,
  run: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (input) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await run(input);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
