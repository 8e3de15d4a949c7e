// Capsules that come from one another, for tests: a tree in memory, its blobs, and its manifest.
import type { AuthoredManifestInput, Manifest } from "../../schemas/manifest.ts";
import { checkAuthoredManifest, completeManifest } from "./authored-manifest.ts";
import { describeFile } from "./capsule-files.ts";
import { webHashing } from "./web-hashing.ts";

export type FixtureEntry = { readonly bytes: Uint8Array; readonly isExecutable: boolean };
export type FixtureTree = Readonly<Record<string, string | FixtureEntry>>;

const encoder = new TextEncoder();
const CREATED_AT = 1_723_510_000_000;

/** Remembers the bytes of every capsule it makes. */
export class CapsuleShelf {
  readonly blobs = new Map<string, Uint8Array>();
  readonly readFile = (sha256: string): Uint8Array | null => this.blobs.get(sha256) ?? null;

  async make(tree: FixtureTree, authored: AuthoredManifestInput = {}): Promise<Manifest> {
    const files: Manifest["files"] = [];
    for (const [path, entry] of Object.entries(tree)) {
      const { bytes, isExecutable } =
        typeof entry === "string" ? { bytes: encoder.encode(entry), isExecutable: false } : entry;
      const mode = isExecutable ? "executable" : "file";
      const { file } = await describeFile(path, mode, bytes, webHashing);
      this.blobs.set(file.sha256, bytes);
      files.push(file);
    }
    // Without an id of its own a capsule is named after its name.
    const id = `urn:oursynth:app:shelf@${authored.version ?? "1.0.0"}`;
    const checked = checkAuthoredManifest({ id, ...authored });
    if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
    const completed = completeManifest(checked.value, { files, folderName: "shelf", createdAt: CREATED_AT });
    if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
    return completed.value;
  }

  /** The text of a file, or null. */
  textOf(manifest: Pick<Manifest, "files">, path: string): string | null {
    const file = manifest.files.find((candidate) => candidate.path === path);
    const bytes = file === undefined ? undefined : this.blobs.get(file.sha256);
    return bytes === undefined
      ? null
      : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  }

  /** Takes in what a merge or an applied diff has made. */
  keep(made: ReadonlyMap<string, Uint8Array>): void {
    for (const [sha256, bytes] of made) this.blobs.set(sha256, bytes);
  }
}
