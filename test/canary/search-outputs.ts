// Looks for planted secrets in everything that a run of the platform left behind: files as they lie, rows of every
// SQLite database, and whatever text it is given.
import { type FileHandle, open, readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemCodeOf } from "../../cli/output/cli-error.ts";
import { type Canary, NeedleSearch } from "./needles.ts";

/** The platform that had it open may be a moment behind its own end. */
const LOCK_WAIT_MS = 15_000;

export type Find = { readonly canary: string; readonly place: string };

export type Outputs = {
  readonly folders: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  /** Files, by name, in which a secret is kept on purpose. */
  readonly keptIn: ReadonlySet<string>;
};

const CHUNK_BYTES = 4 * 1_048_576;

/** Every place where a canary was found. */
export async function searchOutputs(canaries: readonly Canary[], outputs: Outputs): Promise<Find[]> {
  const search = new NeedleSearch(canaries);
  const finds: Find[] = [];
  const note = (place: string, found: Iterable<string>): void => {
    for (const canary of found) finds.push({ canary, place });
  };
  for (const [place, text] of Object.entries(outputs.texts)) note(place, search.find(Buffer.from(text)));
  for (const folder of outputs.folders) {
    const paths = (await listFiles(folder)).filter((path) => !outputs.keptIn.has(basename(path)));
    for (const path of paths) note(relative(folder, path), await searchFile(search, path));
    // After all files: opening a database changes those that lie beside it.
    for (const path of paths.filter((candidate) => candidate.endsWith(".sqlite")))
      for (const { place, bytes } of readRows(path)) note(place, search.find(bytes));
  }
  return finds;
}

export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Null when it is gone: a database's log goes when the last that had it open closes it, a half-written file when it is moved. */
export async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function searchFile(search: NeedleSearch, path: string): Promise<Set<string>> {
  const found = new Set<string>();
  await using file = await openIfThere(path);
  if (file === null) return found;
  let rest = Buffer.alloc(0);
  for await (const chunk of file.createReadStream({ highWaterMark: CHUNK_BYTES })) {
    const bytes = Buffer.concat([rest, chunk]);
    for (const name of search.find(bytes)) found.add(name);
    rest = bytes.subarray(Math.max(0, bytes.length - search.maxBytes));
  }
  return found;
}

/** A long row lies in several places of its file; here it is whole. */
function* readRows(path: string): Generator<{ readonly place: string; readonly bytes: Buffer }> {
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    for (const { name } of tables) {
      const rows = database.prepare(`SELECT * FROM "${String(name)}"`);
      rows.setReadBigInts(true);
      for (const row of rows.iterate()) {
        const parts = Object.values(row).map((value) =>
          value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
        );
        yield { place: `${basename(path)}, table ${String(name)}`, bytes: Buffer.concat(parts) };
      }
    }
  } finally {
    database.close();
  }
}
