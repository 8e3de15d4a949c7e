// The bill of materials of a folder that is being packed (CAPSULE.md B1): its lockfile, and the provided packages that
// its code imports, seen while the files are read anyway.
import { readFile } from "node:fs/promises";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { toHex } from "../../core/capsule/bytes.ts";
import { type AttachedSbom, attachSbom, findSbom } from "../../core/capsule/sbom/attach-sbom.ts";
import { findLockfile } from "../../core/capsule/sbom/lockfile.ts";
import { findProvidedImports } from "../../core/capsule/sbom/provided-packages.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { CliError } from "../output/cli-error.ts";
import type { FoundFile } from "./walk-folder.ts";

export type PackedSbom = {
  readonly attached: AttachedSbom | null;
  /** Why there is none although there is a lockfile, as a sentence; null when nothing is amiss. */
  readonly problem: string | null;
};

const SOURCE_ENDING = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const decoder = new TextDecoder();

/** Notes which provided packages the code imports, file by file. */
export class ImportWatch {
  readonly #names = new Set<string>();

  see(path: string, bytes: Uint8Array): void {
    if (!SOURCE_ENDING.test(path)) return;
    for (const name of findProvidedImports(decoder.decode(bytes))) this.#names.add(name);
  }

  get names(): readonly string[] {
    return [...this.#names].sort();
  }
}

/** @param manifest without the document; one that its author brought is left as it is, and none is made */
export async function packSbom(
  manifest: Manifest,
  found: readonly FoundFile[],
  provided: readonly string[],
): Promise<PackedSbom> {
  if (findSbom(manifest) !== null) return { attached: null, problem: null };
  const lockfile = await readLockfile(manifest, found);
  const attached = await attachSbom(manifest, { lockfile, provided }, nodeHashing);
  if (attached.ok) return { attached: attached.value, problem: null };
  return { attached: null, problem: `${lockfile?.file.path} ${attached.reason.message}` };
}

async function readLockfile(manifest: Manifest, found: readonly FoundFile[]) {
  const file = findLockfile(manifest);
  const place = found.find(({ path }) => path === file?.path);
  if (file === null || place === undefined) return null;
  const bytes = await readFile(place.location);
  if (toHex(await nodeHashing.sha256(bytes)) !== file.sha256)
    throw new CliError(`${file.path} changed while it was packed.`, { hint: "Pack again." });
  return { file, bytes };
}
