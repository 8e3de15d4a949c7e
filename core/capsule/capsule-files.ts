// From a file on a disk or in a request to its line in the manifest (CAPSULE.md C4), and what is never packed (C9).
import type { ManifestFile } from "../../schemas/manifest.ts";
import type { Hashing } from "../hashing.ts";
import { toHex } from "./bytes.ts";
import { comparePaths } from "./path.ts";

/** A file's bytes: at hand, or as a stream. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

export type DescribedFile = { readonly file: ManifestFile; readonly crc32: number };

const NEVER_PACKED_NAMES: ReadonlySet<string> = new Set([".git", "node_modules", ".wrangler", ".DS_Store"]);
const NEVER_PACKED_ENDINGS: readonly string[] = [".caps", ".capsule.json", ".capsim"];
/** The authored manifest, at the root of what is packed. */
const AUTHORED_MANIFEST = "capsule.json";

/** Reads the content once and gives the manifest's line for it, and the CRC-32 that a container needs. */
export async function describeFile(
  path: string,
  mode: ManifestFile["mode"],
  content: FileContent,
  hashing: Hashing,
): Promise<DescribedFile> {
  if (content instanceof Uint8Array) {
    const sha256 = hashing.sha256HexSync?.(content) ?? toHex(await hashing.sha256(content));
    const file = { mode, path, sha256, sizeBytes: content.length };
    return { file, crc32: hashing.crc32(content, 0) };
  }
  const hash = hashing.createSha256();
  let sizeBytes = 0;
  let crc32 = 0;
  for await (const chunk of content) {
    await hash.update(chunk);
    crc32 = hashing.crc32(chunk, crc32);
    sizeBytes += chunk.length;
  }
  return { file: { mode, path, sha256: toHex(await hash.finish()), sizeBytes }, crc32 };
}

/** Whether a path is never packed, whatever an ignore file says (CAPSULE.md C9). */
export function isNeverPacked(path: string): boolean {
  if (path === AUTHORED_MANIFEST) return true;
  const segments = path.split("/");
  if (segments.some((segment) => NEVER_PACKED_NAMES.has(segment))) return true;
  return NEVER_PACKED_ENDINGS.some((ending) => path.endsWith(ending));
}

/** The lines in the order of the manifest: by the UTF-8 bytes of the path (CAPSULE.md C4). */
export function sortFiles(files: readonly ManifestFile[]): ManifestFile[] {
  return [...files].sort((a, b) => comparePaths(a.path, b.path));
}
