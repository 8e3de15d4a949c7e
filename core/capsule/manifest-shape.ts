// A manifest's shape, as its schema has it. A capsule has thousands of lines of files and little else: these are looked at
// by hand, and whatever is not plainly right goes to the schema, which says what is wrong.
import {
  type Manifest,
  type ManifestFile,
  manifestFileSchema,
  manifestSchema,
} from "../../schemas/manifest.ts";

const KEYS = Object.keys(manifestFileSchema.shape);
const SHA256_HEX = /^[0-9a-f]{64}$/;
const MAX_PATH_LENGTH = 1_024;

/** Exactly what `manifestSchema.safeParse` gives; a property test holds the two together. */
export function parseManifestShape(value: unknown): ReturnType<typeof manifestSchema.safeParse> {
  const files = readPlainFiles(value);
  if (files === null) return manifestSchema.safeParse(value);
  const shaped = manifestSchema.safeParse({ ...Object(value), files: [] });
  return shaped.success ? { ...shaped, data: withFiles(shaped.data, files) } : shaped;
}

function withFiles(manifest: Manifest, files: ManifestFile[]): Manifest {
  return { ...manifest, files };
}

/** The lines as the schema would give them; null when one is not written as packing writes it. */
function readPlainFiles(value: unknown): ManifestFile[] | null {
  const lines: unknown = Object(value).files;
  if (!Array.isArray(lines)) return null;
  const files: ManifestFile[] = [];
  for (const line of lines) {
    if (typeof line !== "object" || line === null || !isPlainFile(line)) return null;
    const { mode, path, sha256, sizeBytes } = line;
    files.push({ mode, path, sha256, sizeBytes });
  }
  return files;
}

function isPlainFile(line: object): line is ManifestFile {
  const keys = Object.keys(line);
  if (keys.length !== KEYS.length) return false;
  // In the order of JCS, in which every stored manifest is written.
  for (let index = 0; index < KEYS.length; index++) if (keys[index] !== KEYS[index]) return false;
  const { mode, path, sha256, sizeBytes } = line as Record<keyof ManifestFile, unknown>;
  return (
    (mode === "file" || mode === "executable") &&
    typeof path === "string" &&
    path.length > 0 &&
    path.length <= MAX_PATH_LENGTH &&
    typeof sha256 === "string" &&
    SHA256_HEX.test(sha256) &&
    Number.isSafeInteger(sizeBytes) &&
    (sizeBytes as number) >= 0
  );
}
