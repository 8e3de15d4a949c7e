// How much script the Studio needs before it shows something: what the page names, and what that imports at once. A view
// is a chunk of its own, so that each deep link is weighed with the view that it opens.
import { readFile, writeFile } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { init, parse } from "es-module-lexer";

/** Issue 6, "Budget in the build", in bytes after gzip. */
export const STUDIO_BUDGET_BYTES = 200 * 1_024;

/** A script that the page itself names: an island's code and its renderer, a script tag, a preload. */
const NAMED_SCRIPT = /(?:component-url|renderer-url|before-hydration-url|src|href)="(\/[^"]+\.js)"/g;
const MAX_CHUNKS = 2_000;

export type StudioSize = {
  /** Of the frame alone. */
  readonly frameBytes: number;
  /** Of the frame and the view that needs the most. */
  readonly largestBytes: number;
  /** That view's file. */
  readonly largestView: string;
};

type Chunk = {
  readonly gzBytes: number;
  readonly static: readonly string[];
  readonly dynamic: readonly string[];
};

/** Weighs the Studio in a folder of built assets. Throws when the page or a chunk is not there. */
export async function weighStudio(clientFolder: string): Promise<StudioSize> {
  const chunks = new Map<string, Chunk>();
  const frame = await findFrame(clientFolder, chunks);
  const views = new Set([...frame].flatMap((path) => chunks.get(path)?.dynamic ?? []));
  const frameBytes = weigh(chunks, frame);
  let [largestBytes, largestView] = [frameBytes, "the frame"];
  for (const view of views) {
    const bytes = weigh(chunks, await followStatic(clientFolder, chunks, [...frame, view]));
    if (bytes > largestBytes) [largestBytes, largestView] = [bytes, basename(view)];
  }
  return { frameBytes, largestBytes, largestView };
}

/**
 * Names every script of the frame in the page's head, so that the browser asks for all of them at once instead of finding
 * one in the other.
 */
export async function preloadStudio(clientFolder: string): Promise<void> {
  const page = join(clientFolder, "studio", "index.html");
  const html = await readFile(page, "utf8");
  const modules = [...(await findFrame(clientFolder, new Map()))].filter(
    (path) => !html.includes(`src="${path}"`),
  );
  const links = modules.toSorted().map((path) => `<link rel="modulepreload" href="${path}">`);
  await writeFile(page, html.replace("</head>", `${links.join("")}</head>`));
}

/** Throws, naming the view, when the first load is above the budget. */
export async function requireStudioBudget(clientFolder: string): Promise<void> {
  const size = await weighStudio(clientFolder);
  if (size.largestBytes > STUDIO_BUDGET_BYTES)
    throw new Error(`${describeStudioSize(size)} That is too much.`);
}

export function describeStudioSize({ frameBytes, largestBytes, largestView }: StudioSize): string {
  return `The Studio's first load: ${toKb(frameBytes)} KB of script (gzip), ${toKb(largestBytes)} KB with its largest view (${largestView}); ${toKb(STUDIO_BUDGET_BYTES)} KB are allowed.`;
}

function toKb(bytes: number): string {
  return (bytes / 1_024).toFixed(1);
}

async function findFrame(clientFolder: string, chunks: Map<string, Chunk>): Promise<ReadonlySet<string>> {
  await init;
  const html = await readFile(join(clientFolder, "studio", "index.html"), "utf8");
  const named = [...html.matchAll(NAMED_SCRIPT)].map(([, path = ""]) => path);
  if (named.length === 0) throw new Error("the Studio's page names no script");
  return await followStatic(clientFolder, chunks, named);
}

/** These chunks and all that they import at once. */
async function followStatic(
  folder: string,
  chunks: Map<string, Chunk>,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const waiting = [...paths];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    if (found.size > MAX_CHUNKS) throw new Error("the Studio has more chunks than anybody can mean");
    found.add(path);
    const chunk = chunks.get(path) ?? (await readChunk(folder, path));
    chunks.set(path, chunk);
    waiting.push(...chunk.static);
  }
  return found;
}

async function readChunk(folder: string, path: string): Promise<Chunk> {
  const bytes = await readFile(join(folder, path));
  const [imports] = parse(bytes.toString("utf8"), path);
  const targets = (isDynamic: boolean): string[] =>
    imports.flatMap(({ type, specifier }) =>
      (type === "dynamic") === isDynamic && typeof specifier === "string" && specifier.startsWith(".")
        ? [posix.join(posix.dirname(path), specifier)]
        : [],
    );
  return { gzBytes: gzipSync(bytes).byteLength, static: targets(false), dynamic: targets(true) };
}

function weigh(chunks: ReadonlyMap<string, Chunk>, paths: ReadonlySet<string>): number {
  return [...paths].reduce((sum, path) => sum + (chunks.get(path)?.gzBytes ?? 0), 0);
}
