// Opens a `.caps` into a folder: verified while it is written beside the target, and moved there only when it passed.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { CliError, messageOf, systemCodeOf } from "../output/cli-error.ts";
import { pathBeside } from "../output/whole-file.ts";
import { AUTHORED_MANIFEST } from "../pack/read-manifest.ts";
import { readFileChunks } from "../push/read-capsule-file.ts";

export type UnpackOptions = {
  readonly file: string;
  /** Must not exist, or be empty. */
  readonly target: string;
  /** Null checks everything but the signatures. */
  readonly trust: TrustRecord | null;
  /** Whether the manifest and the carried documents are written too, so that the folder packs to the same again. */
  readonly withManifest: boolean;
  readonly signal: AbortSignal;
};

export type Unpacked = { readonly report: VerificationReport; readonly manifest: Manifest | null };

const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

/** When the report's verdict is not `pass`, nothing was left on the disk. */
export async function unpackCapsule(options: UnpackOptions): Promise<Unpacked> {
  await assertEmptyTarget(options.target);
  const temporary = pathBeside(options.target);
  try {
    await mkdir(dirname(options.target), { recursive: true });
    await mkdir(temporary);
    const unpacked = await verifyInto(temporary, options);
    if (unpacked.report.verdict === "pass") await moveInto(temporary, options.target);
    return unpacked;
  } catch (error) {
    if (error instanceof CliError || options.signal.aborted) throw error;
    throw new CliError(`${options.target} cannot be written: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function assertEmptyTarget(target: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(target);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return;
    throw new CliError(`${target} cannot be used: ${messageOf(error)}`, {
      hint: "Name another folder with --out.",
      cause: error,
    });
  }
  if (names.length > 0)
    throw new CliError(`${target} is not empty.`, {
      hint: "Name another folder with --out, or empty this one.",
    });
}

async function verifyInto(folder: string, options: UnpackOptions): Promise<Unpacked> {
  const documents = new Map<string, Uint8Array>();
  const folders = new Set<string>([folder]);
  let manifest: Manifest | null = null;
  const report = await verifyContainer(readFileChunks(options.file), {
    trust: options.trust,
    hashing: nodeHashing,
    policy: { requires: options.trust === null ? [] : ["builder"] },
    onManifest(read) {
      manifest = read;
    },
    onAttestation({ path }, bytes) {
      if (options.withManifest) documents.set(path, bytes);
    },
    async onFile(file, content) {
      options.signal.throwIfAborted();
      await writeEntry(placeIn(folder, file.path, folders), file, content);
    },
  });
  const read = manifest as Manifest | null;
  if (report.verdict === "pass" && read !== null && options.withManifest)
    writeManifest(folder, read, documents, folders);
  return { report, manifest: read };
}

/** The path rules make every path safe (CAPSULE.md C5); this would hold even if they did not. */
function placeIn(folder: string, path: string, folders: Set<string>): string {
  const place = resolve(folder, ...path.split("/"));
  if (!place.startsWith(folder + sep)) throw new CliError(`${path} leads out of the folder.`);
  const parent = dirname(place);
  if (!folders.has(parent)) {
    mkdirSync(parent, { recursive: true });
    folders.add(parent);
  }
  return place;
}

async function writeEntry(
  place: string,
  file: ManifestFile,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const descriptor = openSync(place, "wx", file.mode === "executable" ? EXECUTABLE_MODE : FILE_MODE);
  try {
    for await (const chunk of content) writeWhole(descriptor, chunk);
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(descriptor: number, chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length; )
    offset += writeSync(descriptor, chunk, offset, chunk.length - offset);
}

/** In the authored form, which has no `files` and no `parents`. A file of the capsule with the same path wins. */
function writeManifest(
  folder: string,
  manifest: Manifest,
  documents: ReadonlyMap<string, Uint8Array>,
  folders: Set<string>,
): void {
  const paths = new Set(manifest.files.map(({ path }) => path));
  const { files: _files, parents: _parents, ...authored } = manifest;
  if (!paths.has(AUTHORED_MANIFEST))
    writeFileSync(join(folder, AUTHORED_MANIFEST), `${JSON.stringify(authored, null, 2)}\n`, { flag: "wx" });
  for (const [path, bytes] of documents)
    if (!paths.has(path)) writeFileSync(placeIn(folder, path, folders), bytes, { flag: "wx" });
}

async function moveInto(temporary: string, target: string): Promise<void> {
  try {
    // Windows renames no folder onto another, not even onto an empty one.
    await rmdir(target);
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT") throw error;
  }
  await rename(temporary, target);
}
